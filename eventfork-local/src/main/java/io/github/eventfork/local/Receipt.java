package io.github.eventfork.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a receipt handle of ours says, so that nothing need be remembered for it: which queue handed the message out, when,
 * and invisible until when.
 *
 * @param handle as the caller knows it
 * @param inner ElasticMQ's own
 */
record Receipt(String handle, String queue, Instant received, Instant invisibleUntil, String inner) {
    private static final Pattern FORM = Pattern.compile("([^|]+)\\|(\\d{1,15})\\|(\\d{1,15})\\|(.+)");

    static Receipt issue(String queue, Instant received, Instant invisibleUntil, String inner) {
        String text = String.join(
                "|",
                queue,
                String.valueOf(received.toEpochMilli()),
                String.valueOf(invisibleUntil.toEpochMilli()),
                inner);
        String handle = Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
        return new Receipt(handle, queue, received, invisibleUntil, inner);
    }

    /** Empty if it is none of ours. */
    static Optional<Receipt> read(String handle) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(handle);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        Matcher parts = FORM.matcher(new String(bytes, UTF_8));
        return parts.matches()
                ? Optional.of(new Receipt(
                        handle, parts.group(1), instant(parts.group(2)), instant(parts.group(3)), parts.group(4)))
                : Optional.empty();
    }

    private static Instant instant(String millis) {
        return Instant.ofEpochMilli(Long.parseLong(millis));
    }
}
