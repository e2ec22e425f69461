package io.github.eventfork.topology;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.eventfork.filter.FilterPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Says a filter policy in words, for people; what it has no words for, it quotes. */
final class PolicyWords {

    private PolicyWords() {}

    /** One entry for each condition, of which all must hold. */
    static List<String> of(FilterPolicy policy) {
        if (policy.takesAll()) {
            return List.of("every event");
        }
        String place = policy.scope() == FilterPolicy.Scope.MESSAGE_BODY ? "body." : "";
        return all(place, Json.read(policy.json()));
    }

    private static List<String> all(String path, JsonNode conditions) {
        List<String> words = new ArrayList<>();
        conditions.properties().forEach(entry -> {
            JsonNode asked = entry.getValue();
            if (entry.getKey().equals("$or")) {
                words.add(stream(asked)
                        .map(branch -> String.join(" and ", all(path, branch)))
                        .collect(Collectors.joining(" or ", "(", ")")));
            } else if (asked.isObject()) {
                words.addAll(all(path + entry.getKey() + ".", asked));
            } else {
                words.add(path + entry.getKey() + " " + oneOf(asked));
            }
        });
        return words;
    }

    private static String oneOf(JsonNode asked) {
        String values = stream(asked)
                .filter(value -> !value.isObject())
                .map(JsonNode::asText)
                .distinct()
                .collect(Collectors.joining(" or "));
        Stream<String> operators = stream(asked).filter(JsonNode::isObject).map(PolicyWords::operator);
        return Stream.concat(values.isEmpty() ? Stream.of() : Stream.of("is " + values), operators)
                .collect(Collectors.joining(" or "));
    }

    private static String operator(JsonNode value) {
        if (value.size() != 1) {
            return quoted(value);
        }
        String operator = value.properties().iterator().next().getKey();
        JsonNode operand = value.get(operator);
        return switch (operator) {
            case "prefix" -> operand.isTextual() ? "begins with " + operand.asText() : quoted(value);
            case "suffix" -> operand.isTextual() ? "ends with " + operand.asText() : quoted(value);
            case "equals-ignore-case" -> "is " + operand.asText() + " in any case";
            case "cidr" -> "is in " + operand.asText();
            case "exists" -> operand.asBoolean() ? "is there" : "is not there";
            case "numeric" -> numeric(operand);
            case "anything-but" -> anythingBut(value, operand);
            default -> quoted(value);
        };
    }

    private static String numeric(JsonNode terms) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i + 1 < terms.size(); i += 2) {
            words.add(terms.get(i).asText() + " " + terms.get(i + 1).asText());
        }
        return "is " + String.join(" and ", words);
    }

    private static String anythingBut(JsonNode value, JsonNode operand) {
        if (operand.path("prefix").isTextual()) {
            return "does not begin with " + operand.path("prefix").asText();
        }
        if (operand.isObject()) {
            return quoted(value);
        }
        return "is not "
                + (operand.isArray()
                        ? stream(operand).map(JsonNode::asText).collect(Collectors.joining(" nor "))
                        : operand.asText());
    }

    private static String quoted(JsonNode value) {
        return "is " + Json.write(value);
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
