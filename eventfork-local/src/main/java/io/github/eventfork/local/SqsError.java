package io.github.eventfork.local;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * What is wrong with a call, or with one entry of a batch.
 *
 * @param shape of the <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html">
 *     API's model</a>
 */
record SqsError(int status, String shape, String message) {
    private static final String PREFIX = "AWS.SimpleQueueService.";

    /** The codes of the older protocol, which clients go by, where they differ from the shapes. */
    private static final Map<String, String> CODES = Map.ofEntries(
            Map.entry("InvalidParameterValueException", "InvalidParameterValue"),
            Map.entry("MissingRequiredParameterException", "MissingParameter"),
            Map.entry("QueueDoesNotExist", PREFIX + "NonExistentQueue"),
            Map.entry("QueueNameExists", "QueueAlreadyExists"),
            Map.entry("QueueDeletedRecently", PREFIX + "QueueDeletedRecently"),
            Map.entry("EmptyBatchRequest", PREFIX + "EmptyBatchRequest"),
            Map.entry("TooManyEntriesInBatchRequest", PREFIX + "TooManyEntriesInBatchRequest"),
            Map.entry("BatchEntryIdsNotDistinct", PREFIX + "BatchEntryIdsNotDistinct"),
            Map.entry("InvalidBatchEntryId", PREFIX + "InvalidBatchEntryId"),
            Map.entry("BatchRequestTooLong", PREFIX + "BatchRequestTooLong"),
            Map.entry("MessageNotInflight", PREFIX + "MessageNotInflight"),
            Map.entry("PurgeQueueInProgress", PREFIX + "PurgeQueueInProgress"),
            Map.entry("UnsupportedOperation", PREFIX + "UnsupportedOperation"));

    /** The caller's mistake. */
    static SqsError badRequest(String shape, String message) {
        return new SqsError(400, shape, message);
    }

    static SqsError invalidValue(String message) {
        return badRequest("InvalidParameterValueException", message);
    }

    static SqsError invalidValue(Object value, String parameter, String reason) {
        return invalidValue("Value " + value + " for parameter " + parameter + " is invalid. Reason: " + reason);
    }

    static SqsError missing(String parameter) {
        return badRequest(
                "MissingRequiredParameterException", "The request must contain the parameter " + parameter + ".");
    }

    static SqsError internal(String message) {
        return new SqsError(500, "InternalFailure", message);
    }

    private String code() {
        return CODES.getOrDefault(shape, shape);
    }

    /** The answer to a whole call. */
    SqsAnswer answer() {
        return SqsAnswer.error(status, shape, code(), message);
    }

    /** The answer to one entry of a batch. */
    ObjectNode failed(String id) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("Id", id)
                .put("Code", code())
                .put("Message", message)
                .put("SenderFault", status < 500);
    }
}
