package io.github.eventfork.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.eventfork.idempotency.Claim;
import io.github.eventfork.idempotency.IdempotencyStore;
import io.github.eventfork.queue.ManualRuntime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class HeldClaimTest {

    private static final Duration LENGTH = Duration.ofSeconds(30);

    private final ManualRuntime runtime = new ManualRuntime();
    private final KeptLease.Keeper keeper = new KeptLease.Keeper(runtime, LENGTH);
    private final Store store = new Store();
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final List<String> told = new ArrayList<>();

    @Test
    void it_is_renewed_when_its_lease_is_for_as_long_as_that_lasts() {
        claim(LENGTH);
        assertThat(tasks).isEmpty();

        runtime.advance(Duration.ofSeconds(10));
        extend();
        runtime.advance(Duration.ofSeconds(5));
        runTasks();

        assertThat(store.calls).containsExactly("renew key token PT25S");
        assertThat(told).isEmpty();
    }

    @Test
    void it_is_renewed_at_once_if_its_lease_was_extended_while_the_claim_was_on_its_way() {
        claim(LENGTH.minusNanos(1));
        runTasks();

        assertThat(store.calls).containsExactly("renew key token PT30S");
    }

    @Test
    void a_renewal_that_hangs_is_not_waited_for_and_two_are_under_way_at_most() {
        claim(LENGTH);

        extend();
        extend();
        extend();
        runTasks();
        assertThat(store.calls).hasSize(2);

        extend();
        runTasks();
        assertThat(store.calls).hasSize(3);
    }

    @Test
    void none_begins_after_the_end() {
        claim(LENGTH).complete();
        extend();
        claim(LENGTH).release();
        extend();
        claim(LENGTH).leaveToExpire();
        extend();

        assertThat(tasks).isEmpty();
        assertThat(store.calls).containsExactly("complete key token PT24H", "release key token");
        assertThat(told).isEmpty();
    }

    @Test
    void one_that_waits_for_a_thread_at_the_end_is_not_made() {
        HeldClaim claim = claim(LENGTH);
        extend();

        claim.complete();
        runTasks();

        assertThat(store.calls).containsExactly("complete key token PT24H");
    }

    @Test
    void a_claim_whose_lease_has_run_out_meanwhile_is_not_renewed() {
        claim(LENGTH);
        extend();
        runtime.advance(LENGTH);
        runTasks();

        assertThat(store.calls).isEmpty();
        assertThat(told).isEmpty();
    }

    @Test
    void that_it_is_no_longer_ours_is_told_once() {
        HeldClaim claim = claim(LENGTH);
        store.answer = () -> false;

        extend();
        runTasks();
        assertThat(told).containsExactly("lost");

        extend();
        runTasks();
        claim.complete();
        assertThat(told).containsExactly("lost");
    }

    @Test
    void what_a_renewal_says_after_the_end_says_nothing() {
        HeldClaim claim = claim(LENGTH);
        extend();
        claim.complete();
        store.answer = () -> false;

        runTasks();

        assertThat(told).isEmpty();
    }

    @Test
    void a_renewal_that_fails_is_tried_again_whenever_half_of_what_is_left_of_the_claim_is_over() {
        // given a claim of 30 s whose renewal fails after 10 s
        claim(LENGTH);
        runtime.advance(Duration.ofSeconds(10));
        store.answer = failing();
        extend();
        runTasks();
        assertThat(told).isEmpty();

        // then another begins after 10 s, and one after 5 s more
        runtime.advance(Duration.ofSeconds(10).minusNanos(1));
        assertThat(tasks).isEmpty();
        runtime.advance(Duration.ofNanos(1));
        assertThat(tasks).hasSize(1);
        runTasks();
        runtime.advance(Duration.ofSeconds(5));
        assertThat(tasks).hasSize(1);

        // and when one succeeds, no more until the lease is extended again
        store.answer = () -> true;
        runTasks();
        runtime.advance(LENGTH);
        assertThat(tasks).isEmpty();
        assertThat(runtime.timers()).isZero();
    }

    @Test
    void a_renewal_that_hangs_is_not_waited_for() {
        claim(LENGTH);
        runtime.advance(Duration.ofSeconds(10));
        extend();
        assertThat(tasks).hasSize(1);

        runtime.advance(Duration.ofSeconds(10));
        assertThat(tasks).hasSize(2);
        runtime.advance(Duration.ofSeconds(10));
        assertThat(tasks).as("two at most").hasSize(2);
    }

    @Test
    void what_was_planned_is_called_off_with_the_end() {
        HeldClaim claim = claim(LENGTH);
        extend();
        claim.complete();

        assertThat(runtime.timers()).isZero();
    }

    @Test
    void a_claim_that_is_over_is_tried_for_no_more_until_its_lease_is_extended() {
        claim(LENGTH);
        store.answer = failing();
        extend();
        for (int i = 0; i < 60; i++) {
            runTasks();
            runtime.advance(Duration.ofSeconds(1));
        }

        assertThat(runtime.timers()).isZero();
        assertThat(store.calls).hasSizeBetween(5, 15);
    }

    @Test
    void an_end_that_is_refused_or_fails_is_told() {
        store.answer = () -> false;
        claim(LENGTH).complete();
        claim(LENGTH).release();
        assertThat(told).hasSize(2);

        store.answer = failing();
        claim(LENGTH).complete();
        claim(LENGTH).release();
        assertThat(told).hasSize(4);
    }

    @Test
    void an_error_that_no_process_survives_is_passed_on() {
        OutOfMemoryError error = new OutOfMemoryError("on purpose");
        store.answer = () -> {
            throw error;
        };
        HeldClaim claim = claim(LENGTH);
        extend();

        assertThatThrownBy(this::runTasks).isSameAs(error);
        assertThatThrownBy(claim::complete).isSameAs(error);
    }

    private HeldClaim claim(Duration hold) {
        return new HeldClaim(
                new Parts.Memory(store, Duration.ofDays(1), false),
                "key",
                "token",
                runtime.nanoTime(),
                hold,
                keeper.lease(),
                runtime,
                tasks::add,
                () -> told.add("lost"));
    }

    private void extend() {
        keeper.extend(runtime.nanoTime(), LENGTH);
    }

    private void runTasks() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    private static BooleanSupplier failing() {
        return () -> {
            throw new IllegalStateException("down");
        };
    }

    /** Notes what it is asked, and answers what a test says. */
    private static final class Store implements IdempotencyStore {

        private final List<String> calls = new ArrayList<>();
        private BooleanSupplier answer = () -> true;

        @Override
        public Claim claim(String key, Duration hold) {
            throw new UnsupportedOperationException("claimed already");
        }

        @Override
        public boolean renew(String key, String token, Duration hold) {
            calls.add("renew " + key + " " + token + " " + hold);
            return answer.getAsBoolean();
        }

        @Override
        public boolean complete(String key, String token, Duration rememberFor) {
            calls.add("complete " + key + " " + token + " " + rememberFor);
            return answer.getAsBoolean();
        }

        @Override
        public boolean release(String key, String token) {
            calls.add("release " + key + " " + token);
            return answer.getAsBoolean();
        }
    }
}
