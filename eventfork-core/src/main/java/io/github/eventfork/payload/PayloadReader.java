package io.github.eventfork.payload;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the text of a payload as a type of the user's.
 *
 * <p>An implementation is thread-safe: one serves all handlers of a fork at once. Nothing here is null, the answer
 * included.
 */
@FunctionalInterface
public interface PayloadReader {
    /**
     * Returns the payload that {@code text} spells.
     *
     * @throws PayloadException if it spells none of that type, JSON's {@code null} included
     */
    <T> T read(String text, Class<T> type) throws PayloadException;

    /**
     * Returns the payload that came as bytes, as in the {@code data_base64} of a CloudEvents event. Default: what {@link
     * #read(String, Class)} makes of them as UTF-8.
     *
     * @throws PayloadException if they are not UTF-8, or spell no payload of that type
     */
    default <T> T read(byte[] bytes, Class<T> type) throws PayloadException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw new PayloadException("$", "is not UTF-8 text", notUtf8);
        }
        return read(text, type);
    }
}
