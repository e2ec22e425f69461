package io.github.eventfork.envelope;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;

/**
 * The one streaming parser of this package, bounded against hostile bodies.
 *
 * <p>Names are neither interned nor kept in a symbol table, so that bodies full of new keys fill nothing up. Buffers
 * come from a pool and not from thread locals, which virtual threads would throw away after each message.
 */
final class Json {
    /** Deeper than any envelope or payload of good faith; databind stops no earlier. */
    static final int NESTING = 500;

    static final int NUMBER_LENGTH = 1_000;

    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(NESTING)
                    .maxNumberLength(NUMBER_LENGTH)
                    .build())
            .build();

    private Json() {}

    static JsonParser parser(String text) throws IOException {
        return FACTORY.createParser(text);
    }
}
