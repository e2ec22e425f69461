package io.github.eventfork.local;

import java.util.Map;

/** A topic as it stands: its ARN, and the attributes and tags that were set. */
record Topic(String arn, Map<String, String> attributes, Map<String, String> tags) {
    static final int DEFAULT_MAX_BYTES = 262_144;

    Topic {
        attributes = Map.copyOf(attributes);
        tags = Map.copyOf(tags);
    }

    Topic withAttributes(Map<String, String> changed) {
        return new Topic(arn, changed, tags);
    }

    Topic withTags(Map<String, String> changed) {
        return new Topic(arn, attributes, changed);
    }

    boolean isFifo() {
        return isTrue("FifoTopic");
    }

    /** Whether a message without a deduplication id gets one from its text. */
    boolean deduplicatesByContent() {
        return isTrue("ContentBasedDeduplication");
    }

    /** Whether the same deduplication id in two message groups means two messages. */
    boolean deduplicatesPerGroup() {
        return "MessageGroup".equals(attributes.get("FifoThroughputScope"));
    }

    private boolean isTrue(String attribute) {
        return "true".equals(attributes.get(attribute));
    }

    /** The most bytes that a message and its attributes may have together. */
    int maxBytes() {
        String set = attributes.get("MaximumMessageSize");
        return set == null ? DEFAULT_MAX_BYTES : Integer.parseInt(set);
    }

    String signatureVersion() {
        return attributes.getOrDefault("SignatureVersion", "1");
    }
}
