package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.eventfork.AlreadyHandledException;
import io.github.eventfork.EventHandler;
import io.github.eventfork.Fork;
import io.github.eventfork.Idempotency;
import io.github.eventfork.Outcome;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.RetryLaterException;
import io.github.eventfork.Settlement;
import io.github.eventfork.conformance.WatchedStore.Asked;
import io.github.eventfork.conformance.WatchedStore.Call;
import io.github.eventfork.idempotency.Claim;
import io.github.eventfork.idempotency.IdempotencyStore;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.Hold;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.LambdaHarness;
import io.github.eventfork.testkit.PollerHarness;
import io.github.eventfork.testkit.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A claim is granted once, follows its lease, and ends with the run that it was granted to. */
@Promise(9)
class Promise09ClaimTest {

    private static final String KEY = Given.key("fork", "event-of-m-1");
    private final Given.Seen seen = new Given.Seen();
    private final IdempotencyStore memory = new InMemoryIdempotencyStore(100, this::storeTime);
    private final WatchedStore store = new WatchedStore(memory);
    private Duration storeAhead = Duration.ZERO;
    private PollerHarness harness;
    private Hold hold;

    // What a store answers.

    @ParameterizedTest
    @EnumSource
    void a_completed_key_is_a_duplicate_and_is_acknowledged_without_running(Pollers pollers) {
        harness = poller(pollers, seen::add).build();
        memory.complete(KEY, claimedByAnother(seconds(10)), seconds(60));

        harness.deliver(signup("m-1"));
        harness.advance(seconds(1));

        assertThat(seen.ids()).isEmpty();
        assertThat(harness.outcomes("m-1")).containsExactly(new Outcome.Duplicate());
        assertThat(harness.timeline().settlements("m-1")).containsExactly(new Settlement.Acknowledge());
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    @Promise({9, 15})
    void on_lambda_a_completed_key_is_not_reported_and_does_not_run(Functions functions) {
        Fork fork = fork(seen::add);
        try (LambdaHarness lambda = functions.of(fork).build()) {
            assertThat(lambda.invoke(signup("m-1"))).isEmpty();
            assertThat(lambda.invoke(signup("m-2").eventId("event-of-m-1"))).isEmpty();

            assertThat(seen.ids()).containsExactly("m-1");
            assertThat(lambda.outcomes("m-2")).containsExactly(new Outcome.Duplicate());
        }
    }

    @ParameterizedTest
    @EnumSource
    @Promise({9, 10})
    void a_key_in_progress_postpones_in_hand_and_uses_no_receive(Pollers pollers) {
        // given a key that another process holds for 10 s
        harness = poller(pollers, seen::add).build();
        String token = claimedByAnother(seconds(10));

        // when the message comes in
        harness.deliver(signup("m-1"));
        harness.advance(seconds(5));

        // then it waits in hand
        assertThat(harness.outcomes("m-1")).isNotEmpty().allMatch(Outcome.Postponed.class::isInstance);

        // and when the other one completes, it is a duplicate at its first receive
        memory.complete(KEY, token, seconds(60));
        harness.advance(seconds(2));
        assertThat(seen.ids()).isEmpty();
        assertThat(harness.queue().messages()).isEmpty();
        assertThat(harness.timeline().steps(Step.Received.class)).containsExactly(new Step.Received(1));
        assertThat(harness.timeline().settlements("m-1")).containsExactly(new Settlement.Acknowledge());
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_key_of_which_hardly_any_time_is_left_is_asked_for_after_a_tenth_of_a_second_and_no_sooner(Pollers pollers) {
        // given a store that says 1 ms, as one does that counts in seconds and rounds
        harness = poller(pollers, seen::add).build();
        claimedByAnother(Duration.ofMillis(1));
        harness.deliver(signup("m-1"));
        harness.run();
        assertThat(store.count(Call.CLAIM)).isEqualTo(1);

        harness.advance(Duration.ofMillis(99));
        assertThat(store.count(Call.CLAIM)).isEqualTo(1);

        harness.advance(Duration.ofMillis(1));
        assertThat(seen.ids()).containsExactly("m-1");
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_key_whose_holder_has_died_is_free_when_its_time_is_over(Pollers pollers) {
        harness = poller(pollers, seen::add).build();
        claimedByAnother(seconds(10));

        harness.deliver(signup("m-1"));
        harness.advance(Duration.ofMillis(9_900));
        assertThat(seen.ids()).isEmpty();

        harness.advance(seconds(2));
        assertThat(seen.ids()).containsExactly("m-1");
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    void two_copies_of_an_event_in_hand_at_once_run_once(Pollers pollers) {
        // given ten handlers, and two messages of one event
        harness = poller(pollers, event -> {
                    seen.add(event);
                    hold.await();
                })
                .concurrency(10)
                .handlersOnThreads()
                .build();
        hold = harness.hold();

        harness.deliver(signup("m-1"), signup("m-2").eventId("event-of-m-1"));
        harness.advance(seconds(5));
        hold.release();
        harness.advance(seconds(5));

        assertThat(seen.ids()).containsExactly("m-1");
        assertThat(harness.queue().messages()).isEmpty();
        harness.close();
    }

    // How a claim ends.

    @ParameterizedTest
    @EnumSource
    void a_run_that_ends_well_completes_and_then_acknowledges(Pollers pollers) {
        List<Integer> deleted = new ArrayList<>();
        store.at(
                Call.COMPLETE, () -> deleted.add(harness.queue().log().deletes().size()));
        harness = poller(pollers, seen::add).build();

        harness.deliver(signup("m-1"));
        harness.advance(seconds(1));

        assertThat(store.calls()).containsExactly(Call.CLAIM, Call.COMPLETE);
        assertThat(deleted).containsExactly(0);
        assertThat(harness.queue().messages()).isEmpty();
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    void what_is_done_is_remembered_for_as_long_as_the_fork_says(Pollers pollers) {
        Fork fork = Given.fork()
                .on("signup", String.class, seen::add)
                .idempotency(Idempotency.in(store).rememberFor(Duration.ofHours(2)))
                .build();
        harness = pollers.of(fork).build();

        harness.deliver(signup("m-1"));
        harness.advance(Duration.ofMinutes(119));
        harness.deliver(signup("m-2").eventId("event-of-m-1"));
        harness.advance(Duration.ofMinutes(2));
        harness.deliver(signup("m-3").eventId("event-of-m-1"));
        harness.advance(seconds(1));

        assertThat(seen.ids()).containsExactly("m-1", "m-3");
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_handler_that_finds_its_work_done_completes_as_well(Pollers pollers) {
        harness = poller(pollers, event -> {
                    throw new AlreadyHandledException("the order is there");
                })
                .build();

        harness.deliver(signup("m-1"));
        harness.advance(seconds(1));

        assertThat(store.calls()).containsExactly(Call.CLAIM, Call.COMPLETE);
        assertThat(harness.outcomes("m-1")).containsExactly(new Outcome.Duplicate());
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_run_that_fails_releases_its_claim_so_that_the_next_attempt_runs(Pollers pollers) {
        harness = poller(pollers, event -> {
                    seen.add(event);
                    if (event.attempt() == 1) {
                        throw new IllegalStateException("once");
                    }
                })
                .build();

        harness.deliver(signup("m-1"));
        harness.advance(seconds(5));

        assertThat(store.calls()).containsExactly(Call.CLAIM, Call.RELEASE, Call.CLAIM, Call.COMPLETE);
        assertThat(seen.ids()).containsExactly("m-1", "m-1");
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_run_that_wants_to_be_tried_later_releases_its_claim_now(Pollers pollers) {
        harness = poller(pollers, event -> {
                    throw new RetryLaterException(Duration.ofHours(1), "closed");
                })
                .build();

        harness.deliver(signup("m-1"));
        harness.advance(seconds(1));

        assertThat(store.calls()).containsExactly(Call.CLAIM, Call.RELEASE);
        assertThat(memory.claim(KEY, seconds(1))).isInstanceOf(Claim.Acquired.class);
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_rejected_run_releases_its_claim_so_that_it_runs_when_it_is_redriven(Pollers pollers) {
        AtomicInteger runs = new AtomicInteger();
        harness = poller(pollers, event -> {
                    if (runs.incrementAndGet() == 1) {
                        throw new RejectedEventException("not today");
                    }
                })
                .build();
        harness.deliver(signup("m-1"));
        harness.advance(seconds(1));
        assertThat(harness.deadLetters()).hasSize(1);
        assertThat(store.calls()).containsExactly(Call.CLAIM, Call.RELEASE);

        harness.queue().redrive();
        harness.advance(seconds(1));

        assertThat(runs).hasValue(2);
        assertThat(harness.queue().messages()).isEmpty();
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_failure_at_the_last_attempt_releases_its_claim_before_its_copy_is_sent(Pollers pollers) {
        List<Integer> copies = new ArrayList<>();
        store.at(
                Call.RELEASE,
                () -> copies.add(harness.queue().log().deadLetters().size()));
        harness = poller(pollers, event -> {
                    throw new IllegalStateException("each time");
                })
                .build();

        harness.deliver(signup("m-1").receiveCount(3));
        harness.advance(seconds(1));

        assertThat(copies).containsExactly(0);
        assertThat(harness.deadLetters()).hasSize(1);
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_claim_is_ended_on_the_thread_that_ran_the_handler(Pollers pollers) {
        List<Thread> handlers = new ArrayList<>();
        harness = poller(pollers, event -> {
                    handlers.add(Thread.currentThread());
                    if (event.attempt() == 1) {
                        throw new IllegalStateException("once");
                    }
                })
                .handlersOnThreads()
                .build();

        harness.deliver(signup("m-1"));
        harness.advance(seconds(5));

        assertThat(store.asked())
                .filteredOn(asked -> asked.call() != Call.CLAIM)
                .extracting(Asked::thread)
                .isEqualTo(handlers);
        harness.close();
    }

    // How a claim is kept.

    @ParameterizedTest
    @EnumSource
    void a_claim_is_held_for_as_long_as_the_lease_and_renewed_when_that_is(Pollers pollers) {
        harness = poller(pollers, event -> hold.await()).handlersOnThreads().build();
        hold = harness.hold();
        harness.deliver(signup("m-1"));

        // when the lease of 25 s, and then of 30 s, is renewed twice
        harness.advance(seconds(31));
        assertThat(store.calls()).containsExactly(Call.CLAIM, Call.RENEW, Call.RENEW);
        assertThat(store.asked()).extracting(Asked::time).containsExactly(seconds(25), seconds(30), seconds(30));

        hold.release();
        harness.advance(seconds(1));
        assertThat(store.calls()).containsExactly(Call.CLAIM, Call.RENEW, Call.RENEW, Call.COMPLETE);
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_claim_that_came_while_the_lease_was_renewed_is_renewed_as_well(Pollers pollers) {
        // given a lease of 25 s, of which 15 s are left when the claim is asked for and 26.5 s when it is granted
        store.at(Call.CLAIM, () -> {
            if (store.count(Call.CLAIM) <= 2) {
                throw new IllegalStateException("the store is down for 10 s");
            }
            harness.time().sleep(seconds(6));
        });
        harness = poller(pollers, event -> hold.await()).handlersOnThreads().build();
        hold = harness.hold();

        harness.deliver(signup("m-1"));
        harness.advance(seconds(17));

        assertThat(store.asked())
                .extracting(Asked::call, Asked::time)
                .endsWith(tuple(Call.CLAIM, seconds(15)), tuple(Call.RENEW, Duration.ofMillis(26_500)));
        hold.release();
        harness.advance(seconds(1));
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_renewal_that_hangs_costs_no_claim(Pollers pollers) {
        // given a store whose first renewal takes longer than a lease
        store.at(Call.RENEW, () -> {
            if (store.count(Call.RENEW) == 1) {
                harness.time().sleep(seconds(100));
            }
        });
        harness = poller(pollers, event -> hold.await()).handlersOnThreads().build();
        harness.time().callersOnThreads();
        hold = harness.hold();
        harness.deliver(signup("m-1"));

        // then the key is nobody else's at any time
        for (int i = 0; i < 90; i++) {
            harness.advance(seconds(1));
            assertThat(store.claim(KEY, seconds(1))).isInstanceOf(Claim.InProgress.class);
        }
        assertThat(harness.timeline().steps(Step.ClaimLost.class)).isEmpty();
        hold.release();
        harness.advance(seconds(30));
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    void two_renewals_of_a_claim_are_under_way_at_most_and_none_on_the_thread_that_renews_the_lease(Pollers pollers) {
        // given a store that takes 50 s to renew, while the lease is renewed each 15 s
        AtomicInteger renewals = new AtomicInteger();
        List<Integer> atOnce = new ArrayList<>();
        store.at(Call.RENEW, () -> {
            atOnce.add(renewals.incrementAndGet());
            harness.time().sleep(seconds(50));
            renewals.decrementAndGet();
        });
        harness = poller(pollers, event -> hold.await()).handlersOnThreads().build();
        harness.time().callersOnThreads();
        hold = harness.hold();

        harness.deliver(signup("m-1"));
        harness.advance(seconds(150));

        assertThat(atOnce).hasSizeGreaterThan(3).contains(2).containsOnly(1, 2);
        assertThat(store.asked())
                .filteredOn(asked -> asked.call() == Call.RENEW)
                .extracting(Asked::thread)
                .doesNotContain(Thread.currentThread());
        hold.release();
        harness.advance(seconds(30));
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_claim_that_has_ended_is_not_renewed_while_the_delete_is_still_under_way(Pollers pollers) {
        // given a lease that is renewed while a delete fails
        harness = poller(pollers, seen::add).build();
        harness.queue().faults().always(InMemoryQueue.Call.DELETE, Fault.failing());

        harness.deliver(signup("m-1"));
        harness.advance(seconds(40));

        assertThat(harness.queue().log().visibilityChanges()).isNotEmpty();
        assertThat(store.calls()).containsExactly(Call.CLAIM, Call.COMPLETE);
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    @Promise({9, 13})
    void a_lost_lease_does_not_release_the_claim_under_a_handler_that_still_runs(Pollers pollers) {
        harness = poller(pollers, event -> hold.awaitIgnoringInterrupts())
                .handlersOnThreads()
                .build();
        hold = harness.hold();
        harness.queue().faults().always(InMemoryQueue.Call.CHANGE_VISIBILITY, Fault.answering(Entry.FINAL));

        // when the lease is lost at half its length
        harness.deliver(signup("m-1"));
        harness.advance(seconds(20));
        assertThat(harness.timeline().steps(Step.LeaseLost.class)).hasSize(1);

        // then the claim is held until the handler ends
        assertThat(store.calls()).containsExactly(Call.CLAIM);
        hold.release();
        harness.run();
        assertThat(store.calls()).containsExactly(Call.CLAIM, Call.COMPLETE);
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    @Promise({9, 12})
    void a_claim_that_is_granted_when_the_lease_is_over_is_let_go_and_nothing_runs(Pollers pollers) {
        // given a store that takes 31 s to grant, and a lease of 30 s that can't be renewed
        store.at(Call.CLAIM, () -> {
            if (store.count(Call.CLAIM) == 1) {
                harness.time().sleep(seconds(31));
            }
        });
        harness = poller(pollers, seen::add).handlersOnThreads().build();
        harness.queue().faults().always(InMemoryQueue.Call.CHANGE_VISIBILITY, Fault.failing());

        harness.deliver(signup("m-1"));
        harness.advance(Duration.ofMillis(30_900));
        assertThat(seen.ids()).isEmpty();
        harness.advance(seconds(5));

        // then it ran once, at its second sight
        assertThat(store.calls()).startsWith(Call.CLAIM, Call.RELEASE);
        assertThat(seen.ids()).containsExactly("m-1");
        assertThat(harness.timeline().steps(Step.Started.class))
                .extracting(Step.Started::attempt)
                .containsExactly(2);
        harness.close();
    }

    // A holder whose time is up.

    @ParameterizedTest
    @CsvSource({"ENGINE, true", "ENGINE, false", "SQS_POLLER, true", "SQS_POLLER, false"})
    void a_stale_holder_changes_nothing_for_its_successor_however_it_ends(Pollers pollers, boolean well) {
        // given a handler whose claim has run out with its lease, and a successor who has claimed the key since
        harness = poller(pollers, event -> {
                    hold.awaitIgnoringInterrupts();
                    if (!well) {
                        throw new IllegalStateException("too late");
                    }
                })
                .handlersOnThreads()
                .build();
        hold = harness.hold();
        harness.queue().faults().always(InMemoryQueue.Call.CHANGE_VISIBILITY, Fault.failing());
        harness.deliver(signup("m-1"));
        harness.advance(seconds(31));
        String successor = claimedByAnother(Duration.ofMinutes(5));

        // when the stale one ends
        hold.release();
        harness.run();

        // then the key is still the successor's, who alone completes it
        assertThat(store.calls()).startsWith(Call.CLAIM, well ? Call.COMPLETE : Call.RELEASE);
        assertThat(memory.claim(KEY, seconds(1))).isInstanceOf(Claim.InProgress.class);
        assertThat(harness.timeline().steps(Step.ClaimLost.class)).hasSize(1);
        assertThat(memory.complete(KEY, successor, seconds(60))).isTrue();
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_stale_holder_renews_nothing_of_its_successors(Pollers pollers) {
        // given a claim that runs out early, because its store's clock runs fast
        harness = poller(pollers, event -> hold.await()).handlersOnThreads().build();
        hold = harness.hold();
        harness.deliver(signup("m-1"));
        harness.advance(seconds(1));
        storeAhead = seconds(30);
        String successor = claimedByAnother(seconds(20));

        // when the lease of the first, which it still has, is renewed, and its claim with it
        harness.advance(seconds(15));
        assertThat(store.count(Call.RENEW)).isEqualTo(1);
        assertThat(harness.timeline().steps(Step.ClaimLost.class)).hasSize(1);

        // then the successor's time is over when it should be
        harness.advance(seconds(5));
        assertThat(memory.renew(KEY, successor, seconds(1))).isFalse();
        hold.release();
        harness.advance(seconds(1));
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    @Promise({9, 15})
    void on_lambda_a_handler_that_is_left_behind_leaves_its_claim_to_expire(Functions functions) {
        LambdaHarness lambda = functions
                .of(fork(event -> hold.awaitIgnoringInterrupts()))
                .remaining(seconds(10))
                .handlersOnThreads()
                .build();
        hold = lambda.hold();

        assertThat(lambda.invoke(signup("m-1"))).containsExactly("m-1");
        hold.release();
        lambda.advance(seconds(1));

        assertThat(store.calls()).containsExactly(Call.CLAIM);
    }

    /** Stands still where there is no poller. */
    private long storeTime() {
        return harness == null ? 0 : harness.time().nanoTime() + storeAhead.toNanos();
    }

    private String claimedByAnother(Duration hold) {
        return ((Claim.Acquired) memory.claim(KEY, hold)).token();
    }

    private Fork fork(EventHandler<String> handler) {
        return Given.fork()
                .on("signup", String.class, handler)
                .idempotency(Idempotency.in(store))
                .build();
    }

    private PollerHarness.Builder poller(Pollers pollers, EventHandler<String> handler) {
        return pollers.of(fork(handler)).visibilityTimeout(seconds(30));
    }
}
