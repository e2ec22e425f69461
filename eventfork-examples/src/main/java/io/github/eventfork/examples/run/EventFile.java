package io.github.eventfork.examples.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;

/**
 * Reads events from JSON Lines: one object a line, in UTF-8, for example
 *
 * <pre>{@code
 * {"event":"signup","id":"e-1","message":{"name":"Ada","email":"ada@example.org"}}
 * }</pre>
 *
 * <p>{@code event} and {@code id} become message attributes and may be missing. {@code message} is published as its JSON
 * text; if it is a string, as it is. Blank lines count but say nothing. A line at a time is held in memory; for one
 * thread.
 */
public final class EventFile implements Closeable {

    /** What SNS takes, attributes included, unless a topic asks for more. */
    static final int MOST_BYTES = 262_144;

    /** What is wrong with an event of more bytes than that. */
    static final String TOO_LONG = "SNS takes 256 KiB, and it is longer";

    private static final Set<String> KEYS = Set.of("event", "id", "message");
    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(JsonNode.class);

    private final BufferedReader lines;
    private int number;

    private EventFile(InputStream bytes) {
        this.lines = new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8));
    }

    /**
     * Opens the file at {@code path}.
     *
     * @throws IOException if there is none, or it can't be read
     */
    public static EventFile open(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            throw new IOException("it is a directory");
        }
        return new EventFile(Files.newInputStream(path));
    }

    /** Reads events from {@code bytes}, which {@link #close()} closes. */
    public static EventFile of(InputStream bytes) {
        return new EventFile(bytes);
    }

    /** The next line that is not blank; empty at the end. */
    public Optional<Line> next() throws IOException {
        for (String text = lines.readLine(); text != null; text = lines.readLine()) {
            number++;
            if (!text.isBlank()) {
                return Optional.of(line(text));
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    private Line line(String text) {
        JsonNode json;
        try {
            json = JSON.readTree(text);
        } catch (JsonProcessingException notJson) {
            // its text would quote the line
            return malformed("it is not JSON");
        }
        return json.isObject() ? event(json) : malformed("it is not a JSON object");
    }

    private Line event(JsonNode json) {
        for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
            if (!KEYS.contains(names.next())) {
                return malformed("it has another key than event, id and message");
            }
        }
        if (!isTextOrMissing(json.path("event")) || !isTextOrMissing(json.path("id"))) {
            return malformed("event and id must be strings that are not empty");
        }
        String message = json.path("message").isTextual()
                ? json.path("message").textValue()
                : json.path("message").toString();
        if (message.isEmpty()) {
            return malformed("it has no message");
        }
        Line.Event event = new Line.Event(
                number,
                Optional.ofNullable(json.path("event").textValue()),
                Optional.ofNullable(json.path("id").textValue()),
                message);
        return event.bytes() > MOST_BYTES ? malformed(TOO_LONG) : event;
    }

    private static boolean isTextOrMissing(JsonNode value) {
        return value.isMissingNode() || (value.isTextual() && !value.textValue().isBlank());
    }

    private Line malformed(String why) {
        return new Line.Malformed(number, why);
    }
}
