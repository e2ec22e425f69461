package io.github.eventfork.examples;

import java.io.IOException;

/** Where secrets are kept. Thread-safe. */
@FunctionalInterface
interface Secrets {

    /**
     * Reads a secret, by its name or its ARN.
     *
     * @throws IOException if it can't be read; another time it may
     */
    String read(String nameOrArn) throws IOException;
}
