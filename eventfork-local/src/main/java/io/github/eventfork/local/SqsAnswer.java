package io.github.eventfork.local;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * What SQS answers to a call in the JSON protocol.
 *
 * @param body as it is sent; whoever changes it changes a copy
 * @param queryError the header {@code x-amzn-query-error} of an error: code of the older protocol, {@code ;}, whose fault
 */
record SqsAnswer(int status, ObjectNode body, Optional<String> queryError) {

    static SqsAnswer success(ObjectNode body) {
        return new SqsAnswer(200, body, Optional.empty());
    }

    /**
     * An error.
     *
     * @param shape of the API's model, such as {@code QueueDoesNotExist}
     * @param code of the older protocol, such as {@code AWS.SimpleQueueService.NonExistentQueue}
     */
    static SqsAnswer error(int status, String shape, String code, String message) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("__type", "com.amazonaws.sqs#" + shape).put("message", message);
        return new SqsAnswer(status, body, Optional.of(code + (status < 500 ? ";Sender" : ";Receiver")));
    }

    boolean succeeded() {
        return status == 200;
    }
}
