package io.github.eventfork.local;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Which attributes a topic may be given, and which values of those that mean something here. */
final class TopicAttributes {
    private static final Set<String> KNOWN = Set.of(
            "DisplayName",
            "Policy",
            "DeliveryPolicy",
            "KmsMasterKeyId",
            "SignatureVersion",
            "TracingConfig",
            "MaximumMessageSize");
    private static final Set<String> FIFO =
            Set.of("FifoTopic", "ContentBasedDeduplication", "FifoThroughputScope", "ArchivePolicy");
    private static final Pattern FEEDBACK =
            Pattern.compile("(HTTP|SQS|Lambda|Firehose|Application)(Success|Failure)Feedback(RoleArn|SampleRate)");
    private static final int LEAST_MAX_BYTES = 1_024;
    private static final int MOST_MAX_BYTES = 1_048_576;

    private TopicAttributes() {}

    /** Throws what SNS answers to {@code attributes}, its reason after {@code prefix}. */
    static void check(Map<String, String> attributes, String prefix) {
        attributes.forEach((name, value) -> check(name, value, prefix));
    }

    private static void check(String name, String value, String prefix) {
        if (FIFO.contains(name)) {
            throw noFifoYet();
        }
        if (!KNOWN.contains(name) && !FEEDBACK.matcher(name).matches()) {
            throw SnsError.invalidParameter(prefix + "AttributeName");
        }
        boolean legal = switch (name) {
            case "SignatureVersion" -> value.equals("1") || value.equals("2");
            case "TracingConfig" -> value.equals("Active") || value.equals("PassThrough");
            case "MaximumMessageSize" -> isSize(value);
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

    static SnsError noFifoYet() {
        return SnsError.invalidParameter("FifoTopic Reason: FIFO topics are not there yet in eventfork-local");
    }
}
