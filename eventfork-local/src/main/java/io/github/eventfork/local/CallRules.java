package io.github.eventfork.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Refuses calls that SQS refuses for their form alone: what is missing, out of range, or wrong with a batch as a whole.
 * ElasticMQ takes some of them, and fails at others. Holds no state.
 */
final class CallRules implements SqsService {
    static final long MAX_VISIBILITY_SECONDS = 43_200;

    private static final int MAX_ENTRIES = 10;
    private static final Pattern ENTRY_ID = Pattern.compile("[A-Za-z0-9_-]{1,80}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,80}");
    private static final Pattern FIFO_NAME = Pattern.compile("[A-Za-z0-9_-]{1,75}\\.fifo");
    private static final List<String> QUEUE = List.of("QueueUrl");

    /** What a call must have; all others must have a queue. */
    private static final Map<String, List<String>> REQUIRED = Map.of(
            "ListQueues", List.of(),
            "CreateQueue", List.of("QueueName"),
            "GetQueueUrl", List.of("QueueName"),
            "StartMessageMoveTask", List.of("SourceArn"),
            "ListMessageMoveTasks", List.of("SourceArn"),
            "CancelMessageMoveTask", List.of("TaskHandle"),
            "DeleteMessage", List.of("QueueUrl", "ReceiptHandle"),
            "ChangeMessageVisibility", List.of("QueueUrl", "ReceiptHandle", "VisibilityTimeout"),
            "SendMessage", List.of("QueueUrl", "MessageBody"));

    private final SqsService next;

    CallRules(SqsService next) {
        this.next = next;
    }

    @Override
    public SqsAnswer answer(SqsCall call) throws IOException {
        Optional<SqsError> error = missing(call).or(() -> wrong(call));
        return error.isPresent() ? error.get().answer() : next.answer(call);
    }

    private static Optional<SqsError> missing(SqsCall call) {
        return REQUIRED.getOrDefault(call.action(), QUEUE).stream()
                .filter(name -> call.parameters().path(name).asText().isEmpty())
                .findFirst()
                .map(SqsError::missing);
    }

    private static Optional<SqsError> wrong(SqsCall call) {
        if (Batches.isBatch(call)) {
            return wrongBatch(call);
        }
        return switch (call.action()) {
            case "CreateQueue" -> wrongName(call.parameters());
            case "ReceiveMessage" -> wrongReceive(call.parameters());
            case "ChangeMessageVisibility" -> visibilityError(call.parameters());
            case "ListQueues", "ListDeadLetterSourceQueues" ->
                outside(call.parameters(), "MaxResults", 1, 1_000, "Must be between 1 and 1000, if provided.");
            default -> Optional.empty();
        };
    }

    private static Optional<SqsError> wrongName(ObjectNode parameters) {
        String name = parameters.path("QueueName").asText();
        if (parameters.path("Attributes").path("FifoQueue").asText().equals("true")) {
            return FIFO_NAME.matcher(name).matches()
                    ? Optional.empty()
                    : Optional.of(
                            SqsError.invalidValue(
                                    "The name of a FIFO queue can only include alphanumeric characters,"
                                            + " hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length."));
        }
        return NAME.matcher(name).matches()
                ? Optional.empty()
                : Optional.of(SqsError.invalidValue(
                        "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"));
    }

    private static Optional<SqsError> wrongReceive(ObjectNode parameters) {
        return outside(parameters, "MaxNumberOfMessages", 1, 10, "Must be between 1 and 10, if provided.")
                .or(() -> outside(parameters, "WaitTimeSeconds", 0, 20, "Must be >= 0 and <= 20, if provided."))
                .or(() -> outside(
                        parameters,
                        "VisibilityTimeout",
                        0,
                        MAX_VISIBILITY_SECONDS,
                        "Must be >= 0 and <= 43200, if provided."));
    }

    /** What is wrong with the timeout of a change of visibility, or of an entry of a batch of them, whatever its message. */
    static Optional<SqsError> visibilityError(ObjectNode parameters) {
        return parameters.path("VisibilityTimeout").asLong() < 0
                ? outside(parameters, "VisibilityTimeout", 0, MAX_VISIBILITY_SECONDS, "Must be >= 0 and <= 43200.")
                : outside(parameters, "VisibilityTimeout", 0, MAX_VISIBILITY_SECONDS, Receipts.BEYOND_LIMIT);
    }

    private static Optional<SqsError> outside(ObjectNode parameters, String name, long min, long max, String reason) {
        JsonNode value = parameters.path(name);
        return value.isNumber() && (value.asLong() < min || value.asLong() > max)
                ? Optional.of(SqsError.invalidValue(value.asLong(), name, reason))
                : Optional.empty();
    }

    private static Optional<SqsError> wrongBatch(SqsCall call) {
        List<ObjectNode> entries = Batches.entries(call);
        if (entries.isEmpty()) {
            return Optional.of(SqsError.badRequest(
                    "EmptyBatchRequest",
                    "There should be at least one " + call.action() + "RequestEntry in the request."));
        }
        if (entries.size() > MAX_ENTRIES) {
            return Optional.of(SqsError.badRequest(
                    "TooManyEntriesInBatchRequest",
                    "Maximum number of entries per request are " + MAX_ENTRIES + ". You have sent " + entries.size()
                            + "."));
        }
        Set<String> seen = new HashSet<>();
        for (ObjectNode entry : entries) {
            String id = Batches.id(entry);
            if (!ENTRY_ID.matcher(id).matches()) {
                return Optional.of(SqsError.badRequest(
                        "InvalidBatchEntryId",
                        "A batch entry id can only contain alphanumeric characters, hyphens and underscores."
                                + " It can be at most 80 letters long."));
            }
            if (!seen.add(id)) {
                return Optional.of(SqsError.badRequest("BatchEntryIdsNotDistinct", "Id " + id + " repeated."));
            }
        }
        return Optional.empty();
    }
}
