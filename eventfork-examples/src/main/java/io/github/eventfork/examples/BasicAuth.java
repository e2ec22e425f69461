package io.github.eventfork.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;

/** The value of an {@code Authorization} header with a name and a password. */
final class BasicAuth {

    private BasicAuth() {}

    static String of(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
    }
}
