package io.github.eventfork.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;

/**
 * One call in the JSON protocol of SQS.
 *
 * @param action such as {@code ReceiveMessage}
 * @param parameters as they came; whoever changes them changes a copy
 * @param headers those of the request that SQS reads, such as the trace header, by their names in lower case
 */
record SqsCall(String action, ObjectNode parameters, Map<String, String> headers) {

    /** The header of a call that nobody on AWS would make: what it needs is none of the rights that calls needed. */
    static final String UNNOTED = "x-eventfork-local-unnoted";

    /** The name of the queue that is called, from the end of its URL; empty for calls without one. */
    Optional<String> queueName() {
        String url = parameters.path("QueueUrl").asText();
        return url.isEmpty() ? Optional.empty() : Optional.of(url.substring(url.lastIndexOf('/') + 1));
    }

    SqsCall with(ObjectNode changed) {
        return new SqsCall(action, changed, headers);
    }
}
