package io.github.eventfork.filter;

import io.github.eventfork.text.LogText;
import java.util.regex.Pattern;

/**
 * What a message attribute can be <a
 * href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_MessageAttributeValue.html">named</a>.
 */
public final class AttributeName {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");
    private static final int LONGEST = 256;

    private AttributeName() {}

    /**
     * Refuses all else.
     *
     * @throws IllegalArgumentException if no message attribute can have this name
     */
    public static void check(String name) {
        if (name.length() > LONGEST || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a message attribute's name is 1 to 256 letters, digits, '_', '-' and single '.' between them, was '"
                            + LogText.of(name) + "'");
        }
    }
}
