package io.github.eventfork.examples.cli;

import picocli.CommandLine.TypeConversionException;

/** Reads whole numbers from a command line. */
final class Numbers {

    private Numbers() {}

    static int between(int least, int most, String text) {
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException none) {
            // said below
        }
        throw new TypeConversionException("'" + text + "' is no number from " + least + " to " + most);
    }
}
