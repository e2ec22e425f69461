package io.github.eventfork.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Refuses messages that SQS refuses: too long in bytes, with characters that XML does not have, or with what its kind of
 * queue does not take. ElasticMQ counts characters, and knows no queue's own limit. Holds no state.
 */
final class MessageRules implements SqsService {
    /** The most that a batch may have in all, whatever the queue's own limit. */
    static final int MAX_BATCH_BYTES = 1_048_576;

    private static final int MAX_ATTRIBUTES = 10;
    private static final Pattern ILLEGAL =
            Pattern.compile("[^\\x09\\x0A\\x0D\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]");
    private static final Pattern TYPE = Pattern.compile("(Binary|Number|String)(\\..*)?");
    private static final Pattern FIFO_ID = Pattern.compile("[!-~]{1,128}");
    private static final String ILLEGAL_TEXT = "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD"
            + " | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF";

    private final SqsService next;
    private final QueueAttributes queues;

    MessageRules(SqsService next, QueueAttributes queues) {
        this.next = next;
        this.queues = queues;
    }

    @Override
    public SqsAnswer answer(SqsCall call) throws IOException {
        if (!Batches.single(call).equals("SendMessage")) {
            return next.answer(call);
        }
        if (Batches.isBatch(call)) {
            Optional<SqsError> error = wrongBatch(call);
            if (error.isPresent()) {
                return error.get().answer();
            }
        }
        boolean fifo = isFifo(call);
        int maxBytes = queues.maximumMessageSize(call);
        String tooLong = (Batches.isBatch(call)
                        ? "One or more parameters cannot be validated. Reason: "
                        : "One or more parameters are invalid. Reason: ")
                + "Message must be shorter than " + maxBytes + " bytes.";
        return Batches.checked(
                call,
                message -> bodyError(message)
                        .or(() -> bytes(message) > maxBytes
                                ? Optional.of(SqsError.invalidValue(tooLong))
                                : Optional.empty())
                        .or(() -> attributesError(message))
                        .or(() -> idError(message, "MessageGroupId"))
                        .or(() -> idError(message, "MessageDeduplicationId"))
                        .or(() -> kindError(message, fifo)),
                next,
                next);
    }

    static boolean isFifo(SqsCall call) {
        return call.queueName().filter(name -> name.endsWith(".fifo")).isPresent();
    }

    /** SQS refuses a batch whole for what one of its entries lacks on a FIFO queue, with the code of a wrong value. */
    private Optional<SqsError> wrongBatch(SqsCall call) throws IOException {
        long sum = Batches.entries(call).stream().mapToLong(MessageRules::bytes).sum();
        if (sum > MAX_BATCH_BYTES) {
            return Optional.of(SqsError.badRequest(
                    "BatchRequestTooLong",
                    "Batch requests cannot be longer than " + MAX_BATCH_BYTES + " bytes. You have sent " + sum
                            + " bytes."));
        }
        if (!isFifo(call)) {
            return Optional.empty();
        }
        if (anyLacks(call, "MessageDeduplicationId") && !queues.deduplicatesByContent(call)) {
            return Optional.of(SqsError.invalidValue("The queue should either have ContentBasedDeduplication enabled or"
                    + " MessageDeduplicationId provided explicitly"));
        }
        return anyLacks(call, "MessageGroupId")
                ? Optional.of(
                        SqsError.invalidValue(SqsError.missing("MessageGroupId").message()))
                : Optional.empty();
    }

    private static boolean anyLacks(SqsCall call, String parameter) {
        return Batches.entries(call).stream().anyMatch(entry -> !entry.hasNonNull(parameter));
    }

    private static Optional<SqsError> bodyError(ObjectNode message) {
        String body = message.path("MessageBody").asText();
        if (body.isEmpty()) {
            return Optional.of(SqsError.missing("MessageBody"));
        }
        return ILLEGAL.matcher(body).find()
                ? Optional.of(SqsError.badRequest("InvalidMessageContents", ILLEGAL_TEXT))
                : Optional.empty();
    }

    private static Optional<SqsError> attributesError(ObjectNode message) {
        JsonNode attributes = message.path("MessageAttributes");
        if (attributes.size() > MAX_ATTRIBUTES) {
            return Optional.of(SqsError.invalidValue("Number of message attributes [" + attributes.size()
                    + "] exceeds the allowed maximum [" + MAX_ATTRIBUTES + "]."));
        }
        for (Map.Entry<String, JsonNode> attribute : attributes.properties()) {
            String type = attribute.getValue().path("DataType").asText();
            String value = attribute.getValue().path("StringValue").asText();
            if (!TYPE.matcher(type).matches()) {
                return Optional.of(SqsError.invalidValue("The message attribute '" + attribute.getKey()
                        + "' has an invalid message attribute type, the set of supported type prefixes is Binary, Number,"
                        + " and String."));
            }
            if (type.startsWith("String") && value.isEmpty()) {
                return Optional.of(SqsError.invalidValue("Message (user) attribute '" + attribute.getKey()
                        + "' must contain a non-empty value of type 'String'."));
            }
            if (ILLEGAL.matcher(value).find()) {
                return Optional.of(SqsError.invalidValue(ILLEGAL_TEXT));
            }
        }
        return Optional.empty();
    }

    private static Optional<SqsError> idError(ObjectNode message, String parameter) {
        JsonNode id = message.path(parameter);
        return id.isTextual() && !FIFO_ID.matcher(id.asText()).matches()
                ? Optional.of(SqsError.invalidValue(
                        id.asText(),
                        parameter,
                        parameter + " can only include alphanumeric and punctuation characters. 1 to 128 in length."))
                : Optional.empty();
    }

    /** What only the other kind of queue takes, and what this kind must have. */
    private static Optional<SqsError> kindError(ObjectNode message, boolean fifo) {
        long delay = message.path("DelaySeconds").asLong();
        if (delay < 0 || delay > 900) {
            return Optional.of(SqsError.invalidValue(delay, "DelaySeconds", "DelaySeconds must be >= 0 and <= 900."));
        }
        if (fifo && delay > 0) {
            return Optional.of(notOfThisQueueType(delay, "DelaySeconds"));
        }
        if (fifo && !message.hasNonNull("MessageGroupId")) {
            return Optional.of(SqsError.missing("MessageGroupId"));
        }
        return !fifo && message.hasNonNull("MessageDeduplicationId")
                ? Optional.of(notOfThisQueueType(
                        message.path("MessageDeduplicationId").asText(), "MessageDeduplicationId"))
                : Optional.empty();
    }

    private static SqsError notOfThisQueueType(Object value, String parameter) {
        return SqsError.invalidValue(
                value, parameter, "The request include parameter that is not valid for this queue type.");
    }

    /** Body, and of each attribute its name, type and value, as SQS counts them. */
    private static long bytes(ObjectNode message) {
        long sum = utf8Length(message.path("MessageBody").asText());
        for (Map.Entry<String, JsonNode> attribute :
                message.path("MessageAttributes").properties()) {
            JsonNode value = attribute.getValue();
            sum += utf8Length(attribute.getKey())
                    + utf8Length(value.path("DataType").asText())
                    + utf8Length(value.path("StringValue").asText())
                    + decodedLength(value.path("BinaryValue").asText());
        }
        return sum;
    }

    private static long utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static long decodedLength(String base64) {
        int padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
        return base64.length() / 4L * 3 - padding;
    }
}
