package io.github.eventfork.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.eventfork.idempotency.Claim;
import io.github.eventfork.idempotency.IdempotencyStore;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoreStoriesTest {

    private static final Duration MARGIN = Duration.ofSeconds(1);

    private final VirtualRuntime time = VirtualRuntime.seeded(1);

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {
                // these need keys, times or threads that no story has
                "CHECKS_THEN_ACTS",
                "CUTS_KEYS_OFF",
                "FOLDS_CASE"
            })
    void stories_find_by_themselves_what_a_rule_finds(BrokenStore broken) {
        assertThatThrownBy(() -> told(1, 200, broken::on))
                .hasMessageStartingWith("The random story of seed ")
                .hasMessageContaining(", but ");
    }

    @Test
    void a_story_that_goes_wrong_is_shrunk_and_told_with_its_seed() {
        assertThatThrownBy(() -> told(7, 200, BrokenStore.FORGETS_A_NEIGHBOUR::on))
                .hasMessage("""
                The random story of seed 8 goes wrong after 44 calls. So does this much of it:
                00:00.000  claim key-1 for 23.774s: Acquired[token=1]
                00:00.000  release key-1 with the last token: true
                00:00.000  claim key-5 for 8.904s: Acquired[token=3]
                00:00.000  claim key-11 for 1m33.556s: Acquired[token=5]
                00:00.000  claim key-1 for 10.773s: Acquired[token=7]
                00:00.000  release key-11 with the last token: false, but the token holds the key
                To tell it again: tell(8)""");
    }

    @Test
    void a_store_that_throws_is_told_of_with_what_it_threw() {
        IllegalStateException down = new IllegalStateException("down");

        assertThatThrownBy(() -> told(1, 1, store -> new Store(store) {
                    @Override
                    public boolean release(String key, String token) {
                        throw down;
                    }
                }))
                .hasMessageContaining(
                        "release key-1 with a token of nobody: threw java.lang.IllegalStateException, but")
                .hasCause(down);
    }

    @Test
    void a_store_that_answers_nothing_is_found_out() {
        assertThatThrownBy(() -> told(1, 1, store -> new Store(store) {
                    @Override
                    public Claim claim(String key, Duration hold) {
                        return null;
                    }
                }))
                .hasMessageContaining(": null, but the claim should have been granted");
    }

    @Test
    void one_token_for_all_is_found_out() {
        assertThatThrownBy(() -> told(1, 1, store -> new Store(store) {
                    private final Map<String, String> tokens = new HashMap<>();

                    @Override
                    public Claim claim(String key, Duration hold) {
                        Claim answer = super.claim(key, hold);
                        if (answer instanceof Claim.Acquired acquired) {
                            tokens.put(key, acquired.token());
                            return new Claim.Acquired("one");
                        }
                        return answer;
                    }

                    @Override
                    public boolean renew(String key, String token, Duration hold) {
                        return super.renew(key, own(key, token), hold);
                    }

                    @Override
                    public boolean complete(String key, String token, Duration rememberFor) {
                        return super.complete(key, own(key, token), rememberFor);
                    }

                    @Override
                    public boolean release(String key, String token) {
                        return super.release(key, own(key, token));
                    }

                    private String own(String key, String token) {
                        return token.equals("one") ? tokens.getOrDefault(key, token) : token;
                    }
                }))
                .hasMessageContaining(", but two claims got the token one");
    }

    @Test
    void every_answer_comes_up_in_every_story() throws InterruptedException {
        for (int seed = 1; seed <= 200; seed++) {
            // given
            Answers[] answers = new Answers[1];

            // when
            told(seed, 1, store -> answers[0] = new Answers(store));

            // then
            assertThat(answers[0].seen)
                    .as("story %d", seed)
                    .containsExactly(
                            "Acquired",
                            "Completed",
                            "InProgress",
                            "complete false",
                            "complete true",
                            "release false",
                            "release true",
                            "renew false",
                            "renew true");
        }
    }

    @Test
    void no_key_is_asked_about_closer_than_twice_the_margin_to_its_deadline() throws InterruptedException {
        told(1, 200, KnowsDeadlines::new);
    }

    @Test
    void the_same_seed_tells_the_same_story_and_another_tells_another() {
        assertThat(StoreStory.of(7, 300, MARGIN)).isEqualTo(StoreStory.of(7, 300, MARGIN));
        assertThat(StoreStory.of(8, 300, MARGIN).moves())
                .isNotEqualTo(StoreStory.of(7, 300, MARGIN).moves());
    }

    @Test
    void what_a_slow_call_leaves_open_is_not_held_against_the_store() throws InterruptedException {
        Throwable failure = catchThrowable(() -> slowlyTold(UnaryOperator.identity()));

        assertThat(failure).isNull();
    }

    @ParameterizedTest
    @EnumSource(names = {"RENEWS_BY_KEY", "COMPLETES_BY_KEY", "RELEASES_BY_KEY", "SAYS_MORE_THAN_REMAINS"})
    void slow_calls_hide_no_fault(BrokenStore broken) {
        assertThatThrownBy(() -> slowlyTold(broken::on)).hasMessageStartingWith("The random story of seed ");
    }

    @Test
    void a_story_in_real_time_ends_with_its_time() throws InterruptedException {
        // given
        StoryClock clock = StoryClock.movedBy(time::advance);
        StoryStage stage = StoryStage.sideBySide(inMemory(), clock, MARGIN, Duration.ofSeconds(50));

        // when
        stage.firstFailing(List.of(StoreStory.of(1, 10_000, MARGIN)));

        // then
        assertThat(Duration.ofNanos(clock.nanos())).isBetween(Duration.ofSeconds(40), Duration.ofSeconds(50));
    }

    @Test
    void a_store_in_real_time_keeps_the_contract() throws Throwable {
        inRealTime(new InMemoryIdempotencyStore()).getExecutable().execute();
    }

    @ParameterizedTest
    @EnumSource(names = {"RENEWS_BY_KEY", "COMPLETES_BY_KEY", "RELEASES_BY_KEY"})
    void a_store_in_real_time_that_ignores_tokens_is_found_out(BrokenStore broken) {
        DynamicTest test = inRealTime(broken.on(new InMemoryIdempotencyStore()));

        assertThatThrownBy(() -> test.getExecutable().execute())
                .hasMessageContaining(": true, but the token does not hold the key")
                .hasMessageContaining("IdempotencyStoreContract.storiesInRealTime(store, margin, ");
    }

    @Test
    void a_margin_is_1_ms_to_2_s() {
        for (Duration margin : Set.of(Duration.ofNanos(999_999), Duration.ofMillis(2_001))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> IdempotencyStoreContract.storiesInRealTime(inMemory(), margin, 1))
                    .withMessage("the margin must be 1 ms to 2 s, was " + margin);
        }
    }

    private static DynamicTest inRealTime(IdempotencyStore store) {
        return IdempotencyStoreContract.storiesInRealTime(store, Duration.ofMillis(2), 1);
    }

    private void told(long seed, int stories, UnaryOperator<IdempotencyStore> changed) throws InterruptedException {
        StoryStage stage =
                StoryStage.inTurn(() -> changed.apply(inMemory()), () -> StoryClock.movedBy(time::advance), MARGIN);
        StoreStories.check(stage, seed, stories, 300, "tell(");
    }

    /** To a store each of whose calls takes up to three margins, before its answer is known and after it. */
    private void slowlyTold(UnaryOperator<IdempotencyStore> changed) throws InterruptedException {
        Random random = new Random(1);
        StoryClock slow = new StoryClock() {
            @Override
            public long nanos() {
                time.advance(Duration.ofMillis(random.nextInt(3_000)));
                return time.nanoTime();
            }

            @Override
            public void pass(Duration passing) {
                time.advance(passing);
            }
        };
        StoryStage stage = StoryStage.inTurn(() -> changed.apply(inMemory()), () -> slow, MARGIN);
        StoreStories.check(stage, 1, 20, 300, "tell(");
    }

    private IdempotencyStore inMemory() {
        return new InMemoryIdempotencyStore(1_000, time::nanoTime);
    }

    private static class Store implements IdempotencyStore {
        private final IdempotencyStore store;

        Store(IdempotencyStore store) {
            this.store = store;
        }

        @Override
        public Claim claim(String key, Duration hold) {
            return store.claim(key, hold);
        }

        @Override
        public boolean renew(String key, String token, Duration hold) {
            return store.renew(key, token, hold);
        }

        @Override
        public boolean complete(String key, String token, Duration rememberFor) {
            return store.complete(key, token, rememberFor);
        }

        @Override
        public boolean release(String key, String token) {
            return store.release(key, token);
        }
    }

    /** Which answers it gave. */
    private static final class Answers extends Store {
        final Set<String> seen = new TreeSet<>();

        Answers(IdempotencyStore store) {
            super(store);
        }

        @Override
        public Claim claim(String key, Duration hold) {
            Claim answer = super.claim(key, hold);
            seen.add(answer.getClass().getSimpleName());
            return answer;
        }

        @Override
        public boolean renew(String key, String token, Duration hold) {
            return seen("renew ", super.renew(key, token, hold));
        }

        @Override
        public boolean complete(String key, String token, Duration rememberFor) {
            return seen("complete ", super.complete(key, token, rememberFor));
        }

        @Override
        public boolean release(String key, String token) {
            return seen("release ", super.release(key, token));
        }

        private boolean seen(String call, boolean answer) {
            seen.add(call + answer);
            return answer;
        }
    }

    /** Is asked about no key near its deadline. */
    private final class KnowsDeadlines extends Store {
        private final Map<String, Duration> deadlines = new HashMap<>();

        KnowsDeadlines(IdempotencyStore store) {
            super(store);
        }

        private void asked(String key) {
            Duration deadline = deadlines.getOrDefault(key, Duration.ofDays(-1));
            assertThat(time.elapsed().minus(deadline).abs()).isGreaterThanOrEqualTo(MARGIN.multipliedBy(2));
        }

        private boolean until(boolean granted, String key, Duration length) {
            if (granted) {
                deadlines.put(key, time.elapsed().plus(length));
            }
            return granted;
        }

        @Override
        public Claim claim(String key, Duration hold) {
            asked(key);
            Claim answer = super.claim(key, hold);
            until(answer instanceof Claim.Acquired, key, hold);
            return answer;
        }

        @Override
        public boolean renew(String key, String token, Duration hold) {
            asked(key);
            return until(super.renew(key, token, hold), key, hold);
        }

        @Override
        public boolean complete(String key, String token, Duration rememberFor) {
            asked(key);
            return until(super.complete(key, token, rememberFor), key, rememberFor);
        }

        @Override
        public boolean release(String key, String token) {
            asked(key);
            boolean released = super.release(key, token);
            if (released) {
                deadlines.remove(key);
            }
            return released;
        }
    }
}
