package io.github.eventfork.conformance.filters;

import io.github.eventfork.EventType;
import io.github.eventfork.envelope.Envelope;
import io.github.eventfork.filter.Condition;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a fork reads the event type, and what stands there.
 *
 * @param read what the builder is told
 * @param place where SNS finds it
 * @param form what can be read there
 */
record RandomType(EventType read, List<String> place, Form form) {

    /** What is a type where: anything but a text may also be one that is written like it. */
    enum Form {
        /** A String or a Number. */
        ATTRIBUTE("[+-]?[0-9.]+(e[0-9]+)?"),
        /** A string, a number as JSON writes it, or a truth value. */
        PAYLOAD("-?(0|[1-9][0-9]*)(\\.[0-9]+)?(e[0-9]+)?"),
        /** A string, or it is no envelope. */
        ENVELOPE("none");

        private final String numbers;

        Form(String numbers) {
            this.numbers = numbers;
        }
    }

    /** Some read like a number or a truth value, and some of those only in an attribute. */
    private static final List<String> TYPES = List.of(
            "signup",
            "login",
            "42",
            "true",
            "signup",
            "login",
            "42",
            "true",
            "1e3",
            "007",
            "+7",
            "-0.5",
            "1000000000",
            "0.00001",
            "42.50");

    static RandomType draw(Random random, Envelope.Kind kind, boolean inBody) {
        return switch (kind) {
            case EVENTBRIDGE -> new RandomType(EventType.standard(), List.of("detail-type"), Form.ENVELOPE);
            case CLOUDEVENTS -> new RandomType(EventType.standard(), List.of("type"), Form.ENVELOPE);
            case SNS, RAW ->
                inBody ? inPayload(random) : new RandomType(EventType.standard(), List.of("event"), Form.ATTRIBUTE);
        };
    }

    private static RandomType inPayload(Random random) {
        return random.nextBoolean()
                ? new RandomType(EventType.jsonPointer("/type"), List.of("type"), Form.PAYLOAD)
                : new RandomType(EventType.jsonPointer("/meta/type"), List.of("meta", "type"), Form.PAYLOAD);
    }

    static String one(Random random) {
        return TYPES.get(random.nextInt(TYPES.size()));
    }

    static Set<String> some(Random random) {
        Set<String> types = new TreeSet<>();
        do {
            types.add(one(random));
        } while (random.nextInt(2) == 0);
        return types;
    }

    /** That one of these types is there, counted as SNS counts it. */
    Ask ask(Set<String> types) {
        Set<BigDecimal> numbers = types.stream()
                .filter(type -> type.matches(form.numbers))
                .map(type -> new BigDecimal(type).stripTrailingZeros())
                .collect(Collectors.toSet());
        boolean truth = form == Form.PAYLOAD && types.contains("true");
        return new Ask(
                Condition.exists(),
                types.size() + numbers.size() + (truth ? 1 : 0),
                value -> value instanceof String text && types.contains(text)
                        || value instanceof BigDecimal number && numbers.contains(number.stripTrailingZeros())
                        || truth && value == Boolean.TRUE,
                false);
    }

    /** The type that a fork reads from an event, if it can. */
    Optional<String> of(RandomEvent event) {
        Object value = form == Form.ATTRIBUTE ? event.attributes().get(place.get(0)) : inBody(event.body());
        return Stream.ofNullable(value)
                .filter(there -> there instanceof String
                        || form == Form.ATTRIBUTE
                        || form == Form.PAYLOAD && (there instanceof BigDecimal || there instanceof Boolean))
                .map(RandomEvent::text)
                .findFirst();
    }

    private Object inBody(Object body) {
        Object at = body;
        for (String name : place) {
            at = at instanceof Map<?, ?> map ? map.get(name) : Ask.NULL;
        }
        return at;
    }
}
