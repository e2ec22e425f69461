package io.github.eventfork.filter;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a filter policy must ask for so that everything that is read as an event type comes through: the text, and the
 * number or truth value that is written like it. SNS compares numbers by their value, so that a number comes through too
 * that is written differently and has no route.
 */
enum TypeValues {

    /** Of an attribute: a String, or a Number. */
    ATTRIBUTE("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?") {
        @Override
        Stream<Object> of(String type) {
            return Stream.concat(Stream.of(type), number(type).stream());
        }
    },

    /** Of a field of the payload: a string, a number or a truth value. */
    PAYLOAD("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?") {
        @Override
        Stream<Object> of(String type) {
            return type.equals("true") || type.equals("false")
                    ? Stream.of(type, Boolean.valueOf(type))
                    : Stream.concat(Stream.of(type), number(type).stream());
        }
    },

    /** Of an envelope, which is none if its type is no string. */
    ENVELOPE("(?!)") {
        @Override
        Stream<Object> of(String type) {
            return Stream.of(type);
        }
    };

    private final Pattern numbers;

    TypeValues(String numbers) {
        this.numbers = Pattern.compile(numbers);
    }

    /**
     * The values by which {@code type} comes through.
     *
     * @throws IllegalArgumentException if it may come as a number that SNS can't compare
     */
    abstract Stream<Object> of(String type);

    Optional<BigDecimal> number(String type) {
        return numbers.matcher(type).matches() ? Optional.of(Condition.number(type)) : Optional.empty();
    }
}
