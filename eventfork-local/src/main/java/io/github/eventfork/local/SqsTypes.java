package io.github.eventfork.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which JSON type each parameter of the SQS API has. AWS answers another with a {@code SerializationException}; what is behind
 * this may rely on it. Null counts as not there, and unknown parameters are nobody's concern. See the <a
 * href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html">actions</a>.
 */
final class SqsTypes {

    private enum Type {
        TEXT("a string", JsonNode::isTextual),
        NUMBER("a whole number", node -> node.isIntegralNumber() && node.canConvertToInt()),
        TEXTS("a list of strings", node -> node.isArray() && each(node, JsonNode::isTextual)),
        MAP("a map of strings", node -> node.isObject() && each(node, JsonNode::isTextual)),
        ATTRIBUTES("a map of message attributes", node -> node.isObject() && each(node, SqsTypes::isAttribute)),
        ENTRIES("a list of entries", node -> node.isArray() && each(node, JsonNode::isObject));

        private final String named;

        @SuppressWarnings("ImmutableEnumChecker")
        private final Predicate<JsonNode> holds;

        Type(String named, Predicate<JsonNode> holds) {
            this.named = named;
            this.holds = holds;
        }
    }

    private static final Map<String, Type> TYPES = Map.ofEntries(
            Map.entry("QueueName", Type.TEXT),
            Map.entry("QueueUrl", Type.TEXT),
            Map.entry("QueueNamePrefix", Type.TEXT),
            Map.entry("QueueOwnerAWSAccountId", Type.TEXT),
            Map.entry("MessageBody", Type.TEXT),
            Map.entry("MessageGroupId", Type.TEXT),
            Map.entry("MessageDeduplicationId", Type.TEXT),
            Map.entry("ReceiptHandle", Type.TEXT),
            Map.entry("ReceiveRequestAttemptId", Type.TEXT),
            Map.entry("Id", Type.TEXT),
            Map.entry("Label", Type.TEXT),
            Map.entry("NextToken", Type.TEXT),
            Map.entry("SourceArn", Type.TEXT),
            Map.entry("DestinationArn", Type.TEXT),
            Map.entry("TaskHandle", Type.TEXT),
            Map.entry("DelaySeconds", Type.NUMBER),
            Map.entry("VisibilityTimeout", Type.NUMBER),
            Map.entry("MaxNumberOfMessages", Type.NUMBER),
            Map.entry("WaitTimeSeconds", Type.NUMBER),
            Map.entry("MaxResults", Type.NUMBER),
            Map.entry("MaxNumberOfMessagesPerSecond", Type.NUMBER),
            Map.entry("AttributeNames", Type.TEXTS),
            Map.entry("MessageAttributeNames", Type.TEXTS),
            Map.entry("MessageSystemAttributeNames", Type.TEXTS),
            Map.entry("AWSAccountIds", Type.TEXTS),
            Map.entry("Actions", Type.TEXTS),
            Map.entry("TagKeys", Type.TEXTS),
            Map.entry("Attributes", Type.MAP),
            Map.entry("Tags", Type.MAP),
            Map.entry("tags", Type.MAP),
            Map.entry("MessageAttributes", Type.ATTRIBUTES),
            Map.entry("MessageSystemAttributes", Type.ATTRIBUTES),
            Map.entry("Entries", Type.ENTRIES));

    private SqsTypes() {}

    /** The first parameter of another type than it should have, and which that is; holds no value. */
    static Optional<String> wrong(ObjectNode parameters) {
        for (Map.Entry<String, JsonNode> one : parameters.properties()) {
            Type type = TYPES.get(one.getKey());
            JsonNode value = one.getValue();
            if (type == null || value.isNull()) {
                continue;
            }
            if (!type.holds.test(value)) {
                return Optional.of(one.getKey() + " must be " + type.named);
            }
            if (type == Type.ENTRIES) {
                for (JsonNode entry : value) {
                    Optional<String> within = wrong((ObjectNode) entry);
                    if (within.isPresent()) {
                        return within;
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static boolean each(JsonNode values, Predicate<JsonNode> holds) {
        for (JsonNode value : values) {
            if (!holds.test(value)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAttribute(JsonNode attribute) {
        return attribute.isObject()
                && isTextOrNothing(attribute.path("DataType"))
                && isTextOrNothing(attribute.path("StringValue"))
                && isTextOrNothing(attribute.path("BinaryValue"));
    }

    private static boolean isTextOrNothing(JsonNode value) {
        return value.isTextual() || value.isNull() || value.isMissingNode();
    }
}
