package io.github.eventfork.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.eventfork.testkit.SnsFilterPolicy;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The attributes of a message, checked as SNS checks them; {@code asFilterJson} is what filter policies see. */
record MessageAttributes(List<Attribute> all, String asFilterJson) {

    /** A Binary's value is base64, as it came. */
    record Attribute(String name, String dataType, String value) {
        boolean isBinary() {
            return dataType.startsWith("Binary");
        }

        byte[] bytes() {
            return isBinary() ? Base64.getDecoder().decode(value) : value.getBytes(UTF_8);
        }
    }

    private static final int MAX_NAME = 256;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]+");
    private static final Pattern TYPE = Pattern.compile("(Binary|Number|String)(\\..+)?");

    /** Reads {@code MessageAttributes.entry.N}; {@code path} is that of the message in the request, for refusals. */
    static MessageAttributes of(QueryRequest request, String path) {
        List<Attribute> all = new ArrayList<>();
        SnsFilterPolicy.Attributes seenByFilters = SnsFilterPolicy.attributes();
        for (QueryRequest entry : request.list("MessageAttributes.entry")) {
            Attribute attribute = attribute(entry, path);
            all.add(attribute);
            seenByFilters = add(attribute, seenByFilters);
        }
        return new MessageAttributes(List.copyOf(all), seenByFilters.json());
    }

    private static Attribute attribute(QueryRequest entry, String path) {
        String name = checkedName(entry.text("Name"));
        String type = checkedType(name, entry.find("Value.DataType"), path);
        String field = type.startsWith("Binary") ? "Binary" : "String";
        Optional<String> value = entry.find("Value." + field + "Value");
        if (value.isEmpty() && entry.find("Value." + other(field) + "Value").isPresent()) {
            throw SnsError.invalidValue(about(name) + "with type '" + type + "' must use field '" + field + "'.");
        }
        if (value.isEmpty() || value.get().isEmpty()) {
            throw SnsError.invalidValue(about(name)
                    + "must contain non-empty message attribute value for message attribute type '" + type + "'.");
        }
        return new Attribute(name, type, checkedValue(name, type, value.get()));
    }

    private static String other(String field) {
        return field.equals("Binary") ? "String" : "Binary";
    }

    private static String checkedName(String name) {
        if (name.isEmpty()) {
            throw SnsError.invalidValue("The message attribute name must not be empty.");
        }
        if (name.getBytes(UTF_8).length > MAX_NAME) {
            throw SnsError.invalidValue("Length of message attribute name must be less than 256 bytes.");
        }
        if (name.startsWith(".")) {
            throw SnsError.invalidValue("Invalid message attribute name starting with character '.' was found.");
        }
        if (name.endsWith(".")) {
            throw SnsError.invalidValue("Invalid message attribute name ending with character '.' was found.");
        }
        if (!NAME.matcher(name).matches()) {
            throw SnsError.invalidValue("Invalid non-alphanumeric character '#x" + firstWrong(name)
                    + "' was found in the message attribute name. Can only include alphanumeric characters, hyphens,"
                    + " underscores, or dots.");
        }
        if (name.contains("..")) {
            throw SnsError.invalidValue("Message attribute name can not have successive '.' character.");
        }
        return name;
    }

    private static String firstWrong(String name) {
        int wrong = name.codePoints()
                .filter(c -> !NAME.matcher(Character.toString(c)).matches())
                .findFirst()
                .orElseThrow();
        return Integer.toHexString(wrong).toUpperCase(Locale.ROOT);
    }

    private static String checkedType(String name, Optional<String> type, String path) {
        if (type.isEmpty() || type.get().isEmpty()) {
            throw SnsError.validation("Value null at '" + path + "messageAttributes." + name
                    + ".member.dataType' failed to satisfy constraint: Member must not be null");
        }
        if (!TYPE.matcher(type.get()).matches()) {
            throw SnsError.invalidValue(about(name) + "has an invalid message attribute type, the set of supported"
                    + " type prefixes is Binary, Number, and String.");
        }
        return type.get();
    }

    private static String checkedValue(String name, String type, String value) {
        if (type.startsWith("Binary")) {
            try {
                Base64.getDecoder().decode(value);
            } catch (IllegalArgumentException e) {
                throw SnsError.invalidValue(about(name) + "with type '" + type + "' must be base64.");
            }
        }
        return value;
    }

    private static SnsFilterPolicy.Attributes add(Attribute attribute, SnsFilterPolicy.Attributes to) {
        try {
            return to.with(attribute.name(), attribute.dataType(), attribute.value());
        } catch (IllegalArgumentException e) {
            throw SnsError.invalidValue(
                    attribute.dataType().startsWith("Number")
                            ? "Could not cast message attribute '" + attribute.name() + "' value to number."
                            : about(attribute.name()) + "with type '" + attribute.dataType()
                                    + "' must be a JSON array.");
        }
    }

    private static String about(String name) {
        return "The message attribute '" + name + "' ";
    }

    /** What the attributes add to the size of a message: names, types and values. */
    int bytes() {
        return all.stream()
                .mapToInt(attribute -> attribute.name().length()
                        + attribute.dataType().getBytes(UTF_8).length
                        + attribute.bytes().length)
                .sum();
    }
}
