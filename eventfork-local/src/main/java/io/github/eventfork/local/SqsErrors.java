package io.github.eventfork.local;

import java.util.Map;

/**
 * Errors of SQS by their shapes in the <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html">
 * API's model</a>, each with its code in the older protocol, which clients go by.
 */
final class SqsErrors {
    private static final String PREFIX = "AWS.SimpleQueueService.";

    /** Where code and shape differ. */
    private static final Map<String, String> CODES = Map.ofEntries(
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

    private SqsErrors() {}

    static SqsAnswer of(int status, String shape, String message) {
        return SqsAnswer.error(status, shape, CODES.getOrDefault(shape, shape), message);
    }

    /** The caller's mistake. */
    static SqsAnswer badRequest(String shape, String message) {
        return of(400, shape, message);
    }

    static SqsAnswer internal(String message) {
        return of(500, "InternalFailure", message);
    }
}
