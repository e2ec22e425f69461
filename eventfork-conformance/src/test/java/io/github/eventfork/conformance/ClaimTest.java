package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.AlreadyHandledException;
import io.github.eventfork.EventHandler;
import io.github.eventfork.Fork;
import io.github.eventfork.Idempotency;
import io.github.eventfork.Outcome;
import io.github.eventfork.Settlement;
import io.github.eventfork.idempotency.Claim;
import io.github.eventfork.idempotency.IdempotencyStore;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.Hold;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.PollerHarness;
import io.github.eventfork.testkit.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/** A claim is granted once, follows its lease, and ends with the run that it was granted to. */
class ClaimTest {

    private final List<String> calls = new ArrayList<>();
    private final AtomicReference<LongSupplier> clock = new AtomicReference<>(() -> 0);
    private final IdempotencyStore memory =
            new InMemoryIdempotencyStore(1_000, () -> clock.get().getAsLong());
    private Hold hold;

    @Test
    @Promise(9)
    void a_completed_key_is_a_duplicate_and_is_acknowledged_without_running() {
        memory.complete("fork#event-of-m-1", acquired("fork#event-of-m-1"), seconds(60));

        try (PollerHarness harness = poller(event -> calls.add("run"), noting()).build()) {
            harness.deliver(signup("m-1"));
            harness.advance(seconds(1));

            assertThat(calls).containsExactly("claim");
            assertThat(harness.outcomes("m-1")).containsExactly(new Outcome.Duplicate());
            assertThat(harness.timeline().settlements("m-1")).containsExactly(new Settlement.Acknowledge());
        }
    }

    @Test
    @Promise({9, 10})
    void a_key_in_progress_postpones_in_hand_and_uses_no_receive() {
        // given a key that another process holds for 10 s
        try (PollerHarness harness =
                poller(event -> calls.add("run"), Function.identity()).build()) {
            clock.set(harness.time()::nanoTime);
            String token = acquired("fork#event-of-m-1");

            // when the message comes in
            harness.deliver(signup("m-1"));
            harness.advance(seconds(5));

            // then it waits in hand
            assertThat(calls).isEmpty();
            assertThat(harness.outcomes("m-1")).isNotEmpty().allMatch(Outcome.Postponed.class::isInstance);

            // and when the other one completes, it is a duplicate at its first receive
            memory.complete("fork#event-of-m-1", token, seconds(60));
            harness.advance(seconds(2));
            assertThat(calls).isEmpty();
            assertThat(harness.queue().messages()).isEmpty();
            assertThat(harness.timeline().steps(Step.Received.class)).containsExactly(new Step.Received(1));
            assertThat(harness.timeline().settlements("m-1")).containsExactly(new Settlement.Acknowledge());
        }
    }

    @Test
    @Promise(9)
    void a_run_that_ends_well_completes_and_then_acknowledges() {
        PollerHarness[] running = new PollerHarness[1];
        Function<IdempotencyStore, IdempotencyStore> watching = store -> new Noting(store, calls) {
            @Override
            public boolean complete(String key, String token, Duration rememberFor) {
                boolean done = store().complete(key, token, rememberFor);
                calls.add("complete, deleted "
                        + running[0].queue().log().deletes().size());
                return done;
            }
        };
        try (PollerHarness harness = poller(event -> calls.add("run"), watching).build()) {
            running[0] = harness;
            harness.deliver(signup("m-1"));
            harness.advance(seconds(1));

            assertThat(calls).containsExactly("claim", "run", "complete, deleted 0");
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @Test
    @Promise(9)
    void a_handler_that_finds_its_work_done_completes_as_well() {
        EventHandler<String> handler = event -> {
            throw new AlreadyHandledException("the order is there");
        };
        try (PollerHarness harness = poller(handler, noting()).build()) {
            harness.deliver(signup("m-1"));
            harness.advance(seconds(1));

            assertThat(calls).containsExactly("claim", "complete");
            assertThat(harness.outcomes("m-1")).containsExactly(new Outcome.Duplicate());
        }
    }

    @Test
    @Promise(9)
    void a_run_that_fails_releases_its_claim_so_that_the_next_attempt_runs() {
        EventHandler<String> handler = event -> {
            calls.add("run");
            if (event.attempt() == 1) {
                throw new IllegalStateException("once");
            }
        };
        try (PollerHarness harness = poller(handler, noting()).build()) {
            harness.deliver(signup("m-1"));
            harness.advance(seconds(5));

            assertThat(calls).containsExactly("claim", "run", "release", "claim", "run", "complete");
        }
    }

    @Test
    @Promise(9)
    void a_claim_is_renewed_when_its_lease_is_and_never_released_under_a_running_handler() {
        EventHandler<String> handler = event -> {
            calls.add("run");
            hold.await();
        };
        try (PollerHarness harness =
                poller(handler, noting()).handlersOnThreads().build()) {
            hold = harness.hold();
            harness.deliver(signup("m-1"));

            // when the lease of 30 s is renewed twice
            harness.advance(seconds(31));
            assertThat(calls).containsExactly("claim", "run", "renew", "renew");

            hold.release();
            harness.advance(seconds(1));
            assertThat(calls).containsExactly("claim", "run", "renew", "renew", "complete");
        }
    }

    @Test
    @Promise({9, 13})
    void a_claim_is_not_released_under_a_running_handler_whose_lease_is_lost() {
        EventHandler<String> handler = event -> {
            calls.add("run");
            hold.awaitIgnoringInterrupts();
            calls.add("end");
        };
        try (PollerHarness harness =
                poller(handler, noting()).handlersOnThreads().build()) {
            hold = harness.hold();
            harness.queue().faults().always(Call.CHANGE_VISIBILITY, Fault.answering(Entry.FINAL));
            harness.deliver(signup("m-1"));
            harness.advance(seconds(20));
            assertThat(calls).containsExactly("claim", "run");

            hold.release();
            harness.run();
            assertThat(calls).containsExactly("claim", "run", "end", "complete");
        }
    }

    @Test
    @Promise({3, 10})
    void an_error_of_the_store_is_its_own_and_hangs_nothing() {
        // given a store whose complete meets with a class that is not there
        Function<IdempotencyStore, IdempotencyStore> broken = store -> new Noting(store, calls) {
            @Override
            public boolean complete(String key, String token, Duration rememberFor) {
                throw new NoClassDefFoundError("an/optional/Dependency");
            }
        };
        try (PollerHarness harness =
                poller(event -> calls.add("run"), broken).inHand(10).build()) {
            harness.deliver(signup("m-1"), signup("m-2"));
            harness.advance(seconds(1));

            // then a complete that fails does not prevent acknowledging
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @Test
    @Promise(10)
    void a_store_that_is_down_costs_no_receive() {
        // given a store that is down for ten minutes, and a queue that moves messages away after three receives
        boolean[] down = {true};
        try (PollerHarness harness = poller(event -> calls.add("run"), store -> new Failing(store, down))
                .maxReceiveCount(3)
                .build()) {
            harness.deliver(signup("m-1"), signup("m-2"));
            harness.advance(Duration.ofMinutes(10));
            assertThat(calls).isEmpty();

            // when it is up again
            down[0] = false;
            harness.advance(seconds(10));

            // then both run at their first receive, and nothing was moved away
            assertThat(calls).containsExactly("run", "run");
            assertThat(harness.deadLetters()).isEmpty();
            assertThat(harness.queue().log().receives().stream()
                            .mapToInt(receive -> receive.messageIds().size())
                            .sum())
                    .isEqualTo(2);
        }
    }

    @Test
    @Promise(10)
    void a_fork_that_fails_open_runs_without_a_store_that_is_down() {
        Fork fork = Given.fork()
                .on("signup", String.class, event -> calls.add(event.key().orElse("no key")))
                .idempotency(Idempotency.in(new Failing(memory, new boolean[] {true}))
                        .failOpen())
                .build();
        try (PollerHarness harness = ForkHarness.poller(fork).build()) {
            harness.deliver(signup("m-1"));
            harness.advance(seconds(1));

            assertThat(calls).containsExactly("no key");
        }
    }

    private PollerHarness.Builder poller(
            EventHandler<String> handler, Function<IdempotencyStore, IdempotencyStore> store) {
        return ForkHarness.poller(Given.fork()
                        .on("signup", String.class, handler)
                        .idempotency(Idempotency.in(store.apply(memory)))
                        .build())
                .visibilityTimeout(seconds(30));
    }

    private String acquired(String key) {
        return ((Claim.Acquired) memory.claim(key, seconds(10))).token();
    }

    private Function<IdempotencyStore, IdempotencyStore> noting() {
        return store -> new Noting(store, calls);
    }

    /** Notes what it is asked for. */
    private static class Noting implements IdempotencyStore {

        private final IdempotencyStore store;
        private final List<String> calls;

        Noting(IdempotencyStore store, List<String> calls) {
            this.store = store;
            this.calls = calls;
        }

        IdempotencyStore store() {
            return store;
        }

        @Override
        public Claim claim(String key, Duration hold) {
            calls.add("claim");
            return store.claim(key, hold);
        }

        @Override
        public boolean renew(String key, String token, Duration hold) {
            calls.add("renew");
            return store.renew(key, token, hold);
        }

        @Override
        public boolean complete(String key, String token, Duration rememberFor) {
            calls.add("complete");
            return store.complete(key, token, rememberFor);
        }

        @Override
        public boolean release(String key, String token) {
            calls.add("release");
            return store.release(key, token);
        }
    }

    /** Fails while it is down. */
    private record Failing(IdempotencyStore store, boolean[] down) implements IdempotencyStore {

        @Override
        public Claim claim(String key, Duration hold) {
            if (down[0]) {
                throw new IllegalStateException("the store is down");
            }
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
}
