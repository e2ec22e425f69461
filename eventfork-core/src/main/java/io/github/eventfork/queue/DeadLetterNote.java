package io.github.eventfork.queue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.eventfork.Delivery;
import io.github.eventfork.Settlement;
import io.github.eventfork.envelope.Attributes;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a dead letter says of itself, as JSON in the attribute {@code eventfork}: reason, fork, attempt, received, queue.
 * A message has room for 10 attributes and 1 MiB in all; where that is used up, ours is left out, never the user's.
 */
final class DeadLetterNote {

    private static final int MOST_ATTRIBUTES = 10;
    private static final long MOST_BYTES = 1_048_576;
    private static final int LONGEST_REASON = 2_000;

    /** SQS refuses some control characters in attributes; escaped, none is left. */
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private DeadLetterNote() {}

    static Optional<String> of(Delivery delivery, Settlement.DeadLetter letter, String queue) {
        String note = json(delivery, letter, queue);
        MessageQueue.Copy copy = new MessageQueue.Copy(delivery, Optional.of(note));
        boolean room = copy.attributes().names().size() < MOST_ATTRIBUTES && bytes(copy) <= MOST_BYTES;
        return room ? Optional.of(note) : Optional.empty();
    }

    /** What SQS counts of a copy: body, and each attribute's name, type and value. */
    static long bytes(MessageQueue.Copy copy) {
        Attributes attributes = copy.attributes();
        long size = utf8(copy.delivery().body());
        for (String name : attributes.names()) {
            size += utf8(name) + 32;
            size += attributes.binary(name).map(bytes -> (long) bytes.length).orElse(0L);
            size += attributes.text(name).map(DeadLetterNote::utf8).orElse(0L);
        }
        return size
                + copy.note()
                        .map(note -> Attributes.NOTE.length() + 32L + note.length())
                        .orElse(0L);
    }

    private static String json(Delivery delivery, Settlement.DeadLetter letter, String queue) {
        Map<String, Object> note = new LinkedHashMap<>();
        String reason = letter.reason();
        note.put("reason", reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) : reason);
        note.put("fork", letter.fork());
        note.put("attempt", letter.attempt());
        delivery.firstReceived().ifPresent(at -> note.put("received", at.toString()));
        note.put("queue", queue);
        try {
            return JSON.writeValueAsString(note);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of strings is always JSON", e);
        }
    }

    private static long utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
