package io.github.eventfork;

/** Thrown by a handler that finds the event's work done before: the event is acknowledged, and its key is completed. */
public class AlreadyHandledException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Creates one; {@code message} says how it was found. */
    public AlreadyHandledException(String message) {
        super(message);
    }

    /** Creates one with what led to it. */
    public AlreadyHandledException(String message, Throwable cause) {
        super(message, cause);
    }
}
