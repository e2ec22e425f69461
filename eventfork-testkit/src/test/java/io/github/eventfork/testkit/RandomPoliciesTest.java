package io.github.eventfork.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.eventfork.filter.FilterPolicy.Scope;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Policies that no fork would write, good and bad: give {@code -Deventfork.filters.seed=..} to look further. */
class RandomPoliciesTest {

    private static final long SEED = Long.getLong("eventfork.filters.seed", 20_261_125L);
    private static final List<String> KEYS = List.of("a", "b", "a.b", "c", "$or", "prefix", "", "é");
    private static final List<String> OPERATORS = List.of(
            "prefix",
            "suffix",
            "equals-ignore-case",
            "anything-but",
            "exists",
            "numeric",
            "cidr",
            "wildcard",
            "exactly",
            "regex",
            "$or");
    private static final List<String> TEXTS =
            List.of("", "a", "x", "<", "<=", "=", ">", ">=", "10.0.0.0/8", "::/0", "10.0.0.1", "a*b", "😀");

    private final Random random = new Random(SEED);
    private final JsonNodeFactory json = JsonNodeFactory.instance;

    @Test
    void a_policy_is_refused_in_words_or_judges_every_event() {
        int taken = 0;
        for (int i = 0; i < 20_000; i++) {
            String policy = object(3).toString();
            Scope scope = random.nextBoolean() ? Scope.MESSAGE_BODY : Scope.MESSAGE_ATTRIBUTES;
            Optional<SnsFilterPolicy> compiled = compiled(policy, scope);
            taken += compiled.isPresent() ? 1 : 0;
            compiled.ifPresent(it -> assertJudged(it, event(3).toString()));
        }
        assertThat(taken).as("policies that were taken, seed %d", SEED).isBetween(2_000, 18_000);
    }

    private static Optional<SnsFilterPolicy> compiled(String policy, Scope scope) {
        try {
            return Optional.of(SnsFilterPolicy.of(policy, scope));
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage())
                    .as("seed %d, %s", SEED, policy)
                    .matches("(?s)(FilterPolicy: |Filter policy scope ).+");
            return Optional.empty();
        } catch (RuntimeException e) {
            return fail("seed " + SEED + ", policy " + policy, e);
        }
    }

    private static void assertJudged(SnsFilterPolicy policy, String event) {
        Supplier<String> pair = () -> "seed " + SEED + ", policy " + policy.json() + ", event " + event;
        try {
            boolean taken = policy.takes(event, event);
            assertThat(policy.refusedBy(event, event).isEmpty()).as(pair).isEqualTo(taken);
        } catch (RuntimeException e) {
            fail(pair.get(), e);
        }
    }

    private ObjectNode object(int depth) {
        ObjectNode object = json.objectNode();
        for (int i = random.nextInt(3); i >= 0; i--) {
            String key = KEYS.get(random.nextInt(KEYS.size()));
            object.set(key, key.equals("$or") && random.nextInt(4) > 0 ? groups(depth) : value(depth));
        }
        return object;
    }

    private JsonNode value(int depth) {
        if (depth > 0 && random.nextInt(4) == 0) {
            return object(depth - 1);
        }
        return random.nextInt(12) == 0 ? scalar() : matches();
    }

    private ArrayNode groups(int depth) {
        ArrayNode groups = json.arrayNode();
        for (int i = random.nextInt(3) + (random.nextInt(6) == 0 ? 0 : 1); i >= 0; i--) {
            groups.add(object(Math.max(0, depth - 1)));
        }
        return groups;
    }

    private ArrayNode matches() {
        ArrayNode matches = json.arrayNode();
        for (int i = random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(2); i > 0; i--) {
            matches.add(random.nextBoolean() ? scalar() : operator());
        }
        return matches;
    }

    private ObjectNode operator() {
        ObjectNode match = json.objectNode();
        do {
            String name = OPERATORS.get(random.nextInt(OPERATORS.size()));
            match.set(name, operand(name));
        } while (random.nextInt(20) == 0);
        return match;
    }

    private JsonNode operand(String operator) {
        if (operator.equals("numeric") && random.nextInt(4) > 0) {
            return json.arrayNode()
                    .add(List.of("<", ">=", "=").get(random.nextInt(3)))
                    .add(random.nextInt(9));
        }
        if (operator.equals("exists") && random.nextInt(4) > 0) {
            return json.booleanNode(random.nextBoolean());
        }
        return switch (random.nextInt(8)) {
            case 0 -> matches();
            case 1 -> operator();
            case 2 -> json.arrayNode().add(scalar()).add(scalar());
            default -> scalar();
        };
    }

    private JsonNode scalar() {
        return switch (random.nextInt(10)) {
            case 0 -> json.booleanNode(random.nextBoolean());
            case 1 -> json.nullNode();
            case 2 -> json.numberNode(random.nextInt(10));
            case 3 -> json.numberNode(List.of(1e9, -1e9, 1.5, 1e-7, 1e10, 1e300).get(random.nextInt(6)));
            default -> json.textNode(TEXTS.get(random.nextInt(TEXTS.size())));
        };
    }

    private JsonNode event(int depth) {
        ObjectNode event = json.objectNode();
        for (String key : KEYS) {
            JsonNode value = depth > 0 && random.nextInt(3) == 0 ? event(depth - 1) : scalar();
            event.set(key, random.nextInt(3) == 0 ? json.arrayNode().add(value).add(scalar()) : value);
        }
        return event;
    }
}
