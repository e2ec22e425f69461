package io.github.eventfork;

/** Thrown by a handler that can never handle this event, however often it is tried: it goes to the dead-letter queue. */
public class RejectedEventException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Creates one; {@code message} says why; it is logged and travels with the dead letter, so keep personal data out of it. */
    public RejectedEventException(String message) {
        super(message);
    }

    /** Creates one with what led to it. */
    public RejectedEventException(String message, Throwable cause) {
        super(message, cause);
    }
}
