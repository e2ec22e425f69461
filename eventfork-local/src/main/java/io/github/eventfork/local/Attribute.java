package io.github.eventfork.local;

/**
 * A message attribute: its data type matters to filter policies, for which {@code 5} as a String is no number.
 *
 * @param dataType such as {@code String}, {@code String.Array}, {@code Number}, {@code Binary}
 * @param value as it was sent; of a Binary, base64
 */
public record Attribute(String dataType, String value) {

    /** An attribute of type {@code String}. */
    public static Attribute text(String value) {
        return new Attribute("String", value);
    }
}
