package io.github.eventfork.conformance.filters;

import static io.github.eventfork.testkit.EventforkAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.eventfork.Fork;
import io.github.eventfork.conformance.filters.RandomFork.Draft;
import io.github.eventfork.conformance.filters.RandomFork.Wanted;
import io.github.eventfork.conformance.filters.Routing.Oddity;
import io.github.eventfork.filter.FilterPolicy;
import io.github.eventfork.testkit.ForkAssert;
import io.github.eventfork.testkit.SnsFilterPolicy;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A failure names its seed; give it by {@code -Deventfork.filters.seed=..} to see it again, or another to look further. */
class FilterAgreementTest {

    static final long SEED = Long.getLong("eventfork.filters.seed", 20_261_125L);

    @Test
    void a_fork_receives_what_its_conditions_mean() {
        // given 400 forks and 50 events
        Random random = new Random(SEED);
        List<RandomEvent> events =
                Stream.generate(() -> RandomEvent.draw(random)).limit(50).toList();

        // then no pair of them is told apart
        int received = 0;
        for (int i = 0; i < 400; i++) {
            RandomFork fork = RandomFork.draw(random);
            ForkAssert asserted = assertThat(fork.fork());
            for (RandomEvent event : events) {
                boolean expected = Meaning.receives(fork, event);
                received += expected ? 1 : 0;
                assertAgreed(asserted, fork, event, expected);
            }
        }
        assertThat(received).as("received pairs of 20,000, seed %d", SEED).isBetween(1_000, 10_000);
    }

    @Test
    void a_fork_handles_what_it_receives_but_for_documented_oddities_and_receives_what_it_could_handle() {
        // given the same number of pairs
        Random random = new Random(SEED);
        List<RandomEvent> events =
                Stream.generate(() -> RandomEvent.draw(random)).limit(50).toList();

        // then
        Map<Oddity, Integer> odd = new EnumMap<>(Oddity.class);
        int handled = 0;
        for (int i = 0; i < 400; i++) {
            RandomFork fork = RandomFork.draw(random);
            for (RandomEvent event : events) {
                boolean received = Meaning.receives(fork, event);
                boolean routed = Routing.has(fork, event);
                Supplier<String> pair = () -> Pairs.described(SEED, fork, event, received);
                assertThat(Routing.handles(fork, event))
                        .as(() -> "it is handled; " + pair.get())
                        .isEqualTo(routed);
                if (routed && Routing.meetsConditions(fork, event)) {
                    assertThat(received)
                            .as(() -> "it could be handled; " + pair.get())
                            .isTrue();
                    handled++;
                }
                if (received && !routed) {
                    Optional<Oddity> oddity = Routing.oddity(fork, event);
                    assertThat(oddity)
                            .as(() -> "it is not handled; " + pair.get())
                            .isPresent();
                    odd.merge(oddity.get(), 1, Integer::sum);
                }
            }
        }
        assertThat(handled).as("handled of 20,000, seed %d", SEED).isGreaterThan(500);
        assertThat(odd.keySet()).as("seed %d", SEED).containsExactlyInAnyOrder(Oddity.values());
    }

    private static void assertAgreed(ForkAssert asserted, RandomFork fork, RandomEvent event, boolean expected) {
        asserted.as(() -> Pairs.described(SEED, fork, event, expected));
        if (expected) {
            asserted.receives(Pairs.message(event));
        } else {
            asserted.ignores(Pairs.message(event));
        }
    }

    @Test
    void a_fork_is_built_exactly_if_sns_would_take_its_policy() {
        Random random = new Random(SEED);
        int refused = 0;
        for (int i = 0; i < 2_000; i++) {
            // given one that may have too many keys or combinations
            Draft draft = new Draft(random);
            draft.conditions(5);
            if (random.nextBoolean()) {
                draft.groups();
            }
            Wanted wanted = draft.wanted();
            int keys = wanted.keys();

            // then core counts as the draft does
            if (keys > 5) {
                assertRefused(draft.builder, keys + " keys");
                refused++;
            } else if (wanted.combinations() > 150) {
                assertRefused(draft.builder, wanted.combinations() + " combinations");
                refused++;
            } else {
                // and the testkit too: it takes the policy as long as one key more does not bring it past 150
                assertCounted(draft.builder.build().filterPolicy(), wanted.combinations(), keys);
            }
        }
        assertThat(refused).as("refused of 2,000, seed %d", SEED).isBetween(200, 1_800);
    }

    private static void assertRefused(Fork.Builder fork, String count) {
        assertThatIllegalStateException()
                .as("seed %d", SEED)
                .isThrownBy(fork::build)
                .withMessageContaining(" " + count);
    }

    private static void assertCounted(FilterPolicy policy, long combinations, int keys) {
        assertThatCode(() -> SnsFilterPolicy.of(policy))
                .as("seed %d, %s", SEED, policy)
                .doesNotThrowAnyException();
        if (keys < 5 && !policy.takesAll()) {
            int most = (int) (150 / combinations);
            String more = withKey(policy, most);
            assertThatCode(() -> SnsFilterPolicy.of(more, policy.scope()))
                    .as("seed %d, %s", SEED, more)
                    .doesNotThrowAnyException();
            assertThatIllegalArgumentException()
                    .as("seed %d, %s and one value more", SEED, more)
                    .isThrownBy(() -> SnsFilterPolicy.of(withKey(policy, most + 1), policy.scope()))
                    .withMessage("FilterPolicy: Filter policy is too complex");
        }
    }

    private static String withKey(FilterPolicy policy, int values) {
        return "{\"another\":"
                + IntStream.range(0, values).mapToObj(i -> "\"" + i + "\"").collect(Collectors.joining(",", "[", "],"))
                + policy.json().substring(1);
    }
}
