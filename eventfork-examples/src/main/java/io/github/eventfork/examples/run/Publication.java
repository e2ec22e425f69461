package io.github.eventfork.examples.run;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Where events are published to, and how. Immutable.
 *
 * @param topicArn the topic
 * @param attributes message attributes, of type String, that each event has besides its own, which come first
 * @param group the message group of all events, which FIFO topics ask for
 * @param perSecond how many events at most are published in a second, counting each try of one; at least 1
 */
public record Publication(String topicArn, Map<String, String> attributes, Optional<String> group, int perSecond) {

    private static final Pattern DEDUPLICATION_ID = Pattern.compile("\\p{Graph}{1,128}");

    /** Copies the attributes. */
    public Publication {
        if (perSecond < 1) {
            throw new IllegalArgumentException("events per second must be 1 or more, was " + perSecond);
        }
        attributes = Map.copyOf(attributes);
    }

    /** To this topic, without further attributes or a group, as fast as SNS takes them. */
    public static Publication to(String topicArn) {
        return new Publication(topicArn, Map.of(), Optional.empty(), Integer.MAX_VALUE);
    }

    /** The attributes that {@code event} is published with. */
    public Map<String, String> attributesOf(Line.Event event) {
        Map<String, String> all = new LinkedHashMap<>(attributes);
        all.putAll(event.attributes());
        return all;
    }

    /** Whether the topic keeps order. */
    boolean isFifo() {
        return topicArn.endsWith(".fifo");
    }

    /**
     * What SNS knows {@code event} by, for five minutes: its own id, so that publishing a file again repeats nothing, or
     * else one that only another try in the same {@code run} has.
     */
    String deduplicationId(Line.Event event, String run) {
        String id = event.id().orElseGet(() -> run + "-" + event.number());
        return DEDUPLICATION_ID.matcher(id).matches()
                ? id
                : UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
