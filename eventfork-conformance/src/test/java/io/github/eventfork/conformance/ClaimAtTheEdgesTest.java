package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.EventHandler;
import io.github.eventfork.Fork;
import io.github.eventfork.Idempotency;
import io.github.eventfork.IdempotencyKey;
import io.github.eventfork.Outcome;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.Settlement;
import io.github.eventfork.idempotency.Claim;
import io.github.eventfork.idempotency.IdempotencyStore;
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
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What ClaimTest claims, at the edges. */
class ClaimAtTheEdgesTest {

    private final Store store = new Store();
    private PollerHarness harness;
    private Hold hold;

    @Test
    @Promise(9)
    void a_claim_that_has_ended_is_not_renewed_while_the_delete_is_still_under_way() {
        // given a lease that is renewed each second, and a delete that fails for a while
        harness = poller(event -> {}).visibilityTimeout(seconds(2)).build();
        harness.queue().faults().always(Call.DELETE, Fault.failing());

        harness.deliver(signup("m-1"));
        harness.advance(Duration.ofMillis(3_500));

        assertThat(harness.queue().log().visibilityChanges()).isNotEmpty();
        assertThat(store.calls).containsExactly("claim", "complete");
        harness.close();
    }

    @Test
    @Promise(9)
    void one_renewal_of_a_claim_is_under_way_at_a_time_and_never_on_the_thread_that_renews_the_lease() {
        // given a store that takes 20 s to renew, while the lease is renewed each 15 s
        harness = poller(event -> hold.await()).handlersOnThreads().build();
        hold = harness.hold();
        store.renewing = () -> harness.time().sleep(seconds(20));

        harness.deliver(signup("m-1"));
        harness.advance(seconds(100));

        assertThat(store.calls).filteredOn("renew"::equals).hasSizeGreaterThan(2);
        assertThat(store.mostRenewals).isEqualTo(1);
        assertThat(store.renewers).doesNotContain(Thread.currentThread());
        hold.release();
        harness.advance(seconds(30));
        harness.close();
    }

    @Test
    @Promise({9, 13})
    void a_lost_lease_does_not_release_the_claim_under_a_handler_that_still_runs() {
        harness = poller(event -> hold.awaitIgnoringInterrupts())
                .handlersOnThreads()
                .build();
        hold = harness.hold();
        harness.queue().faults().always(Call.CHANGE_VISIBILITY, Fault.answering(Entry.FINAL));

        // when the lease is lost at half its length
        harness.deliver(signup("m-1"));
        harness.advance(seconds(20));
        assertThat(harness.timeline().steps(Step.LeaseLost.class)).hasSize(1);

        // then the claim is held until the handler ends
        assertThat(store.calls).containsExactly("claim");
        hold.release();
        harness.advance(seconds(1));
        assertThat(store.calls).containsExactly("claim", "complete");
        harness.close();
    }

    @Test
    @Promise(9)
    void a_claim_is_held_for_as_long_as_the_lease_and_no_longer() {
        harness = poller(event -> hold.await()).handlersOnThreads().build();
        hold = harness.hold();

        harness.deliver(signup("m-1"));
        harness.advance(seconds(16));

        assertThat(store.holds).containsExactly(seconds(30), seconds(30));
        hold.release();
        harness.advance(seconds(1));
        harness.close();
    }

    @Test
    @Promise(9)
    void a_rejected_run_releases_its_claim_so_that_it_runs_when_it_is_redriven() {
        harness = poller(event -> {
                    throw new RejectedEventException("not today");
                })
                .build();

        harness.deliver(signup("m-1"));
        harness.advance(seconds(1));

        assertThat(harness.deadLetters()).hasSize(1);
        assertThat(store.calls).containsExactly("claim", "release");
        harness.close();
    }

    @Test
    @Promise(10)
    void a_complete_that_fails_does_not_prevent_acknowledging_and_is_told() {
        store.completing = () -> {
            throw new IllegalStateException("the store is down");
        };

        assertAcknowledgedAndTold();
    }

    @Test
    @Promise(10)
    void a_complete_that_is_refused_does_not_prevent_acknowledging_and_is_told() {
        store.completes = false;

        assertAcknowledgedAndTold();
    }

    private void assertAcknowledgedAndTold() {
        harness = poller(event -> {}).build();
        harness.deliver(signup("m-1"));
        harness.advance(seconds(1));

        assertThat(harness.outcomes("m-1")).containsExactly(new Outcome.Handled());
        assertThat(harness.timeline().settlements("m-1")).containsExactly(new Settlement.Acknowledge());
        assertThat(harness.timeline().steps(Step.ClaimLost.class)).hasSize(1);
        assertThat(harness.queue().messages()).isEmpty();
        harness.close();
    }

    @Test
    @Promise(8)
    void an_empty_key_is_a_missing_key() {
        Fork fork = Given.fork()
                .on("signup", String.class, event -> store.calls.add("run"))
                .idempotency(Idempotency.in(store).by(IdempotencyKey.from(event -> Optional.of(""))))
                .build();
        try (PollerHarness poller = ForkHarness.poller(fork).build()) {
            poller.deliver(signup("m-1"));
            poller.advance(seconds(1));

            assertThat(store.calls).isEmpty();
            assertThat(poller.outcomes("m-1")).singleElement().isInstanceOf(Outcome.Rejected.class);
        }
    }

    private PollerHarness.Builder poller(EventHandler<String> handler) {
        return ForkHarness.poller(Given.fork()
                        .on("signup", String.class, handler)
                        .idempotency(Idempotency.in(store))
                        .build())
                .visibilityTimeout(seconds(30));
    }

    /** What a store may do that takes time. */
    private interface Doing {
        void now() throws InterruptedException;
    }

    /** Grants everything, and notes what it is asked for. */
    private static final class Store implements IdempotencyStore {

        private final List<String> calls = new ArrayList<>();
        private final List<Duration> holds = new ArrayList<>();
        private final List<Thread> renewers = new ArrayList<>();
        private Doing renewing = () -> {};
        private Runnable completing = () -> {};
        private boolean completes = true;
        private int renewals;
        private int mostRenewals;

        @Override
        public Claim claim(String key, Duration hold) {
            calls.add("claim");
            holds.add(hold);
            return new Claim.Acquired("token");
        }

        @Override
        public boolean renew(String key, String token, Duration hold) {
            calls.add("renew");
            holds.add(hold);
            renewers.add(Thread.currentThread());
            mostRenewals = Math.max(mostRenewals, ++renewals);
            try {
                renewing.now();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            renewals--;
            return true;
        }

        @Override
        public boolean complete(String key, String token, Duration rememberFor) {
            calls.add("complete");
            completing.run();
            return completes;
        }

        @Override
        public boolean release(String key, String token) {
            calls.add("release");
            return true;
        }
    }
}
