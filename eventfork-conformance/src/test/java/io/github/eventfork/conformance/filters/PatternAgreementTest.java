package io.github.eventfork.conformance.filters;

import static io.github.eventfork.conformance.filters.FilterAgreementTest.SEED;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.eventfork.envelope.Envelope;
import io.github.eventfork.filter.FilterPolicy.Scope;
import io.github.eventfork.testkit.SnsFilterPolicy;
import io.github.eventfork.topology.FunctionSettings;
import io.github.eventfork.topology.Topology;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.event.ruler.Machine;

/** An event bus lets in what the topic would: the rendered pattern is asked of the matcher that EventBridge is built on. */
class PatternAgreementTest {

    private static final YAMLMapper YAML = new YAMLMapper();

    @Test
    void a_rule_lets_in_what_the_conditions_of_its_fork_mean() throws Exception {
        // given events, and forks behind a bus
        Random random = new Random(SEED);
        List<RandomEvent> events = Stream.generate(() -> RandomEvent.draw(random))
                .filter(event -> event.body() instanceof Map)
                .limit(50)
                .toList();

        // then no pair of them is told apart
        int received = 0;
        int rendered = 0;
        while (rendered < 200) {
            RandomFork fork = RandomFork.draw(random);
            Optional<String> pattern = pattern(fork);
            if (pattern.isPresent()) {
                rendered++;
                Matcher matcher = matcher(pattern.get());
                for (RandomEvent event : events) {
                    boolean expected = Meaning.receives(fork, event);
                    received += expected ? 1 : 0;
                    assertThat(matcher.matches(event.bodyText()))
                            .as(() -> "pattern " + pattern.get() + "; " + Pairs.described(SEED, fork, event, expected))
                            .isEqualTo(expected);
                }
            }
        }
        assertThat(received).as("received pairs of 10,000, seed %d", SEED).isBetween(500, 5_000);
    }

    /** What is rendered for the fork, if it can be. */
    private static Optional<String> pattern(RandomFork fork) throws Exception {
        if (!fork.fork().envelope().equals(Optional.of(Envelope.Kind.EVENTBRIDGE))) {
            return Optional.empty();
        }
        try {
            String template = Topology.of("random")
                    .forks(fork.fork())
                    .toEventBridgeTemplate(it -> FunctionSettings.of("com.example.Function", "target/functions.jar"));
            JsonNode rule = YAML.readTree(template).at("/Resources/RandomRule/Properties/EventPattern");
            return Optional.of(rule.toString());
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageMatching(".*(asks for null|a name with a dot is a path).*");
            return Optional.empty();
        }
    }

    private interface Matcher {
        boolean matches(String event) throws Exception;
    }

    /** Groups are asked one by one, because in one machine some are found by chance only. */
    private static Matcher matcher(String pattern) throws Exception {
        if (pattern.contains("$or")) {
            SnsFilterPolicy policy = SnsFilterPolicy.of(pattern, Scope.MESSAGE_BODY);
            return event -> policy.takes("{}", event);
        }
        Machine machine = Machine.builder().build();
        machine.addRule("rule", pattern);
        return event -> !machine.rulesForJSONEvent(event).isEmpty();
    }
}
