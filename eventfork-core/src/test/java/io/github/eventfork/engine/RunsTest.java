package io.github.eventfork.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.eventfork.queue.ManualRuntime;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The handlers run on the test's own thread, whose interrupts are looked at and cleared. */
class RunsTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final ManualRuntime runtime = new ManualRuntime();
    private final Runs runs = new Runs(runtime, Optional.of(LIMIT));

    @AfterEach
    void clear() {
        Thread.interrupted();
    }

    @Test
    void a_run_counts_until_it_ends() {
        Runs.Run run = runs.begin(lease());
        assertThat(runs.count()).isEqualTo(1);

        run.end();
        assertThat(runs.count()).isZero();
    }

    @Test
    void an_interrupt_from_before_or_after_concerns_no_run() {
        Thread.currentThread().interrupt();
        Runs.Run run = runs.begin(lease());
        assertThat(Thread.currentThread().isInterrupted()).isFalse();

        Thread.currentThread().interrupt();
        run.end();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void a_limit_that_lasts_for_ever_is_never_reached() {
        Runs unlimited = new Runs(runtime, Optional.of(ChronoUnit.FOREVER.getDuration()));
        unlimited.begin(lease());

        runtime.advance(Duration.ofDays(365));

        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void a_run_that_reaches_its_limit_is_interrupted_once_and_its_lease_may_run_out() {
        KeptLease lease = lease();
        runs.begin(lease);

        runtime.advance(LIMIT.minusNanos(1));
        assertThat(Thread.interrupted()).isFalse();
        assertThat(lease.keepable()).isPositive();

        runtime.advance(Duration.ofNanos(1));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(lease.keepable()).isZero();

        // and then it is left alone, also when another one reaches the limit
        KeptLease second = lease();
        runs.begin(second).end();
        runs.begin(second);
        runtime.advance(LIMIT);
        assertThat(second.keepable()).isZero();
        assertThat(runs.count()).isEqualTo(2);
    }

    @Test
    void the_limit_is_each_runs_own() {
        KeptLease first = lease();
        KeptLease second = lease();
        runs.begin(first);
        runtime.advance(Duration.ofSeconds(4));
        runs.begin(second);

        runtime.advance(Duration.ofSeconds(6));
        assertThat(first.keepable()).isZero();
        assertThat(second.keepable()).isPositive();

        runtime.advance(Duration.ofSeconds(4).minusNanos(1));
        assertThat(second.keepable()).isPositive();

        runtime.advance(Duration.ofNanos(1));
        assertThat(second.keepable()).isZero();
    }

    @Test
    void a_run_that_has_ended_reaches_no_limit() {
        KeptLease lease = lease();
        runs.begin(lease).end();

        runtime.advance(LIMIT);

        assertThat(Thread.interrupted()).isFalse();
        assertThat(lease.keepable()).isPositive();
    }

    @Test
    void without_a_limit_nobody_is_interrupted() {
        KeptLease lease = lease();
        new Runs(runtime, Optional.empty()).begin(lease);

        runtime.advance(Duration.ofHours(1));

        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void a_lost_lease_interrupts_its_run_and_no_run_that_has_ended() {
        KeptLease.Keeper running = new KeptLease.Keeper(runtime, LIMIT);
        KeptLease.Keeper ended = new KeptLease.Keeper(runtime, LIMIT);
        runs.begin(running.lease());
        runs.begin(ended.lease()).end();

        ended.lose();
        assertThat(Thread.interrupted()).isFalse();

        running.lose();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void a_stop_interrupts_what_runs_and_what_begins_after_it() {
        Runs.Run run = runs.begin(lease());
        assertThat(runs.stopped()).isFalse();

        runs.stop();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(runs.stopped()).isTrue();

        run.end();
        runs.begin(lease());
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void a_run_whose_limit_no_timer_watches_does_not_begin_and_the_next_one_gets_its_timer() {
        // given a timer that can't be set
        runtime.beforeTimer(() -> {
            throw new IllegalStateException("no timer");
        });
        assertThatThrownBy(() -> runs.begin(lease())).hasMessage("no timer");

        // then nothing of it is left
        assertThat(runs.count()).isZero();

        // and when timers can be set again, the next run reaches its limit
        runtime.beforeTimer(() -> {});
        KeptLease lease = lease();
        runs.begin(lease);
        runtime.advance(LIMIT);
        assertThat(lease.keepable()).isZero();
    }

    @Test
    void a_limit_that_is_reached_is_told_though_no_timer_can_be_set_for_the_next() {
        // given two runs, and no more timers
        KeptLease first = lease();
        runs.begin(first);
        runtime.advance(Duration.ofSeconds(1));
        KeptLease second = lease();
        runs.begin(second);
        runtime.beforeTimer(() -> {
            throw new IllegalStateException("no timer");
        });

        runtime.advance(LIMIT.minusSeconds(1));
        assertThat(first.keepable()).isZero();

        // then a third sets one again, which tells the second as well
        runtime.beforeTimer(() -> {});
        runs.begin(lease());
        runtime.advance(LIMIT);
        assertThat(second.keepable()).isZero();
    }

    @Test
    void an_interrupt_that_throws_keeps_no_other_run_from_being_interrupted() throws Exception {
        // given a thread whose interrupt throws, as one does that waits in a channel which can't be closed, and this
        // one
        CompletableFuture<Void> begun = new CompletableFuture<>();
        Thread stubborn =
                new Thread(() -> {
                    runs.begin(lease());
                    begun.complete(null);
                }) {
                    @Override
                    public void interrupt() {
                        throw new IllegalStateException("a channel that can't be closed");
                    }
                };
        stubborn.start();
        begun.get(20, TimeUnit.SECONDS);
        runs.begin(lease());

        runs.stop();

        assertThat(Thread.interrupted()).isTrue();
    }

    private KeptLease lease() {
        return new KeptLease.Keeper(runtime, Duration.ofMinutes(1)).lease();
    }
}
