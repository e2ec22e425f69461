package io.github.eventfork.payload;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads payloads with Jackson: records, beans, {@code java.time}, a {@link JsonNode} tree; {@link String} is the text
 * as it came, {@code byte[]} its UTF-8 or the very bytes.
 *
 * <p>No class named by a message is ever loaded: default typing is off, {@code @JsonTypeInfo} that takes class names is
 * refused (named subtypes work), and so are properties and map keys of type {@link Class}. No host named by one is looked up:
 * an {@link java.net.InetAddress} must be written in numbers, an {@link java.net.InetSocketAddress} stays unresolved. A
 * {@link java.math.BigDecimal} has a scale of at most 1,000 either way, far less than makes arithmetic hang.
 *
 * <p>Immutable and thread-safe. Nothing here is null.
 */
public final class JacksonPayloads implements PayloadReader {
    private static final int NESTING = 500;
    private static final int NUMBER_LENGTH = 1_000;

    private final ObjectMapper mapper;

    /**
     * Makes the parsers; the mapper's own would keep the names of fields, whatever it is told once it is there, and its buffers in
     * thread locals, which virtual threads throw away after each message.
     */
    private final JsonFactory factory;

    private final boolean refusesTrailingText;
    private final Diagnosis diagnosis;
    private final Map<Class<?>, ObjectReader> readers = new ConcurrentHashMap<>();

    private JacksonPayloads(ObjectMapper mapper) {
        this.mapper = mapper;
        this.factory = forgetful(mapper.getFactory());
        this.refusesTrailingText = mapper.isEnabled(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        this.diagnosis = new Diagnosis(mapper);
    }

    /**
     * Returns the reader that forks use by default: unknown properties are ignored, text behind the JSON value is not,
     * nesting ends at 500 levels and a number at 1,000 digits.
     */
    public static JacksonPayloads standard() {
        JsonFactory factory = JsonFactory.builder()
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(NESTING)
                        .maxNumberLength(NUMBER_LENGTH)
                        .build())
                .build();
        return new JacksonPayloads(Guarded.in(JsonMapper.builder(factory)
                .addModule(new JavaTimeModule())
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build()));
    }

    /**
     * Returns a reader with the features, modules and limits of {@code mapper}, of which it keeps a copy without any
     * typing by class name, and that does not remember the names of fields: strangers would fill the memory with them. The
     * buffers of JSON come from a pool of its own.
     *
     * @throws IllegalArgumentException if the mapper cannot be copied: a subclass that does not override {@code copy()}
     */
    public static JacksonPayloads with(ObjectMapper mapper) {
        return new JacksonPayloads(Guarded.in(copyOf(mapper)));
    }

    /** One of another format than JSON stays as it is. */
    private static JsonFactory forgetful(JsonFactory factory) {
        return factory.getFormatName().equals(JsonFactory.FORMAT_NAME_JSON)
                ? factory.rebuild()
                        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                        .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
                        .build()
                : factory;
    }

    private static ObjectMapper copyOf(ObjectMapper mapper) {
        try {
            return mapper.copy();
        } catch (IllegalStateException notCopyable) {
            throw new IllegalArgumentException(
                    "the mapper must be copyable: " + mapper.getClass().getName() + " must override copy()",
                    notCopyable);
        }
    }

    @Override
    public <T> T read(String text, Class<T> type) throws PayloadException {
        if (type == String.class) {
            return type.cast(text);
        }
        if (type == byte[].class) {
            return type.cast(text.getBytes(StandardCharsets.UTF_8));
        }
        if (text.isBlank()) {
            throw new PayloadException("$", "is empty: there is no JSON value");
        }
        return readJson(text, type);
    }

    @Override
    public <T> T read(byte[] bytes, Class<T> type) throws PayloadException {
        return type == byte[].class ? type.cast(bytes.clone()) : PayloadReader.super.read(bytes, type);
    }

    private <T> T readJson(String text, Class<T> type) throws PayloadException {
        if (text.strip().equals("null") && !JsonNode.class.isAssignableFrom(type)) {
            throw isNull();
        }
        try (JsonParser parser = factory.createParser(text)) {
            parser.setCodec(mapper);
            T payload = readValue(parser, type);
            if (payload == null) {
                throw isNull();
            }
            return payload;
        } catch (IOException unreadable) {
            throw diagnosis.of(unreadable, type, null);
        }
    }

    /** The token that a failed parser stands at tells what was found, so the failure is explained before it closes. */
    private <T> @Nullable T readValue(JsonParser parser, Class<T> type) throws PayloadException {
        T payload;
        try {
            payload = reader(type).readValue(parser);
        } catch (IOException | RuntimeException unreadable) {
            throw diagnosis.of(unreadable, type, parser);
        }
        if (refusesTrailingText) {
            requireEnd(parser);
        }
        return payload;
    }

    private void requireEnd(JsonParser parser) throws PayloadException {
        @Nullable IOException malformed = null;
        try {
            if (parser.nextToken() == null) {
                return;
            }
        } catch (IOException noToken) {
            malformed = noToken;
        }
        throw new PayloadException("$", "is followed by more text; one JSON value is expected", malformed);
    }

    private static PayloadException isNull() {
        return new PayloadException("$", "is null");
    }

    /** The check for trailing text is made here, where it can be told from other failures. */
    private ObjectReader reader(Class<?> type) {
        return readers.computeIfAbsent(
                type, target -> mapper.readerFor(target).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS));
    }
}
