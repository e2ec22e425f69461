package io.github.eventfork.payload;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A payload cannot be read as the type asked for: {@code $.user.email must be a string but is an object}.
 *
 * <p>Message and stack trace hold no value of the payload, so they may be logged and sent to a dead-letter queue. What
 * the parser said is kept apart in {@link #detail()}, because parsers quote what they read.
 */
public final class PayloadException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String path;
    private final transient @Nullable Throwable detail;

    /**
     * Says where in the payload what is wrong. Neither text may hold a value of the payload.
     *
     * @param path a JSON path such as {@code $.user.email}; {@code $} is the whole payload
     * @param problem what follows the path in the message, such as {@code is missing}
     */
    public PayloadException(String path, String problem) {
        this(path, problem, null);
    }

    /** As {@link #PayloadException(String, String)}, with what the parser said, which is not made the cause. */
    public PayloadException(String path, String problem, @Nullable Throwable detail) {
        super(path + " " + problem);
        this.path = path;
        this.detail = detail;
    }

    /** Returns the place in the payload as a JSON path; a step that was named by data, as in a map, is {@code *}. */
    public String path() {
        return path;
    }

    /** Returns what the parser threw. It holds payload values: for DEBUG only. Lost when serialized. */
    public Optional<Throwable> detail() {
        return Optional.ofNullable(detail);
    }
}
