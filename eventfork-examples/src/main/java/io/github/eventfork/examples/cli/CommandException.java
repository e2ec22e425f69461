package io.github.eventfork.examples.cli;

/** A command can't do what it was asked to; its message is the one line that says why. */
final class CommandException extends RuntimeException {

    private static final long serialVersionUID = 1;

    CommandException(String why) {
        super(why);
    }

    CommandException(String why, Throwable cause) {
        super(why, cause);
    }
}
