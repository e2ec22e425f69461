package io.github.eventfork;

/** Which throwables are a matter of one record, and which no adapter survives. */
final class Errors {

    private Errors() {}

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
