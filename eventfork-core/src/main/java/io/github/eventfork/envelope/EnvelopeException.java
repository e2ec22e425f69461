package io.github.eventfork.envelope;

/**
 * A body is not the kind of envelope that its reader was told to expect.
 *
 * <p>The message names the field that is missing or wrong and says what to do; it holds no value of the body.
 */
public final class EnvelopeException extends Exception {
    private static final long serialVersionUID = 1L;

    EnvelopeException(String message) {
        super(message);
    }
}
