package io.github.eventfork.conformance.filters;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * An event as a publisher means it: attributes and a body of strings, numbers, truth values, nulls, lists and maps.
 *
 * @param attributes a String, a BigDecimal, or a list of scalars, by name
 * @param body a map; or a String, which is sent as it is and is no JSON object
 * @param bodyText the body as it is written
 */
record RandomEvent(Map<String, Object> attributes, Object body, String bodyText) {

    /** What makes a body with a type, and detail or data, an EventBridge event and a CloudEvents event alike. */
    private static final Map<String, Object> ENVELOPE = Map.of(
            "id",
            "e-1",
            "source",
            "test",
            "specversion",
            "1.0",
            "version",
            "0",
            "account",
            "123456789012",
            "region",
            "eu-west-1",
            "time",
            "2026-01-31T12:00:00Z",
            "resources",
            List.of());

    static RandomEvent draw(Random random) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        RandomAsks values = new RandomAsks(random, false);
        put(random, attributes, "event", () -> type(random, false));
        for (String name : RandomFork.ATTRIBUTES) {
            put(random, attributes, name, () -> attribute(random, values));
        }
        boolean noObject = random.nextInt(25) == 0;
        Object body = noObject ? "no object" : event(random, new RandomAsks(random, true));
        return new RandomEvent(attributes, body, text(body));
    }

    private static Map<String, Object> event(Random random, RandomAsks values) {
        Map<String, Object> event = payload(random, values);
        event.putAll(ENVELOPE);
        put(random, event, "type", () -> type(random, true));
        put(random, event, "meta", () -> meta(random));
        if (random.nextInt(8) == 0) {
            event.put("meta.type", type(random, true));
        }
        put(random, event, "detail-type", () -> type(random, true));
        put(random, event, "detail", () -> payload(random, values));
        put(random, event, "data", () -> payload(random, values));
        return event;
    }

    /** Fields of the names that {@link RandomFork#FIELDS} ask for; {@code items} is where objects stand in arrays. */
    private static Map<String, Object> payload(Random random, RandomAsks values) {
        Map<String, Object> payload = new LinkedHashMap<>();
        for (String name : List.of("plan", "seats", "ip", "tags", "user.plan")) {
            put(random, payload, name, () -> field(random, values));
        }
        put(random, payload, "user", () -> {
            Map<String, Object> user = new LinkedHashMap<>();
            put(random, user, "plan", () -> field(random, values));
            put(random, user, "seats", () -> field(random, values));
            put(random, user, "address", () -> Map.of("city", field(random, values)));
            return user;
        });
        put(random, payload, "items", () -> items(random, values, 0));
        return payload;
    }

    private static Object items(Random random, RandomAsks values, int depth) {
        List<Object> items = new ArrayList<>();
        while (random.nextInt(3) > 0) {
            Map<String, Object> item = new LinkedHashMap<>();
            put(random, item, "sku", () -> field(random, values));
            put(random, item, "quantity", () -> field(random, values));
            items.add(depth < 2 && random.nextInt(6) == 0 ? items(random, values, depth + 1) : item);
        }
        return items;
    }

    private interface Draw {
        Object value();
    }

    private static void put(Random random, Map<String, Object> to, String name, Draw draw) {
        if (random.nextInt(5) > 0) {
            to.put(name, draw.value());
        }
    }

    /** An object with the type in it; at times in an array, as objects are that nobody counted on to be many. */
    private static Object meta(Random random) {
        Map<String, Object> meta = new LinkedHashMap<>();
        put(random, meta, "type", () -> type(random, true));
        return random.nextInt(5) == 0 ? List.of(meta) : meta;
    }

    /** One that has a route in some forks or in none, as a text or as what is written like it; at times in an array. */
    private static Object type(Random random, boolean inBody) {
        String type = random.nextInt(6) == 0 ? "other" : RandomType.one(random);
        Object value = random.nextBoolean() ? type : unquoted(type, inBody);
        return random.nextInt(7) == 0 ? List.of(value, "other") : value;
    }

    private static Object unquoted(String type, boolean inBody) {
        if (type.matches("[+-]?[0-9.]+(e[0-9]+)?")) {
            return new BigDecimal(type);
        }
        return inBody && type.equals("true") ? Boolean.TRUE : type;
    }

    private static Object attribute(Random random, RandomAsks values) {
        if (random.nextInt(4) == 0) {
            return list(random, values);
        }
        Object value = values.value();
        return value instanceof String || value instanceof BigDecimal ? value : value.toString();
    }

    private static Object field(Random random, RandomAsks values) {
        return switch (random.nextInt(10)) {
            case 0, 1 -> list(random, values);
            case 2 -> random.nextBoolean() ? Map.of() : Map.of("deeper", values.value());
            default -> values.value();
        };
    }

    private static List<Object> list(Random random, RandomAsks values) {
        List<Object> list = new ArrayList<>();
        while (random.nextInt(3) > 0) {
            list.add(values.value());
        }
        return list;
    }

    String dataType(String attribute) {
        Object value = attributes.get(attribute);
        return value instanceof List ? "String.Array" : value instanceof BigDecimal ? "Number" : "String";
    }

    /** An attribute's value as it is published. */
    String text(String attribute) {
        return text(attributes.get(attribute));
    }

    /** A value as it is written, a string without its quotation marks. */
    static String text(Object value) {
        return value instanceof String text ? text : json(value);
    }

    private static String json(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> quoted(entry.getKey()) + ":" + json(entry.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(RandomEvent::json).collect(Collectors.joining(",", "[", "]"));
        }
        return value instanceof BigDecimal number
                ? json(number)
                : value instanceof String ? quoted(value) : value.toString();
    }

    /** One number in one of three spellings, by its value. */
    private static String json(BigDecimal number) {
        return switch (Math.floorMod(number.intValue(), 3)) {
            case 0 -> number.toPlainString();
            case 1 -> number.unscaledValue() + "e" + -number.scale();
            default -> number.setScale(number.scale() + 1).toPlainString();
        };
    }

    private static String quoted(Object text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text.toString())) + '"';
    }

    @Override
    public String toString() {
        return "attributes "
                + attributes.keySet().stream()
                        .map(name -> name + " (" + dataType(name) + ") " + text(name))
                        .collect(Collectors.joining(", "))
                + "; body " + bodyText();
    }
}
