package io.github.eventfork.examples;

import java.io.IOException;

/** Where secrets are kept. Thread-safe. */
@FunctionalInterface
interface Secrets {

    /**
     * Reads a secret, by its name or its ARN, either of which may be a token that stands there by mistake.
     *
     * @throws IOException if it can't be read; another time it may. Its text goes on from the secret's name, such as {@code
     *     can't be read}, and quotes neither name nor ARN
     */
    String read(String nameOrArn) throws IOException;
}
