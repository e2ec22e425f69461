package io.github.eventfork.envelope;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.github.eventfork.envelope.Envelope.Kind;
import java.io.IOException;
import java.util.Base64;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One reading of one JSON text: which kinds of envelope it is, with the fields of them, or why it is none.
 *
 * <p><b>Invariant:</b> each wanted kind is in {@code open} as long as nothing read so far speaks against it, else in
 * {@code problems} with the first thing that did. Reading stops when {@code open} is empty.
 *
 * <p><b>Ownership:</b> the thread that calls {@link #of} fills it; nothing changes afterwards.
 */
final class Scan {
    private static final int ACCOUNT_DIGITS = 12;

    private final String json;
    private final EnumSet<Kind> open;
    private final Map<Kind, String> problems = new EnumMap<>(Kind.class);
    private final Set<Field> seen = EnumSet.noneOf(Field.class);
    private final Map<Field, String> texts = new EnumMap<>(Field.class);
    private Attributes messageAttributes = Attributes.none();
    private @Nullable String dataString;
    private byte @Nullable [] dataBytes;

    private Scan(String json, Set<Kind> wanted) {
        this.json = json;
        this.open = EnumSet.copyOf(wanted);
    }

    /** Reads {@code json} once, for the wanted kinds only, of which there is at least one and none is RAW. */
    static Scan of(String json, Set<Kind> wanted) {
        Scan scan = new Scan(json, wanted);
        if (!opensAnObject(json)) {
            scan.close(wanted, "not a JSON object");
            return scan;
        }
        try (JsonParser parser = Json.parser(json)) {
            parser.nextToken();
            scan.readFields(parser);
            scan.readEnd(parser);
            scan.judgeWhole();
        } catch (IOException malformed) {
            scan.close(wanted, "malformed JSON" + place(malformed));
        }
        return scan;
    }

    /** Whether an event may stand in it: without the name of a field that it must have, be it spelled out or escaped, none does. */
    static boolean mayBeAnEvent(String json) {
        return json.contains("detail-type") || json.contains("specversion") || json.contains("\\u");
    }

    boolean is(Kind kind) {
        return open.contains(kind);
    }

    /** What speaks against a kind that was wanted and that this is not; names fields, holds no value. */
    String problem(Kind kind) {
        return Objects.requireNonNull(problems.get(kind));
    }

    /** A field's text: a string's value, the JSON text of {@code detail} and {@code data}; absent if null. */
    @Nullable
    String text(Field field) {
        return texts.get(field);
    }

    /** A field that every envelope of the kind has. */
    String required(Field field) {
        return Objects.requireNonNull(texts.get(field));
    }

    Attributes messageAttributes() {
        return messageAttributes;
    }

    /** The value of {@code data} if that is a JSON string. */
    Optional<String> dataString() {
        return Optional.ofNullable(dataString);
    }

    /** The bytes of {@code data_base64}, which the caller then owns. */
    byte @Nullable [] dataBytes() {
        return dataBytes;
    }

    private static boolean opensAnObject(String json) {
        for (int at = 0; at < json.length(); at++) {
            char next = json.charAt(at);
            if (next != ' ' && next != '\n' && next != '\r' && next != '\t') {
                return next == '{';
            }
        }
        return false;
    }

    private void readFields(JsonParser parser) throws IOException {
        while (!open.isEmpty() && parser.nextToken() == JsonToken.FIELD_NAME) {
            Field field = Field.named(parser.currentName());
            JsonToken token = parser.nextToken();
            if (field == null || !concerns(field)) {
                parser.skipChildren();
            } else if (!seen.add(field)) {
                close(field.kinds(), field.twice());
                parser.skipChildren();
            } else if (!field.takes(token)) {
                close(field.kinds(), field.missing());
                parser.skipChildren();
            } else {
                read(field, parser);
            }
        }
    }

    private boolean concerns(Field field) {
        for (Kind kind : field.kinds()) {
            if (open.contains(kind)) {
                return true;
            }
        }
        return false;
    }

    private void read(Field field, JsonParser parser) throws IOException {
        switch (field) {
            case MESSAGE_ATTRIBUTES -> readMessageAttributes(parser);
            case DETAIL -> texts.put(field, slice(parser));
            case DATA -> {
                dataString = parser.currentToken() == JsonToken.VALUE_STRING ? parser.getText() : null;
                texts.put(field, slice(parser));
            }
            case RESOURCES -> parser.skipChildren();
            default -> {
                if (parser.currentToken() == JsonToken.VALUE_STRING) {
                    String text = parser.getText();
                    texts.put(field, text);
                    judge(field, text);
                }
            }
        }
    }

    /** Rules out at once what a field's text rules out, so that a payload that merely looks similar is left early. */
    private void judge(Field field, String text) {
        switch (field) {
            case SNS_TYPE -> require(text.equals("Notification"), Kind.SNS, "'Type' is not \"Notification\"");
            case TOPIC_ARN -> require(isOfATopic(text), Kind.SNS, "'TopicArn' is no ARN of an SNS topic");
            case SPECVERSION -> require(text.equals("1.0"), Kind.CLOUDEVENTS, "'specversion' is not \"1.0\"");
            case ID -> require(!text.isEmpty(), Kind.CLOUDEVENTS, "'id' is empty");
            case SOURCE -> {
                require(!text.isEmpty(), Kind.CLOUDEVENTS, "'source' is empty");
                require(
                        text.chars().noneMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c)),
                        Kind.CLOUDEVENTS,
                        "'source' is no URI reference: it has white space");
            }
            case TYPE -> require(!text.isEmpty(), Kind.CLOUDEVENTS, "'type' is empty");
            default -> {
                // the text of any other field is free
            }
        }
    }

    /** Begins with {@code arn:<partition>:sns:<region>:<12 digits>:}. */
    private static boolean isOfATopic(String arn) {
        int partition = arn.startsWith("arn:") ? arn.indexOf(':', "arn:".length()) : -1;
        if (partition <= "arn:".length() || !arn.startsWith("sns:", partition + 1)) {
            return false;
        }
        int region = arn.indexOf(':', partition + 1 + "sns:".length());
        int account = region + 1 + ACCOUNT_DIGITS;
        if (region < 0 || account >= arn.length() || arn.charAt(account) != ':') {
            return false;
        }
        for (int at = region + 1; at < account; at++) {
            if (arn.charAt(at) < '0' || arn.charAt(at) > '9') {
                return false;
            }
        }
        return true;
    }

    private String slice(JsonParser parser) throws IOException {
        int from = Math.toIntExact(parser.currentTokenLocation().getCharOffset());
        parser.skipChildren();
        parser.finishToken();
        return json.substring(from, Math.toIntExact(parser.currentLocation().getCharOffset()));
    }

    private void readMessageAttributes(JsonParser parser) throws IOException {
        Attributes.Builder attributes = Attributes.builder();
        boolean wellFormed = true;
        while (wellFormed && parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            wellFormed = !attributes.has(name)
                    && parser.nextToken() == JsonToken.START_OBJECT
                    && readMessageAttribute(name, parser, attributes);
        }
        messageAttributes = attributes.handOver();
        if (!wellFormed) {
            close(Field.MESSAGE_ATTRIBUTES.kinds(), "'MessageAttributes' is malformed");
            leaveMessageAttributes(parser);
        }
    }

    /** Goes on to the end of the object, wherever in it the parser stands: the other kinds are still open. */
    private static void leaveMessageAttributes(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        while (token != null && !parser.getParsingContext().getParent().inRoot()) {
            token = parser.nextToken();
        }
    }

    private static boolean readMessageAttribute(String name, JsonParser parser, Attributes.Builder attributes)
            throws IOException {
        String type = null;
        String value = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            JsonToken token = parser.nextToken();
            if (key.equals("Type") && type == null && token == JsonToken.VALUE_STRING) {
                type = parser.getText();
            } else if (key.equals("Value") && value == null && (token == JsonToken.VALUE_STRING || token.isNumeric())) {
                value = parser.getText();
            } else if (key.equals("Type") || key.equals("Value")) {
                return false;
            } else {
                parser.skipChildren();
            }
        }
        if (type == null || type.isEmpty() || value == null) {
            return false;
        }
        try {
            attributes.put(name, type, value);
            return true;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private void readEnd(JsonParser parser) throws IOException {
        if (!open.isEmpty() && parser.nextToken() != null) {
            close(EnumSet.copyOf(open), "text after the JSON object");
        }
    }

    private void judgeWhole() {
        for (Kind kind : EnumSet.copyOf(open)) {
            for (Field field : Objects.requireNonNull(Field.REQUIRED.get(kind))) {
                boolean there = seen.contains(field) && (field == Field.RESOURCES || text(field) != null);
                if (!there) {
                    close(EnumSet.of(kind), field.missing());
                    break;
                }
            }
        }
        if (is(Kind.CLOUDEVENTS) && text(Field.DATA_BASE64) != null) {
            require(!seen.contains(Field.DATA), Kind.CLOUDEVENTS, "both 'data' and 'data_base64'");
            decodeData(required(Field.DATA_BASE64));
        }
    }

    private void decodeData(String base64) {
        try {
            dataBytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException notBase64) {
            close(EnumSet.of(Kind.CLOUDEVENTS), "no base64 in 'data_base64'");
        }
    }

    private void require(boolean holds, Kind kind, String otherwise) {
        if (!holds) {
            close(EnumSet.of(kind), otherwise);
        }
    }

    private void close(Set<Kind> kinds, String problem) {
        for (Kind kind : kinds) {
            if (open.remove(kind)) {
                problems.put(kind, problem);
            }
        }
    }

    private static String place(IOException malformed) {
        JsonLocation at = malformed instanceof JsonProcessingException json ? json.getLocation() : null;
        return at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    }
}
