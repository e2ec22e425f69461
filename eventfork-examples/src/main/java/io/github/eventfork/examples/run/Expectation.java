package io.github.eventfork.examples.run;

import io.github.eventfork.filter.FilterPolicy;
import io.github.eventfork.testkit.SnsFilterPolicy;
import java.util.Map;

/** Tells, and counts, which of the published events a fork's filter policy lets in, without SNS. For one thread. */
public final class Expectation {

    private final SnsFilterPolicy policy;
    private long letIn;

    /** Expects what {@code policy} lets in. */
    public Expectation(FilterPolicy policy) {
        this.policy = SnsFilterPolicy.of(policy);
    }

    void published(Line.Event event) {
        if (letsIn(event.attributes(), event.message())) {
            letIn++;
        }
    }

    /** Whether a message with these attributes, all of type String, is let in. */
    public boolean letsIn(Map<String, String> attributes, String message) {
        SnsFilterPolicy.Attributes typed = SnsFilterPolicy.attributes();
        attributes.forEach((name, value) -> typed.with(name, "String", value));
        return policy.takes(typed.json(), message);
    }

    long letIn() {
        return letIn;
    }
}
