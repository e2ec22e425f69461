package io.github.eventfork.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which attributes a topic may be given, by <a href="https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html">
 * SetTopicAttributes</a>, and which values of those that mean something here. Keeps nothing.
 */
final class TopicAttributes {
    private static final Set<String> KNOWN = Set.of(
            "DisplayName",
            "Policy",
            "DeliveryPolicy",
            "KmsMasterKeyId",
            "SignatureVersion",
            "TracingConfig",
            "MaximumMessageSize");
    private static final Set<String> OF_FIFO =
            Set.of("ContentBasedDeduplication", "FifoThroughputScope", "ArchivePolicy");
    private static final Set<String> REMOVED_BY_AN_EMPTY_TEXT =
            Set.of("Policy", "DeliveryPolicy", "KmsMasterKeyId", "ArchivePolicy");
    private static final Pattern FEEDBACK =
            Pattern.compile("(HTTP|SQS|Lambda|Firehose|Application)(Success|Failure)Feedback(RoleArn|SampleRate)");
    private static final int LEAST_MAX_BYTES = 1_024;
    private static final int MOST_MAX_BYTES = 1_048_576;
    private static final ObjectMapper JSON = SqsEndpoint.JSON;

    private TopicAttributes() {}

    /** What a new topic has, of what CreateTopic asks for; {@code FifoTopic} stays only if it is true. */
    static Map<String, String> created(Map<String, String> asked) {
        Map<String, String> wanted = new LinkedHashMap<>(asked);
        String fifo = wanted.getOrDefault("FifoTopic", "false").toLowerCase(Locale.ROOT);
        wanted.remove("FifoTopic");
        boolean isFifo = fifo.equals("true");
        if (!isFifo && !fifo.equals("false")) {
            throw SnsError.invalidParameter("Attributes Reason: FifoTopic");
        }
        Map<String, String> created = new LinkedHashMap<>();
        if (isFifo) {
            created.put("FifoTopic", "true");
            created.put("ContentBasedDeduplication", "false");
        }
        wanted.forEach((name, value) -> put(name, value, isFifo, "Attributes Reason: ", created));
        return created;
    }

    /** The attributes of a topic after SetTopicAttributes. */
    static Map<String, String> changed(Topic topic, String name, String value) {
        Map<String, String> changed = new LinkedHashMap<>(topic.attributes());
        put(name, value, topic.isFifo(), "", changed);
        return changed;
    }

    /** Whether a topic has everything that CreateTopic asks for; an empty text asks for what is not there. */
    static boolean has(Topic topic, Map<String, String> asked) {
        return asked.entrySet().stream()
                .filter(attribute -> !attribute.getKey().equals("FifoTopic")) // its name says that
                .allMatch(attribute -> kept(attribute.getKey(), attribute.getValue())
                        .equals(topic.attributes().getOrDefault(attribute.getKey(), "")));
    }

    private static String kept(String name, String value) {
        return name.equals("ContentBasedDeduplication") ? value.toLowerCase(Locale.ROOT) : value;
    }

    private static void put(String name, String value, boolean fifo, String prefix, Map<String, String> into) {
        check(name, value, fifo, prefix);
        if (value.isEmpty() && REMOVED_BY_AN_EMPTY_TEXT.contains(name)) {
            into.remove(name);
        } else {
            into.put(name, kept(name, value));
        }
    }

    private static void check(String name, String value, boolean fifo, String prefix) {
        if (OF_FIFO.contains(name) && !fifo) {
            throw SnsError.invalidParameter(prefix + "AttributeName").because(name + " is for FIFO topics");
        }
        if (!KNOWN.contains(name)
                && !OF_FIFO.contains(name)
                && !FEEDBACK.matcher(name).matches()) {
            throw SnsError.invalidParameter(prefix + "AttributeName");
        }
        if (name.equals("ArchivePolicy") && !value.isEmpty()) {
            throw SnsError.invalidParameter(prefix + name).because("messages are not archived here");
        }
        boolean legal = switch (name) {
            case "SignatureVersion" -> value.equals("1") || value.equals("2");
            case "TracingConfig" -> value.equals("PassThrough") || (value.equals("Active") && !fifo);
            case "MaximumMessageSize" -> isSize(value);
            case "ContentBasedDeduplication" -> value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false");
            case "FifoThroughputScope" -> value.equals("Topic") || value.equals("MessageGroup");
            case "Policy", "DeliveryPolicy" -> value.isEmpty() || isObject(value);
            default -> true;
        };
        if (!legal) {
            throw SnsError.invalidParameter(prefix + name);
        }
    }

    private static boolean isSize(String value) {
        if (!value.matches("\\d{1,9}")) {
            return false;
        }
        int bytes = Integer.parseInt(value);
        return bytes >= LEAST_MAX_BYTES && bytes <= MOST_MAX_BYTES;
    }

    private static boolean isObject(String value) {
        try {
            return JSON.readTree(value).isObject();
        } catch (JsonProcessingException e) {
            return false;
        }
    }
}
