package io.github.eventfork.examples;

import java.io.IOException;

/** What a service is called with: a key, or an address that is one. Thread-safe; never shows its value. */
interface Token {

    /**
     * The token to call with.
     *
     * @throws IOException if it can't be had; another time it may
     */
    String value() throws IOException, InterruptedException;

    /** The service refused {@code value}: says whether {@link #value()} may have another one now. */
    boolean renew(String value);

    /** A token that is known, and stays as it is. */
    static Token of(String value) {
        return new Token() {
            @Override
            public String value() {
                return value;
            }

            @Override
            public boolean renew(String refused) {
                return false;
            }

            @Override
            public String toString() {
                return "Token[***]";
            }
        };
    }
}
