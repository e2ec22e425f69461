package io.github.eventfork.engine;

import io.github.eventfork.Fork;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Texts by which something is kept: at most 512 bytes in UTF-8, whatever a message holds. A longer one is its beginning and
 * the SHA-256 of the whole, and so is one that looks like that: two that differ stay two.
 */
final class Keys {

    static final int MOST_BYTES = 512;

    private static final int MOST_OF_BEGINNING = 400;
    private static final String MARK = "#sha256:";
    private static final Pattern SHORTENED = Pattern.compile(MARK + "[0-9a-f]{64}\\z");

    private Keys() {}

    /** The key under which a store knows it. */
    static String of(Fork fork, String key) {
        return bounded(fork.name() + '#' + key);
    }

    /** The same text, or what stands for it. */
    static String bounded(String text) {
        // no character of these has more than three bytes in UTF-8
        if (text.length() <= MOST_BYTES / 3
                && text.indexOf(MARK) < 0
                && text.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
            return text;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        boolean lossless = text.equals(new String(bytes, StandardCharsets.UTF_8));
        if (bytes.length <= MOST_BYTES && lossless && !SHORTENED.matcher(text).find()) {
            return text;
        }
        return beginning(text) + MARK + HexFormat.of().formatHex(sha256(text));
    }

    /** Whole characters only; half a surrogate pair, which no store need take, is a question mark. */
    private static String beginning(String text) {
        CharsetEncoder encoder = StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        ByteBuffer start = ByteBuffer.allocate(MOST_OF_BEGINNING);
        encoder.encode(CharBuffer.wrap(text), start, true);
        return new String(start.array(), 0, start.position(), StandardCharsets.UTF_8);
    }

    /** Of the text's own units: charsets have one replacement for all halves of surrogate pairs. */
    private static byte[] sha256(String text) {
        ByteBuffer units = ByteBuffer.allocate(2 * text.length());
        text.chars().forEach(unit -> units.putChar((char) unit));
        try {
            return MessageDigest.getInstance("SHA-256").digest(units.array());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
