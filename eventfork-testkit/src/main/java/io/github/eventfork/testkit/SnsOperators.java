package io.github.eventfork.testkit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.Set;

/**
 * Refuses the operators that event-ruler takes and SNS does not, in the words that SNS has for what it does not know, with
 * the place in the policy that it names. Other mistakes are left to event-ruler, whose words are those of SNS.
 */
final class SnsOperators {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();
    private static final Set<String> TAKING_TEXT = Set.of("prefix", "suffix", "equals-ignore-case");
    private static final Set<String> OTHERS = Set.of("anything-but", "exists", "numeric", "cidr");
    private static final String OR = "$or";

    private final JsonParser parser;
    private final boolean orIsOperator;

    private SnsOperators(JsonParser parser, boolean orIsOperator) {
        this.parser = parser;
        this.orIsOperator = orIsOperator;
    }

    /**
     * Reads the policy once.
     *
     * @param policyJson an object
     * @param orIsOperator whether an {@code $or} in it is the operator
     * @throws JsonParseException at the first such operator
     */
    static void check(String policyJson, boolean orIsOperator) throws IOException {
        try (JsonParser parser = JSON.createParser(policyJson)) {
            parser.nextToken();
            new SnsOperators(parser, orIsOperator).object();
        }
    }

    private void object() throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean groups = orIsOperator && parser.currentName().equals(OR);
            JsonToken value = parser.nextToken();
            if (value == JsonToken.START_OBJECT) {
                object();
            } else if (value == JsonToken.START_ARRAY) {
                array(groups);
            }
        }
    }

    private void array(boolean groups) throws IOException {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                parser.skipChildren();
            } else if (groups) {
                object();
            } else {
                match();
            }
        }
    }

    private void match() throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String operator = parser.currentName();
            if (!TAKING_TEXT.contains(operator) && !OTHERS.contains(operator)) {
                throw new JsonParseException(parser, "Unrecognized match type " + operator);
            }
            JsonToken operand = parser.nextToken();
            if (operator.equals("anything-but") && operand == JsonToken.START_OBJECT) {
                anythingBut();
            } else if (TAKING_TEXT.contains(operator)) {
                text(operator, operand);
            }
            parser.skipChildren();
        }
    }

    private void anythingBut() throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String pattern = parser.currentName();
            if (!pattern.equals("prefix")) {
                throw new JsonParseException(parser, "Unsupported anything-but pattern: " + pattern);
            }
            text(pattern, parser.nextToken());
        }
    }

    private void text(String operator, JsonToken operand) throws IOException {
        if (operand != JsonToken.VALUE_STRING) {
            throw new JsonParseException(parser, operator + " match pattern must be a string");
        }
    }
}
