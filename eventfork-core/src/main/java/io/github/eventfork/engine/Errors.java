package io.github.eventfork.engine;

import org.jspecify.annotations.Nullable;

/** Which throwables are a matter of one record, which of the whole process, and which no adapter survives. */
final class Errors {

    private static final int DEEPEST = 20;

    private Errors() {}

    /** What is missing on the class path, or does not fit it, if that is why {@code error} was thrown. */
    static @Nullable LinkageError missing(Throwable error) {
        @Nullable Throwable cause = error;
        for (int i = 0; cause != null && i < DEEPEST; i++) {
            if (cause instanceof LinkageError missing) {
                return missing;
            }
            cause = causeOf(cause);
        }
        return null;
    }

    /** An exception of a user's may throw when it is asked what it says. */
    private static @Nullable Throwable causeOf(Throwable error) {
        try {
            return error.getCause();
        } catch (RuntimeException e) {
            return null;
        }
    }

    /** Whether no adapter survives {@code error}: a {@link VirtualMachineError} that is no stack overflow. */
    static boolean fatal(Throwable error) {
        return error instanceof VirtualMachineError && !(error instanceof StackOverflowError);
    }

    /** Throws {@code error} on if no adapter survives it. */
    static void rethrowFatal(Throwable error) {
        if (fatal(error)) {
            throw (VirtualMachineError) error;
        }
    }

    /** Writes to a log, which may throw too: where an exception of a user's can't say what it is. Nothing depends on a line. */
    static void logged(Runnable line) {
        try {
            line.run();
        } catch (Throwable e) {
            rethrowFatal(e);
        }
    }
}
