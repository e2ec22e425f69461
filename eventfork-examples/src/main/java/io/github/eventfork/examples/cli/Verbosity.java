package io.github.eventfork.examples.cli;

import picocli.CommandLine.Option;

/** Whether a command says more than users want to know. Filled by picocli. */
public final class Verbosity {

    static final String NAME = "--verbose";

    @Option(names = NAME, description = "show what the libraries log, and the stack trace of what goes wrong")
    private boolean verbose;

    /** For picocli. */
    public Verbosity() {}

    boolean verbose() {
        return verbose;
    }
}
