package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.grouped;
import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.EventHandler;
import io.github.eventfork.Fork;
import io.github.eventfork.Health;
import io.github.eventfork.Idempotency;
import io.github.eventfork.Outcome;
import io.github.eventfork.RetryLaterException;
import io.github.eventfork.Settlement;
import io.github.eventfork.conformance.WatchedStore.Call;
import io.github.eventfork.idempotency.Claim;
import io.github.eventfork.payload.PayloadReader;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.LambdaHarness;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.PollerHarness;
import io.github.eventfork.testkit.Step;
import io.github.eventfork.testkit.VirtualRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is postponed waits in hand while its lease can be kept, and uses up no receive. */
@Promise(10)
class Promise10PostponedTest {

    private static final String KEY = Given.key("fork", "event-of-m-1");

    private final Given.Seen seen = new Given.Seen();
    private final VirtualRuntime time = VirtualRuntime.handlersOnThreads(1);
    private final WatchedStore store = new WatchedStore(time::nanoTime);

    /** What a store must not answer to a claim. */
    private enum NoAnswer {
        NULL(() -> null),
        NO_TOKEN(() -> new Claim.Acquired(null)),
        NO_REST(() -> new Claim.InProgress(null)),
        A_NEGATIVE_REST(() -> new Claim.InProgress(Duration.ofNanos(-1)));

        private final Supplier<Claim> answer;

        NoAnswer(Supplier<Claim> answer) {
            this.answer = answer;
        }
    }

    /** No thread is to be had for a handler, as from an executor that is full. */
    @Nested
    class A_thread {

        @ParameterizedTest
        @CsvSource({"ENGINE, false", "ENGINE, true", "SQS_POLLER, false", "SQS_POLLER, true"})
        void that_is_refused_costs_no_receive_and_no_attempt_and_is_asked_for_again_each_second(
                Pollers pollers, boolean fifo) {
            PollerHarness.Builder builder = poller(pollers, fork(seen::add)).maxReceiveCount(3);
            try (PollerHarness harness = (fifo ? builder.fifo() : builder).build()) {
                // given three refusals, which one message meets with
                harness.time().refuseHandlers(3);

                harness.deliver(grouped("m-1").receiveCount(3));
                harness.advance(Duration.ofMillis(2_900));
                assertThat(seen.ids()).isEmpty();
                assertThat(harness.outcomes("m-1"))
                        .containsOnly(new Outcome.Postponed("no thread could be had to run it", seconds(1)))
                        .hasSize(3);
                harness.advance(Duration.ofMillis(200));

                // then it has run, at its last receive, as its first attempt
                assertThat(seen.ids()).containsExactly("m-1");
                assertThat(harness.timeline().steps(Step.Received.class)).containsExactly(new Step.Received(3));
                assertThat(harness.timeline().settlements("m-1")).containsExactly(new Settlement.Acknowledge());
            }
        }

        @ParameterizedTest
        @EnumSource
        void that_is_refused_costs_no_place_and_no_slot(Pollers pollers) {
            // given as many refusals as would take all slots and all places in hand, many times
            Fork fork = fork(event -> {
                seen.add(event);
                time.sleep(seconds(1));
            });
            try (PollerHarness harness =
                    poller(pollers, fork).concurrency(2).inHand(4).build()) {
                harness.time().refuseHandlers(40);
                harness.deliver(messages(4));
                harness.advance(Duration.ofMinutes(1));
                assertThat(seen.ids()).hasSize(4);

                // then two handlers run at once, as ever
                harness.deliver(Arrays.copyOfRange(messages(12), 4, 12));
                harness.advance(Duration.ofMillis(500));
                assertThat(seen.ids()).hasSize(4 + 2);
                harness.advance(seconds(5));
                assertThat(seen.ids()).hasSize(12);
                assertThat(harness.queue().messages()).isEmpty();
            }
        }

        @ParameterizedTest
        @EnumSource
        void that_is_refused_keeps_no_poller_from_closing_and_what_waits_for_one_is_given_back(Pollers pollers) {
            PollerHarness harness = poller(pollers, fork(seen::add)).build();
            harness.time().refuseHandlers(1_000);
            harness.deliver(messages(5));
            harness.advance(seconds(2));

            harness.close();

            assertThat(harness.health().status()).isEqualTo(Health.Status.CLOSED);
            assertThat(harness.health().problem()).isEmpty();
            harness.advance(seconds(1));
            assertThat(harness.queue().messages()).hasSize(5).allMatch(InMemoryQueue.Item::visible);
        }
    }

    /** The store fails, at one kind of call or at all. */
    @Nested
    class A_store {

        @ParameterizedTest
        @CsvSource({"ENGINE, false", "ENGINE, true", "SQS_POLLER, false", "SQS_POLLER, true"})
        void that_is_down_for_ten_minutes_costs_no_message_a_receive(Pollers pollers, boolean fifo) {
            // given a queue that moves messages away after three receives, and more messages than can be in hand
            store.down();
            PollerHarness.Builder builder = pollers.of(fork(seen::add)).maxReceiveCount(3);
            try (PollerHarness harness = (fifo ? builder.fifo() : builder).build()) {
                harness.deliver(messages(200));
                harness.advance(Duration.ofMinutes(10));
                assertThat(seen.ids()).isEmpty();

                // when it is up again
                store.up();
                harness.advance(Duration.ofMinutes(1));

                // then all ran at their first receive, and nothing was moved away
                assertThat(Set.copyOf(seen.ids())).hasSize(200);
                assertThat(seen.ids()).hasSize(200);
                assertThat(harness.deadLetters()).isEmpty();
                assertThat(harness.queue().messages()).isEmpty();
                assertThat(harness.timeline().steps(Step.Received.class))
                        .hasSize(200)
                        .containsOnly(new Step.Received(1));
            }
        }

        @ParameterizedTest
        @EnumSource
        @Promise({10, 18})
        void that_is_down_stops_the_intake_by_itself(Pollers pollers) {
            store.down();
            try (PollerHarness harness = pollers.of(fork(seen::add)).inHand(20).build()) {
                harness.deliver(messages(200));
                harness.advance(Duration.ofMinutes(10));

                // then no more are in hand than may be, and the store is asked for these alone, each every 5 s
                assertThat(harness.timeline().steps(Step.Received.class)).hasSize(20);
                assertThat(store.count(Call.CLAIM)).isLessThanOrEqualTo(20 * (600 / 5 + 1));
            }
        }

        @ParameterizedTest
        @EnumSource
        @Promise({1, 10})
        void that_is_down_makes_no_dead_letter_of_what_is_at_its_last_receive(Pollers pollers) {
            store.down();
            try (PollerHarness harness =
                    poller(pollers, fork(seen::add)).maxReceiveCount(3).build()) {
                harness.deliver(signup("m-1").receiveCount(3));
                harness.advance(Duration.ofMinutes(10));
                assertThat(harness.outcomes("m-1")).isNotEmpty().allMatch(Outcome.Postponed.class::isInstance);

                store.up();
                harness.advance(seconds(10));

                assertThat(seen.ids()).containsExactly("m-1");
                assertThat(harness.deadLetters()).isEmpty();
            }
        }

        @ParameterizedTest
        @EnumSource
        void that_is_down_costs_no_attempt_either(Pollers pollers) {
            // given a handler that fails the first time that it runs
            store.down();
            Fork fork = fork(event -> {
                if (event.attempt() == 1) {
                    throw new IllegalStateException("the first time");
                }
            });
            try (PollerHarness harness = poller(pollers, fork).build()) {
                harness.deliver(signup("m-1"));
                harness.advance(seconds(30));
                store.up();
                harness.advance(seconds(20));

                // then its first run was attempt 1, and its second attempt 2
                assertThat(harness.timeline().steps(Step.Started.class))
                        .extracting(Step.Started::attempt)
                        .containsExactly(1, 2);
                assertThat(harness.deadLetters()).isEmpty();
            }
        }

        @ParameterizedTest
        @EnumSource
        @Promise({10, 15})
        void that_is_down_for_a_moment_is_waited_for_on_lambda_within_the_invocation(Functions functions) {
            store.down();
            try (LambdaHarness harness =
                    functions.of(fork(seen::add)).time(time).build()) {
                time.schedule(seconds(7), store::up);

                assertThat(harness.invoke(signup("m-1"), signup("m-2"))).isEmpty();
                assertThat(seen.ids()).containsExactlyInAnyOrder("m-1", "m-2");
            }
        }

        @ParameterizedTest
        @EnumSource
        @Promise({10, 15})
        void that_stays_down_is_reported_on_lambda_and_only_then(Functions functions) {
            store.down();
            try (LambdaHarness harness =
                    functions.of(fork(seen::add)).time(time).build()) {
                assertThat(harness.invoke(signup("m-1"), signup("m-2"))).containsExactlyInAnyOrder("m-1", "m-2");
                assertThat(store.count(Call.CLAIM)).isGreaterThan(2);
                assertThat(seen.ids()).isEmpty();
            }
        }

        @ParameterizedTest
        @CsvSource({"ENGINE, false", "ENGINE, true", "FORK_FUNCTION, false", "FORK_FUNCTION, true"})
        @Promise({10, 16})
        void that_stays_down_costs_a_receive_an_invocation_on_lambda_until_sqs_moves_the_messages_away_unrun(
                Functions functions, boolean settler) {
            // given a queue that moves messages away after three receives
            store.down();
            try (LambdaHarness harness = function(functions, settler, fork(seen::add))) {
                harness.deliver(signup("m-1"), signup("m-2"));
                harness.advance(Duration.ofMinutes(10));

                // then each had three, and it was SQS that made dead letters of what never ran
                assertThat(seen.ids()).isEmpty();
                for (String id : List.of("m-1", "m-2")) {
                    assertThat(harness.timeline().of(id).stream().map(moment -> moment.step()))
                            .filteredOn(Step.Received.class::isInstance)
                            .containsExactly(new Step.Received(1), new Step.Received(2), new Step.Received(3));
                }
                assertThat(harness.queue().log().movedAway()).containsExactlyInAnyOrder("m-1", "m-2");

                // and once it is up again, a redrive runs them
                store.up();
                harness.queue().redrive();
                harness.advance(Duration.ofMinutes(1));
                assertThat(seen.ids()).hasSize(2).doesNotHaveDuplicates();
                assertThat(harness.deadLetters()).isEmpty();
                assertThat(harness.queue().messages()).isEmpty();
            }
        }

        @ParameterizedTest
        @EnumSource
        void that_is_down_is_done_without_by_a_fork_that_fails_open(Pollers pollers) {
            List<String> keys = new ArrayList<>();
            Fork fork = Given.fork()
                    .on("signup", String.class, event -> keys.add(event.key().orElse("no key")))
                    .idempotency(Idempotency.in(store.down()).failOpen())
                    .build();
            try (PollerHarness harness = poller(pollers, fork).build()) {
                harness.deliver(signup("m-1"));
                harness.advance(seconds(1));

                assertThat(keys).containsExactly("no key");
                assertThat(store.calls()).containsExactly(Call.CLAIM);
                assertThat(harness.queue().messages()).isEmpty();
            }
        }

        @ParameterizedTest
        @EnumSource
        @Promise({9, 10})
        void that_fails_open_still_keeps_what_another_holds_from_running(Pollers pollers) {
            Fork fork = Given.fork()
                    .on("signup", String.class, seen::add)
                    .idempotency(Idempotency.in(store).failOpen())
                    .build();
            store.claim(KEY, seconds(60));
            try (PollerHarness harness = poller(pollers, fork).build()) {
                harness.deliver(signup("m-1"));
                harness.advance(seconds(30));

                assertThat(seen.ids()).isEmpty();
            }
        }

        @ParameterizedTest
        @EnumSource
        @Promise({1, 10})
        void whose_claim_is_answered_by_nothing_postpones_as_well(NoAnswer nothing) {
            store.answering(nothing.answer);
            try (PollerHarness harness = poller(Pollers.ENGINE, fork(seen::add)).build()) {
                // when
                harness.deliver(signup("m-1"));
                harness.advance(seconds(12));

                // then it is neither run nor acknowledged
                assertThat(seen.ids()).isEmpty();
                assertThat(harness.outcomes("m-1"))
                        .isNotEmpty()
                        .allSatisfy(outcome -> assertThat(outcome)
                                .isInstanceOfSatisfying(
                                        Outcome.Postponed.class,
                                        postponed -> assertThat(postponed.reason())
                                                .startsWith("the idempotency store failed with ")));

                // when
                store.up();
                harness.advance(seconds(10));

                // then
                assertThat(seen.ids()).containsExactly("m-1");
                assertThat(harness.timeline().steps(Step.Received.class)).hasSize(1);
            }
        }

        @ParameterizedTest
        @EnumSource
        @Promise({3, 10})
        void whose_claim_meets_with_an_error_postpones_as_well(Pollers pollers) {
            boolean[] broken = {true};
            store.at(Call.CLAIM, () -> {
                if (broken[0]) {
                    throw new NoClassDefFoundError("an/optional/Dependency");
                }
            });
            try (PollerHarness harness = poller(pollers, fork(seen::add)).build()) {
                harness.deliver(signup("m-1"));
                harness.advance(seconds(12));
                broken[0] = false;
                harness.advance(seconds(10));

                assertThat(seen.ids()).containsExactly("m-1");
                assertThat(harness.timeline().steps(Step.Received.class)).hasSize(1);
            }
        }

        @ParameterizedTest
        @EnumSource
        @Promise({9, 10})
        void whose_renewals_fail_loses_the_claim_and_says_so_but_neither_the_lease_nor_the_run(Pollers pollers) {
            // given a handler that takes 100 s on a lease of 25 s, and then of 30 s
            store.down(Call.RENEW);
            Fork fork = fork(event -> {
                time.sleep(seconds(100));
                seen.add(event);
            });
            try (PollerHarness harness =
                    poller(pollers, fork).visibilityTimeout(seconds(30)).build()) {
                harness.deliver(signup("m-1"));

                // when none of the renewals of its claim succeeds, then the key is another's from 25 s on
                harness.advance(seconds(24));
                assertThat(store.claim(KEY, seconds(1))).isInstanceOf(Claim.InProgress.class);
                harness.advance(seconds(2));
                assertThat(store.claim(KEY, seconds(1))).isInstanceOf(Claim.Acquired.class);
                harness.advance(seconds(75));

                // and it was tried again at each renewal of the lease, and the run ended well
                assertThat(store.count(Call.RENEW)).isGreaterThan(3);
                assertThat(seen.ids()).containsExactly("m-1");
                assertThat(harness.outcomes("m-1")).containsExactly(new Outcome.Handled());
                assertThat(harness.timeline().settlements("m-1")).containsExactly(new Settlement.Acknowledge());
                assertThat(harness.timeline().steps(Step.LeaseLost.class)).isEmpty();
                assertThat(harness.timeline().steps(Step.ClaimLost.class)).hasSize(1);
                assertThat(harness.queue().messages()).isEmpty();
            }
        }

        @ParameterizedTest
        @EnumSource
        void whose_complete_fails_does_not_prevent_acknowledging_and_that_is_told(Pollers pollers) {
            store.down(Call.COMPLETE);

            assertAcknowledgedAndTold(pollers);
        }

        @ParameterizedTest
        @EnumSource
        void whose_complete_is_refused_does_not_prevent_acknowledging_and_that_is_told(Pollers pollers) {
            store.refusing(Call.COMPLETE);

            assertAcknowledgedAndTold(pollers);
        }

        @ParameterizedTest
        @EnumSource
        @Promise({3, 10})
        void whose_complete_meets_with_an_error_does_not_prevent_acknowledging_and_that_is_told(Pollers pollers) {
            store.at(Call.COMPLETE, () -> {
                throw new NoClassDefFoundError("an/optional/Dependency");
            });

            assertAcknowledgedAndTold(pollers);
        }

        @ParameterizedTest
        @EnumSource
        void whose_release_fails_does_not_prevent_giving_back_and_the_next_attempt_waits_for_the_claim_to_expire(
                Pollers pollers) {
            // given a handler that fails once
            store.down(Call.RELEASE);
            Fork fork = fork(event -> {
                seen.add(event);
                if (seen.ids().size() == 1) {
                    throw new IllegalStateException("once");
                }
            });
            try (PollerHarness harness =
                    poller(pollers, fork).visibilityTimeout(seconds(30)).build()) {
                harness.deliver(signup("m-1"));
                harness.advance(seconds(1));
                assertThat(harness.timeline().settlements("m-1")).containsExactly(new Settlement.GiveBack(Given.DELAY));
                assertThat(harness.timeline().steps(Step.ClaimLost.class)).hasSize(1);

                // then it runs again when the claim is over, at its second receive
                harness.advance(seconds(23));
                assertThat(seen.ids()).hasSize(1);
                harness.advance(seconds(5));
                assertThat(seen.ids()).hasSize(2);
                assertThat(harness.timeline().steps(Step.Received.class))
                        .containsExactly(new Step.Received(1), new Step.Received(2));
                assertThat(harness.queue().messages()).isEmpty();
            }
        }

        @ParameterizedTest
        @CsvSource({"ENGINE, false", "ENGINE, true", "FORK_FUNCTION, false", "FORK_FUNCTION, true"})
        void whose_complete_fails_on_lambda_reports_nothing_and_that_is_told(Functions functions, boolean settler) {
            store.down(Call.COMPLETE);
            try (LambdaHarness harness = function(functions, settler, fork(seen::add))) {
                assertThat(harness.invoke(signup("m-1"), signup("m-2"))).isEmpty();

                assertThat(seen.ids()).containsExactly("m-1", "m-2");
                assertThat(harness.timeline().steps(Step.ClaimLost.class)).hasSize(2);
                assertThat(store.claim(KEY, seconds(1))).isInstanceOf(Claim.InProgress.class);
            }
        }

        @ParameterizedTest
        @CsvSource({"ENGINE, false", "ENGINE, true", "FORK_FUNCTION, false", "FORK_FUNCTION, true"})
        void whose_release_fails_on_lambda_reports_the_record_alone_and_it_runs_when_the_claim_is_over(
                Functions functions, boolean settler) {
            // given a handler that fails once
            store.down(Call.RELEASE);
            Fork fork = fork(event -> {
                seen.add(event);
                if (seen.ids().size() == 1) {
                    throw new IllegalStateException("once");
                }
            });
            try (LambdaHarness harness = function(functions, settler, fork)) {
                assertThat(harness.invoke(signup("m-1"), signup("m-2"))).containsExactly("m-1");
                assertThat(harness.timeline().steps(Step.ClaimLost.class)).hasSize(1);
                assertThat(store.claim(KEY, seconds(1))).isInstanceOf(Claim.InProgress.class);

                // then the next attempt waits for the claim to expire
                harness.advance(Duration.ofMinutes(5));
                assertThat(seen.ids()).containsExactly("m-1", "m-2", "m-1");
                assertThat(harness.deadLetters()).isEmpty();
                assertThat(harness.queue().messages()).isEmpty();
            }
        }

        private LambdaHarness function(Functions functions, boolean settler, Fork fork) {
            LambdaHarness.Builder builder = functions.of(fork).time(time);
            return (settler ? builder.settler() : builder).build();
        }

        private void assertAcknowledgedAndTold(Pollers pollers) {
            try (PollerHarness harness = poller(pollers, fork(seen::add)).build()) {
                harness.deliver(signup("m-1"));
                harness.advance(seconds(1));

                assertThat(harness.outcomes("m-1")).containsExactly(new Outcome.Handled());
                assertThat(harness.timeline().settlements("m-1")).containsExactly(new Settlement.Acknowledge());
                assertThat(harness.timeline().steps(Step.ClaimLost.class)).hasSize(1);
                assertThat(harness.queue().messages()).isEmpty();
            }
        }
    }

    /** The process has not the classes for what it is to read: its class path is broken. */
    @Nested
    class A_class {

        private static final String MISSING = "com/fasterxml/jackson/core/StreamReadConstraints";

        private boolean missing = true;

        @ParameterizedTest
        @CsvSource({"ENGINE, false", "ENGINE, true", "SQS_POLLER, false", "SQS_POLLER, true"})
        void that_is_missing_uses_up_no_further_receive_in_a_poller_which_waits_and_says_why(
                Pollers pollers, boolean fifo) {
            // given more messages than are in hand at once, and a queue that moves them away after three receives
            PollerHarness.Builder builder =
                    poller(pollers, reading()).inHand(40).maxReceiveCount(3);
            try (PollerHarness harness = (fifo ? builder.fifo() : builder).build()) {
                harness.deliver(messages(200));
                harness.advance(seconds(25));
                int polls = harness.queue().log().count(InMemoryQueue.Call.RECEIVE);

                // when an hour passes
                harness.advance(Duration.ofHours(1));

                // then what had been asked for is in hand, and nothing more is asked for
                assertThat(harness.queue().log().count(InMemoryQueue.Call.RECEIVE))
                        .isEqualTo(polls);
                assertThat(harness.timeline().steps(Step.Received.class))
                        .hasSizeLessThan(40)
                        .containsOnly(new Step.Received(1));
                assertThat(harness.queue().log().deadLetters()).isEmpty();
                assertThat(harness.health().status()).isEqualTo(Health.Status.FAILING);
                assertThat(harness.health().problem())
                        .hasValueSatisfying(problem -> assertThat(problem).contains(MISSING, "deploy again"));

                // and when the class is there, all run at their first receive
                missing = false;
                harness.advance(Duration.ofMinutes(2));
                assertThat(seen.ids()).hasSize(200).doesNotHaveDuplicates();
                assertThat(harness.timeline().steps(Step.Received.class)).hasSize(200);
                assertThat(harness.health().status()).isEqualTo(Health.Status.RUNNING);
            }
        }

        @ParameterizedTest
        @EnumSource
        @Promise({10, 21})
        void that_is_missing_gives_all_back_at_once_when_the_poller_closes_and_the_next_deploy_has_it(Pollers pollers) {
            PollerHarness broken =
                    poller(pollers, reading()).longPoll(seconds(1)).build();
            broken.deliver(signup("m-1"), signup("m-2"));
            broken.advance(Duration.ofMinutes(10));

            // when
            broken.close();
            missing = false;
            PollerHarness next = pollers.of(reading()).beside(broken).build();
            next.advance(seconds(1));

            // then
            assertThat(seen.ids()).containsExactlyInAnyOrder("m-1", "m-2");
            assertThat(broken.deadLetters()).isEmpty();
            next.close();
        }

        @ParameterizedTest
        @CsvSource({"ENGINE, false", "ENGINE, true", "FORK_FUNCTION, false", "FORK_FUNCTION, true"})
        @Promise({10, 15, 16})
        void that_is_missing_costs_a_receive_an_invocation_on_lambda_and_what_can_be_read_is_done(
                Functions functions, boolean settler) {
            LambdaHarness.Builder builder = functions.of(reading()).time(time).visibilityTimeout(Duration.ofMinutes(3));
            try (LambdaHarness harness = (settler ? builder.settler() : builder).build()) {
                // when
                List<String> reported = harness.invoke(
                        signup("m-1"), Message.raw("readable", "{}").messageId("m-2"), signup("m-3"));

                // then the invocation did not wait for a class
                assertThat(reported).containsExactly("m-1", "m-3");
                assertThat(time.elapsed()).isLessThan(seconds(1));
                assertThat(seen.ids()).containsExactly("m-2");
                assertThat(harness.outcomes("m-1")).singleElement().isInstanceOf(Outcome.Postponed.class);

                // and a settler hides them for a quarter of an hour, longer than the queue would by itself
                missing = false;
                harness.advance(Duration.ofMinutes(4));
                assertThat(seen.ids()).hasSize(settler ? 1 : 3);
                harness.advance(Duration.ofMinutes(12));
                assertThat(seen.ids()).hasSize(3);
            }
        }

        private Fork reading() {
            return Given.fork()
                    .payloads(new PayloadReader() {
                        @Override
                        public <T> T read(String text, Class<T> type) {
                            if (missing && !text.equals("{}")) {
                                throw new NoClassDefFoundError(MISSING);
                            }
                            return type.cast(text);
                        }
                    })
                    .on("signup", String.class, seen::add)
                    .on("readable", String.class, seen::add)
                    .build();
        }
    }

    /** A handler that says when to be tried again, as a service does that limits its rate. */
    @Nested
    class A_handler_that_says_later {

        private int laters = Integer.MAX_VALUE;

        private final Fork fork = Given.fork()
                .on("signup", String.class, event -> {
                    seen.add(event);
                    if (seen.ids().size() <= laters) {
                        throw new RetryLaterException(seconds(60), "rate limit");
                    }
                })
                .build();

        @ParameterizedTest
        @CsvSource({"ENGINE, false", "ENGINE, true", "SQS_POLLER, false", "SQS_POLLER, true"})
        void at_its_last_receive_is_waited_for_in_hand_however_often_it_says_so(Pollers pollers, boolean fifo) {
            laters = 30;
            PollerHarness.Builder builder = pollers.of(fork).maxReceiveCount(3);
            try (PollerHarness harness = (fifo ? builder.fifo() : builder).build()) {
                harness.deliver(signup("m-1").group("g").receiveCount(3));
                harness.advance(Duration.ofMinutes(29));
                assertThat(seen.ids()).hasSize(30);

                harness.advance(Duration.ofMinutes(2));

                assertThat(seen.ids()).hasSize(31);
                assertThat(harness.timeline().steps(Step.Received.class)).hasSize(1);
                assertThat(harness.timeline().steps(Step.Started.class))
                        .extracting(Step.Started::attempt)
                        .containsOnly(3);
                assertThat(harness.deadLetters()).isEmpty();
                assertThat(harness.queue().messages()).isEmpty();
            }
        }

        @ParameterizedTest
        @EnumSource
        @Promise({7, 10})
        void on_a_fifo_queue_is_waited_for_in_hand_and_uses_up_no_attempt(Pollers pollers) {
            laters = 10;
            try (PollerHarness harness =
                    pollers.of(fork).fifo().maxReceiveCount(3).build()) {
                Given.deliverTogether(harness, grouped("a-1"), grouped("a-2"));
                harness.advance(Duration.ofMinutes(11));

                assertThat(harness.timeline().steps(Step.Started.class))
                        .extracting(Step.Started::attempt)
                        .containsOnly(1);
                assertThat(seen.ids()).hasSize(12).endsWith("a-1", "a-2");
                assertThat(harness.queue().messages()).isEmpty();
            }
        }

        @ParameterizedTest
        @EnumSource
        @Promise({10, 19})
        void with_receives_left_is_given_back_for_that_time_so_that_others_have_its_place(Pollers pollers) {
            try (PollerHarness harness = pollers.of(fork).maxReceiveCount(3).build()) {
                harness.deliver(signup("m-1"));
                harness.advance(seconds(1));

                assertThat(harness.timeline().settlements("m-1")).containsExactly(new Settlement.GiveBack(seconds(60)));
            }
        }

        @ParameterizedTest
        @EnumSource
        @Promise({10, 21})
        void at_its_last_receive_runs_once_more_when_its_poller_closes_and_else_says_why_it_is_a_dead_letter(
                Pollers pollers) {
            PollerHarness harness = pollers.of(fork).maxReceiveCount(3).build();
            harness.deliver(signup("m-1").receiveCount(3), signup("m-2").receiveCount(3));
            harness.advance(seconds(10));
            laters = 3;

            harness.close();

            assertThat(seen.ids()).hasSize(4);
            assertThat(harness.queue().messages()).isEmpty();
            assertThat(harness.deadLetters()).hasSize(1);
            assertThat(harness.timeline().steps(Step.Settled.class))
                    .extracting(Step.Settled::settlement)
                    .hasSize(2)
                    .filteredOn(Settlement.DeadLetter.class::isInstance)
                    .singleElement()
                    .asString()
                    .contains("attempt 3 of 3", "rate limit");
        }

        @ParameterizedTest
        @CsvSource({"ENGINE, false", "ENGINE, true", "SQS_POLLER, false", "SQS_POLLER, true"})
        @Promise({10, 21})
        void with_receives_left_is_given_back_and_no_dead_letter_when_its_poller_closes(Pollers pollers, boolean fifo) {
            // given a message at its last attempt that SQS would hand out seven times more
            PollerHarness.Builder builder = pollers.of(fork).maxReceiveCount(10);
            PollerHarness harness = (fifo ? builder.fifo() : builder).build();
            harness.deliver(signup("m-1").group("g").receiveCount(3));
            harness.advance(seconds(10));

            harness.close();

            assertThat(seen.ids()).hasSize(1);
            assertThat(harness.deadLetters()).isEmpty();
            assertThat(harness.timeline().settlements("m-1")).singleElement().isInstanceOf(Settlement.GiveBack.class);
        }

        @ParameterizedTest
        @CsvSource({"ENGINE, false", "ENGINE, true", "SQS_POLLER, false", "SQS_POLLER, true"})
        void that_names_no_delay_does_not_spin(Pollers pollers, boolean fifo) {
            Fork at_once = Given.fork()
                    .on("signup", String.class, event -> {
                        seen.add(event);
                        throw new RetryLaterException(Duration.ZERO, "now, please");
                    })
                    .build();
            PollerHarness.Builder builder = pollers.of(at_once).maxReceiveCount(3);
            try (PollerHarness harness = (fifo ? builder.fifo() : builder).build()) {
                harness.deliver(signup("m-1").group("g").receiveCount(3));
                harness.advance(seconds(20));

                assertThat(seen.ids()).hasSizeBetween(15, 21);
            }
        }

        @ParameterizedTest
        @EnumSource
        @Promise({10, 21})
        void that_meets_a_store_that_is_down_waits_on_while_its_poller_closes(Pollers pollers) {
            // given a message at its last receive that was put off, and then postponed
            laters = 1;
            Fork guarded = Given.fork()
                    .on("signup", String.class, event -> {
                        seen.add(event);
                        if (seen.ids().size() == 1) {
                            throw new RetryLaterException(seconds(10), "rate limit");
                        }
                    })
                    .idempotency(Idempotency.in(store))
                    .build();
            PollerHarness harness = poller(pollers, guarded).maxReceiveCount(3).build();
            harness.deliver(signup("m-1").receiveCount(3));
            store.down();
            harness.advance(seconds(11));
            assertThat(harness.outcomes("m-1")).hasSize(2).last().isInstanceOf(Outcome.Postponed.class);
            time.schedule(Duration.ofMillis(500), store::up);

            harness.close();

            assertThat(seen.ids()).hasSize(2);
            assertThat(harness.deadLetters()).isEmpty();
            assertThat(harness.queue().messages()).isEmpty();
        }

        @ParameterizedTest
        @EnumSource
        @Promise({10, 21})
        void that_meets_a_store_that_stays_down_waits_on_more_than_once_while_its_poller_closes(Pollers pollers) {
            // given a message at its last receive that is postponed for 5 s, and a store that is down for longer
            store.down();
            Fork guarded = Given.fork()
                    .on("signup", String.class, seen::add)
                    .idempotency(Idempotency.in(store))
                    .build();
            PollerHarness harness = poller(pollers, guarded).maxReceiveCount(3).build();
            harness.deliver(signup("m-1").receiveCount(3));
            time.schedule(seconds(7), store::up);

            harness.close();

            assertThat(seen.ids()).containsExactly("m-1");
            assertThat(harness.queue().messages()).isEmpty();
            assertThat(harness.health().problem()).isEmpty();
        }

        @ParameterizedTest
        @EnumSource
        @Promise({10, 21})
        void that_meets_a_store_that_is_down_to_the_end_goes_back_in_time(Pollers pollers) {
            // given a message at its last receive, and a store that stays down
            store.down();
            Fork guarded = Given.fork()
                    .on("signup", String.class, seen::add)
                    .idempotency(Idempotency.in(store))
                    .build();
            PollerHarness harness = poller(pollers, guarded)
                    .maxReceiveCount(3)
                    .drainTimeout(seconds(10))
                    .longPoll(seconds(1))
                    .build();
            harness.deliver(signup("m-1").receiveCount(3));

            harness.close();

            // then it was given back when no handler may start any more, and the drain did not time out
            assertThat(seen.ids()).isEmpty();
            assertThat(harness.timeline().settlements("m-1"))
                    .hasSize(1)
                    .first()
                    .isInstanceOf(Settlement.GiveBack.class);
            assertThat(harness.health().problem()).isEmpty();
        }

        @ParameterizedTest
        @EnumSource
        void for_longer_than_a_lease_can_be_kept_is_a_dead_letter_at_its_last_receive(Pollers pollers) {
            Fork tomorrow = Given.fork()
                    .on("signup", String.class, event -> {
                        throw new RetryLaterException(Duration.ofHours(13), "tomorrow");
                    })
                    .build();
            try (PollerHarness harness = pollers.of(tomorrow).maxReceiveCount(3).build()) {
                harness.deliver(signup("m-1").receiveCount(3));
                harness.advance(seconds(1));

                assertThat(harness.deadLetters())
                        .extracting(InMemoryQueue.Item::from)
                        .containsExactly("m-1");
            }
        }

        @ParameterizedTest
        @CsvSource({"ENGINE, false", "ENGINE, true", "FORK_FUNCTION, false", "FORK_FUNCTION, true"})
        @Promise({7, 10, 16})
        void on_lambda_fails_as_others_do_and_takes_nobody_behind_it_along(Functions functions, boolean settler) {
            // given the head of a FIFO lane that is put off for ever, by a second: an invocation has time enough to
            // wait for it
            List<Integer> attempts = new ArrayList<>();
            Fork poisoned = Given.fork()
                    .on("signup", String.class, event -> {
                        if (event.delivery().messageId().equals("a-0")) {
                            attempts.add(event.attempt());
                            throw new RetryLaterException(seconds(1), "rate limit");
                        }
                        seen.add(event);
                    })
                    .build();
            LambdaHarness.Builder builder = functions
                    .of(poisoned)
                    .fifo()
                    .maxReceiveCount(3)
                    .roundTrip(Duration.ofMillis(10))
                    .remaining(Duration.ofMinutes(5))
                    .visibilityTimeout(Duration.ofMinutes(30));
            try (LambdaHarness harness = (settler ? builder.settler() : builder).build()) {
                harness.deliver(grouped("a-0"), grouped("a-1"), grouped("a-2"));
                harness.advance(Duration.ofHours(3));

                assertThat(attempts).as("attempts of a-0").containsExactly(1, 2, 3);
                assertThat(seen.ids()).containsExactly("a-1", "a-2");
                assertThat(harness.deadLetters())
                        .extracting(InMemoryQueue.Item::from)
                        .containsExactly("a-0");
            }
        }
    }

    /** A poller is replaced, as a deploy does: the next one starts, and then the one before is closed. */
    @Nested
    class Deploys {

        /** With one handler, which takes a second for what is not quick. */
        private final Fork fork = Given.fork()
                .on("signup", String.class, event -> {
                    seen.add(event);
                    if (event.delivery().messageId().startsWith("m-")) {
                        time.sleep(seconds(1));
                    }
                })
                .build();

        @ParameterizedTest
        @CsvSource({"ENGINE, false, 3", "ENGINE, true, 4", "SQS_POLLER, false, 3", "SQS_POLLER, true, 4"})
        @Promise({7, 10, 21})
        void send_nothing_to_the_dead_letter_queue_that_never_ran(Pollers pollers, boolean fifo, int deploys) {
            // given a queue that moves messages away after three receives, and a poller with ten of them in hand; of a
            // FIFO group it has the first few, and SQS hides the others until the first deploy
            PollerHarness.Builder builder = pollers.of(fork)
                    .time(time)
                    .maxReceiveCount(3)
                    .concurrency(1)
                    .inHand(80);
            PollerHarness poller = (fifo ? builder.fifo() : builder).build();
            InMemoryQueue queue = poller.queue();
            Given.deliverTogether(
                    poller,
                    Stream.concat(quickOnes(), IntStream.range(0, 10).mapToObj(i -> grouped("m-" + i)))
                            .toArray(Message[]::new));
            time.advance(Duration.ofMillis(30));

            // when it is replaced, each time by one that gets all that is given back and one more of their group, at
            // last while others wait that have no receive left
            for (int deploy = 1; deploy <= deploys; deploy++) {
                if (deploy == deploys) {
                    assertThat(unrun(queue, 3)).as("before the last deploy").contains("m-9");
                }
                poller.pause();
                quickOnes().forEach(queue::send);
                queue.send(grouped("m-" + (9 + deploy)));
                PollerHarness next = pollers.of(fork)
                        .beside(poller)
                        .concurrency(1)
                        .inHand(80)
                        .build();
                time.advance(Duration.ofMillis(30));
                poller.close();
                time.advance(Duration.ofMillis(100));
                poller = next;
            }
            time.advance(Duration.ofMinutes(1));
            poller.close();

            // then all ran, on a FIFO queue in order, and nothing is a dead letter
            assertThat(poller.deadLetters())
                    .extracting(InMemoryQueue.Item::from)
                    .isEmpty();
            List<String> ran =
                    seen.ids().stream().filter(id -> id.startsWith("m-")).toList();
            List<String> all =
                    IntStream.range(0, 10 + deploys).mapToObj(i -> "m-" + i).toList();
            assertThat(ran).containsExactlyInAnyOrderElementsOf(all);
            if (fifo) {
                assertThat(ran).containsExactlyElementsOf(all);
            }
            assertThat(queue.messages()).isEmpty();
        }

        /** What has been received this often, and has not been started. */
        private List<String> unrun(InMemoryQueue queue, int receives) {
            return queue.messages().stream()
                    .filter(item -> item.receives() == receives)
                    .map(InMemoryQueue.Item::messageId)
                    .filter(id -> id.startsWith("m-") && !seen.ids().contains(id))
                    .toList();
        }

        /** After these a poller asks for more than its free handlers could take. */
        private Stream<Message> quickOnes() {
            return IntStream.range(0, 60)
                    .mapToObj(i -> "quick-" + i + "-after-" + time.elapsed())
                    .map(id -> signup(id).group(id));
        }
    }

    private PollerHarness.Builder poller(Pollers pollers, Fork fork) {
        return pollers.of(fork).time(time);
    }

    private Fork fork(EventHandler<String> handler) {
        return Given.fork()
                .on("signup", String.class, handler)
                .idempotency(Idempotency.in(store))
                .build();
    }

    /** In ten groups, where groups matter. */
    private static Message[] messages(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> signup("m-" + i).group("group-" + i % 10))
                .toArray(Message[]::new);
    }
}
