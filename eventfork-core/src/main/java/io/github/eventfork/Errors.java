package io.github.eventfork;

/** Which throwables are a matter of one record, and which no adapter survives. */
final class Errors {

    private Errors() {}

    /** Throws {@code error} on if no adapter survives it: a {@link VirtualMachineError} that is no stack overflow. */
    static void rethrowFatal(Throwable error) {
        if (error instanceof VirtualMachineError fatal && !(error instanceof StackOverflowError)) {
            throw fatal;
        }
    }
}
