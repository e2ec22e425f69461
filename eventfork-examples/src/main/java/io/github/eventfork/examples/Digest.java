package io.github.eventfork.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** Digests of e-mail addresses in lower case, by which services know people. */
final class Digest {

    private Digest() {}

    static String md5(String email) {
        return digest("MD5", email);
    }

    static String sha256(String email) {
        return digest("SHA-256", email);
    }

    private static String digest(String algorithm, String email) {
        try {
            byte[] lower = email.toLowerCase(Locale.ROOT).getBytes(UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(lower));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has " + algorithm, e);
        }
    }
}
