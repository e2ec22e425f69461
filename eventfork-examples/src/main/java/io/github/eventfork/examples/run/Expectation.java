package io.github.eventfork.examples.run;

import io.github.eventfork.FilterPolicy;
import io.github.eventfork.testkit.SnsFilterPolicy;
import java.util.Map;

/** Counts which of the published events one fork's filter policy lets in, without asking SNS. For one thread. */
final class Expectation {

    private final SnsFilterPolicy policy;
    private long letIn;

    Expectation(FilterPolicy policy) {
        this.policy = SnsFilterPolicy.of(policy);
    }

    void published(Line.Event event) {
        SnsFilterPolicy.Attributes attributes = SnsFilterPolicy.attributes();
        for (Map.Entry<String, String> attribute : Publisher.texts(event).entrySet()) {
            attributes.with(attribute.getKey(), "String", attribute.getValue());
        }
        if (policy.takes(attributes.json(), event.message())) {
            letIn++;
        }
    }

    long letIn() {
        return letIn;
    }
}
