package io.github.eventfork.envelope;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The message attributes of a delivery, read the same whichever way they came: as SQS message attributes, or in the
 * {@code MessageAttributes} of an SNS notification.
 *
 * <p>A data type is a base type ({@code String}, {@code Number}, {@code Binary}) with an optional label, as in {@code
 * Number.int}, or exactly {@code String.Array}; an unknown base type counts as String. Labels are data: nothing is
 * loaded or done because of one. See <a
 * href="https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html">Amazon SNS message attributes</a>.
 *
 * <p>Immutable and thread-safe; numbers and arrays are parsed when asked for. Nothing here is null.
 */
public final class Attributes {
    /**
     * The attribute in which a dead letter of ours says why it is one. Whoever may send to a queue can write it too, and so can
     * whoever publishes to its topic, if delivery is raw: it is for people to read, and nothing is decided by it.
     */
    public static final String NOTE = "eventfork";

    private static final Attributes NONE = new Attributes(new LinkedHashMap<>());

    /** As long as <a href="https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html">a name may be</a>. */
    private static final int LONGEST_SHOWN = 256;

    private final Map<String, Value> values;

    private Attributes(Map<String, Value> values) {
        this.values = values;
    }

    /** Returns the attributes of a message that has none. */
    public static Attributes none() {
        return NONE;
    }

    /** Returns a builder, which is mutable and not thread-safe. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the names, in the order in which they came; unmodifiable. */
    public Set<String> names() {
        return Collections.unmodifiableSet(values.keySet());
    }

    /** Returns whether there is no attribute at all. */
    public boolean isEmpty() {
        return values.isEmpty();
    }

    /** Returns the value of that name, with its data type. */
    public Optional<Value> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** Returns the text of a String, of a Number as it was written, or of a String.Array as JSON; of a Binary nothing. */
    public Optional<String> text(String name) {
        return value(name).flatMap(Value::text);
    }

    /**
     * Returns a Number's value. Empty for any other type, and for what is no number, is longer than 100 characters or
     * has a scale beyond 200: far more than
     * <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html">SQS
     * allows</a>, and far less than makes arithmetic hang.
     */
    public Optional<BigDecimal> number(String name) {
        return as(Numeric.class, name, Numeric::number);
    }

    /** Returns a copy of a Binary's bytes; empty for any other type. */
    public Optional<byte[]> binary(String name) {
        return as(Bytes.class, name, bytes -> Optional.of(bytes.bytes()));
    }

    /**
     * Returns the elements of a String.Array: strings as they are, numbers, {@code true} and {@code false} as their JSON
     * text, nulls left out. Empty for any other type, and for what is no JSON array of scalars.
     */
    public Optional<List<String>> strings(String name) {
        return as(TextArray.class, name, TextArray::strings);
    }

    private <V extends Value, R> Optional<R> as(Class<V> kind, String name, Function<V, Optional<R>> read) {
        return value(name).filter(kind::isInstance).map(kind::cast).flatMap(read);
    }

    /**
     * Returns whether the message has an attribute that its sender gave it. A notification that SNS has wrapped has none: its
     * own are in the body. What we add to a dead letter does not count.
     */
    boolean anySent() {
        return !values.isEmpty() && (values.size() > 1 || !values.containsKey(NOTE));
    }

    /** Returns these without the one of that name. */
    public Attributes without(String name) {
        if (!values.containsKey(name)) {
            return this;
        }
        Map<String, Value> rest = new LinkedHashMap<>(values);
        rest.remove(name);
        return rest.isEmpty() ? NONE : new Attributes(rest);
    }

    /** Returns these and {@code others}; of a name in both, that of {@code others}. */
    Attributes with(Attributes others) {
        if (others.isEmpty()) {
            return this;
        }
        if (isEmpty()) {
            return others;
        }
        Map<String, Value> union = new LinkedHashMap<>(values);
        union.putAll(others.values);
        return new Attributes(union);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Attributes that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /** Returns names and data types, never a value; of both, what is not printable ASCII is escaped. */
    @Override
    public String toString() {
        return values.entrySet().stream()
                .map(entry -> shown(entry.getKey()) + ": " + entry.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
    }

    /** SQS and SNS want letters, digits and a few signs in a name, but a body that passes for theirs may have any text. */
    private static String shown(String nameOrType) {
        StringBuilder out = new StringBuilder();
        nameOrType.chars().limit(LONGEST_SHOWN).forEach(c -> {
            if (c < ' ' || c > '~') {
                out.append(String.format("\\u%04x", c));
            } else {
                out.append((char) c);
            }
        });
        return nameOrType.length() > LONGEST_SHOWN ? out.append("...").toString() : out.toString();
    }

    /** One attribute's value. Its {@code toString} shows the data type only, escaped. */
    public sealed interface Value {
        /** Returns the data type as it was sent, label included. */
        String dataType();

        /** Returns the value as text; empty for bytes. */
        Optional<String> text();
    }

    /** A String, or a value of a base type that AWS does not know. */
    public record Text(String dataType, String value) implements Value {
        /** Refuses nulls. */
        public Text {
            Objects.requireNonNull(dataType);
            Objects.requireNonNull(value);
        }

        @Override
        public Optional<String> text() {
            return Optional.of(value);
        }

        @Override
        public String toString() {
            return shown(dataType);
        }
    }

    /** A Number, as it was written. */
    public record Numeric(String dataType, String value) implements Value {
        private static final int LENGTH = 100;
        private static final int SCALE = 200;

        /** Refuses nulls. */
        public Numeric {
            Objects.requireNonNull(dataType);
            Objects.requireNonNull(value);
        }

        /** Returns the number, if it is one; see {@link Attributes#number}. */
        public Optional<BigDecimal> number() {
            if (value.length() > LENGTH) {
                return Optional.empty();
            }
            try {
                return Optional.of(new BigDecimal(value)).filter(number -> Math.abs((long) number.scale()) <= SCALE);
            } catch (NumberFormatException noNumber) {
                return Optional.empty();
            }
        }

        @Override
        public Optional<String> text() {
            return Optional.of(value);
        }

        @Override
        public String toString() {
            return shown(dataType);
        }
    }

    /** A Binary; copied on the way in and out, and equal by content, as a bare array would not be. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Bytes(String dataType, byte[] bytes) implements Value {
        /** Copies the bytes. */
        public Bytes {
            Objects.requireNonNull(dataType);
            bytes = bytes.clone();
        }

        /** Returns a copy of the bytes. */
        @Override
        public byte[] bytes() {
            return bytes.clone();
        }

        @Override
        public Optional<String> text() {
            return Optional.empty();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Bytes that && dataType.equals(that.dataType) && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return 31 * dataType.hashCode() + Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return shown(dataType);
        }
    }

    /** A String.Array, as the JSON text that it is sent as. */
    public record TextArray(String dataType, String json) implements Value {
        /** Refuses nulls. */
        public TextArray {
            Objects.requireNonNull(dataType);
            Objects.requireNonNull(json);
        }

        /** Returns the elements; see {@link Attributes#strings}. */
        public Optional<List<String>> strings() {
            try (JsonParser parser = Json.parser(json)) {
                if (parser.nextToken() != JsonToken.START_ARRAY) {
                    return Optional.empty();
                }
                List<String> elements = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    if (!parser.currentToken().isScalarValue()) {
                        return Optional.empty();
                    }
                    if (parser.currentToken() != JsonToken.VALUE_NULL) {
                        elements.add(parser.getText());
                    }
                }
                return parser.nextToken() == null ? Optional.of(List.copyOf(elements)) : Optional.empty();
            } catch (IOException malformed) {
                return Optional.empty();
            }
        }

        @Override
        public Optional<String> text() {
            return Optional.of(json);
        }

        @Override
        public String toString() {
            return shown(dataType);
        }
    }

    /** Collects attributes; of a name given twice the last stays. Mutable, not thread-safe. */
    public static final class Builder {
        private final Map<String, Value> values = new LinkedHashMap<>();

        private Builder() {}

        /** Adds a {@code String}. */
        public Builder string(String name, String text) {
            return put(name, new Text("String", text));
        }

        /** Adds a {@code Number}, kept as it is written. */
        public Builder number(String name, String text) {
            return put(name, new Numeric("Number", text));
        }

        /** Adds a {@code Binary}, copied. */
        public Builder binary(String name, byte[] bytes) {
            return put(name, new Bytes("Binary", bytes));
        }

        /** Adds a {@code String.Array}, given as JSON text. */
        public Builder stringArray(String name, String jsonText) {
            return put(name, new TextArray("String.Array", jsonText));
        }

        /**
         * Adds a value of an SQS or SNS data type that came as text; a Binary's text is base64.
         *
         * @throws IllegalArgumentException if a Binary's text is not base64
         */
        public Builder put(String name, String dataType, String text) {
            return switch (baseType(dataType)) {
                case "Number" -> put(name, new Numeric(dataType, text));
                case "Binary" -> put(name, new Bytes(dataType, decoded(name, text)));
                case "String.Array" -> put(name, new TextArray(dataType, text));
                default -> put(name, new Text(dataType, text));
            };
        }

        /** Adds a value of an SQS data type that came as bytes: a Binary's as they are, any other's as UTF-8 text. */
        public Builder put(String name, String dataType, byte[] bytes) {
            return baseType(dataType).equals("Binary")
                    ? put(name, new Bytes(dataType, bytes))
                    : put(name, dataType, new String(bytes, StandardCharsets.UTF_8));
        }

        private Builder put(String name, Value value) {
            values.put(Objects.requireNonNull(name), value);
            return this;
        }

        /** Returns whether a value of that name was added. */
        boolean has(String name) {
            return values.containsKey(name);
        }

        /** Returns the attributes; the builder may be used on, and shares nothing with them. */
        public Attributes build() {
            return values.isEmpty() ? NONE : new Attributes(new LinkedHashMap<>(values));
        }

        /** Returns the attributes, which are the builder's own: it must not be used any more. */
        Attributes handOver() {
            return values.isEmpty() ? NONE : new Attributes(values);
        }

        private static String baseType(String dataType) {
            if (dataType.equals("String.Array")) {
                return dataType;
            }
            int label = dataType.indexOf('.');
            return label < 0 ? dataType : dataType.substring(0, label);
        }

        private static byte[] decoded(String name, String base64) {
            try {
                return Base64.getDecoder().decode(base64);
            } catch (IllegalArgumentException notBase64) {
                // its own message quotes a character of the value
                throw new IllegalArgumentException(
                        "attribute '" + shown(name) + "' is a Binary but its text is not base64");
            }
        }
    }
}
