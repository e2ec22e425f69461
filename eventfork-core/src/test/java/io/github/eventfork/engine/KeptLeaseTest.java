package io.github.eventfork.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.eventfork.queue.ManualRuntime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class KeptLeaseTest {

    private static final Duration LENGTH = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofHours(12).minusMinutes(6);

    private final ManualRuntime runtime = new ManualRuntime();
    private final KeptLease.Keeper keeper = new KeptLease.Keeper(runtime, LENGTH);
    private final KeptLease lease = keeper.lease();
    private final List<String> told = new ArrayList<>();

    @Test
    void it_lasts_from_its_beginning_and_is_lost_when_it_has_run_out() {
        runtime.advance(Duration.ofSeconds(29));
        assertThat(lease.remaining()).isEqualTo(Duration.ofSeconds(1));
        assertThat(lease.until()).isEqualTo(Instant.EPOCH.plusSeconds(30));
        assertThat(lease.lost()).isFalse();

        runtime.advance(Duration.ofSeconds(1));
        assertThat(lease.lost()).isTrue();
        assertThat(lease.remaining()).isZero();
    }

    @Test
    void an_extension_counts_from_its_call_and_tells_each_listener() {
        lease.onExtended(() -> told.add("extended"));
        runtime.advance(Duration.ofSeconds(20));

        keeper.extend(runtime.nanoTime() - Duration.ofSeconds(1).toNanos(), LENGTH);
        keeper.extend(runtime.nanoTime(), LENGTH);

        assertThat(lease.remaining()).isEqualTo(LENGTH);
        assertThat(told).containsExactly("extended", "extended");
    }

    @Test
    void whoever_is_told_late_is_told_once_of_all_extensions_meanwhile() {
        List<Runnable> words = new ArrayList<>();
        lease.runsBegin(words::add);
        lease.onExtended(() -> told.add("extended"));

        keeper.extend(runtime.nanoTime(), LENGTH);
        keeper.extend(runtime.nanoTime(), LENGTH);
        assertThat(words).hasSize(1);
        words.remove(0).run();
        keeper.extend(runtime.nanoTime(), LENGTH);
        words.remove(0).run();

        assertThat(told).containsExactly("extended", "extended");
        assertThat(words).isEmpty();
    }

    @Test
    void whoever_could_not_be_told_for_want_of_a_thread_is_told_the_next_time() {
        List<Runnable> words = new ArrayList<>();
        boolean[] refused = {true};
        lease.runsBegin(word -> {
            if (refused[0]) {
                throw new RejectedExecutionException("full");
            }
            words.add(word);
        });
        lease.onExtended(() -> told.add("extended"));
        keeper.extend(runtime.nanoTime(), LENGTH);

        refused[0] = false;
        keeper.extend(runtime.nanoTime(), LENGTH);
        words.remove(0).run();

        assertThat(told).containsExactly("extended");
    }

    @Test
    void an_extension_that_ends_before_it_does_shortens_nothing() {
        keeper.extend(runtime.nanoTime(), Duration.ofSeconds(10));

        assertThat(lease.remaining()).isEqualTo(LENGTH);
    }

    @Test
    void one_of_any_length_lasts_that_long_or_146_years() {
        KeptLease forEver = KeptLease.lasting(runtime, ChronoUnit.FOREVER.getDuration());
        KeptLease never = KeptLease.lasting(runtime, Duration.ofSeconds(Long.MIN_VALUE));

        runtime.advance(Duration.ofDays(365));

        assertThat(forEver.remaining()).isBetween(Duration.ofDays(145 * 365), Duration.ofDays(146 * 366));
        assertThat(forEver.keepable()).isEqualTo(forEver.remaining());
        assertThat(never.lost()).isTrue();
    }

    @Test
    void an_extension_reaches_beyond_the_last_reading_of_a_clock_that_begins_anew() {
        // given a clock whose readings turn negative in 40 s
        runtime.leapAfter(1, Duration.ofNanos(Long.MAX_VALUE).minusSeconds(40));
        runtime.nanoTime();
        KeptLease.Keeper late = new KeptLease.Keeper(runtime, LENGTH);

        // when
        runtime.advance(Duration.ofSeconds(20));
        late.extend(runtime.nanoTime(), LENGTH);

        // then
        assertThat(late.lease().remaining()).isEqualTo(LENGTH);
    }

    @Test
    void one_that_has_run_out_is_not_extended_any_more() {
        lease.onExtended(() -> told.add("extended"));
        runtime.advance(LENGTH);

        keeper.extend(runtime.nanoTime(), LENGTH);

        assertThat(lease.lost()).isTrue();
        assertThat(told).isEmpty();
    }

    @Test
    void one_that_is_lost_stays_lost_and_each_listener_hears_of_it_once_whenever_it_came() {
        lease.onLost(() -> told.add("early"));
        lease.onExtended(() -> told.add("extended"));

        keeper.lose();
        keeper.lose();
        keeper.extend(runtime.nanoTime(), LENGTH);
        lease.onLost(() -> told.add("late"));

        assertThat(told).containsExactly("early", "late");
        assertThat(lease.lost()).isTrue();
        assertThat(lease.remaining()).isZero();
        assertThat(keeper.keepable()).isZero();
        assertThat(lease.hideable()).isZero();
    }

    @Test
    void a_listener_that_throws_keeps_no_other_from_being_told() {
        lease.onLost(() -> {
            throw new IllegalStateException("a bug");
        });
        lease.onLost(() -> told.add("next"));

        keeper.lose();

        assertThat(told).containsExactly("next");
    }

    @Test
    void an_error_that_no_process_survives_is_passed_on_from_a_listener() {
        OutOfMemoryError error = new OutOfMemoryError("on purpose");
        lease.onLost(() -> {
            throw error;
        });

        assertThatThrownBy(keeper::lose).isSameAs(error);
    }

    @Test
    void it_can_be_kept_and_hidden_as_long_as_sqs_allows_from_its_beginning() {
        runtime.advance(Duration.ofSeconds(10));

        assertThat(keeper.keepable()).isEqualTo(LONGEST.minusSeconds(10));
        assertThat(lease.hideable()).isEqualTo(LONGEST.minusSeconds(10));
    }

    @Test
    void one_that_is_to_run_out_can_not_be_kept_but_hidden() {
        lease.letRunOut();

        assertThat(keeper.keepable()).isZero();
        assertThat(lease.hideable()).isEqualTo(LONGEST);
    }

    @Test
    void one_that_nobody_extends_is_kept_for_its_length_and_hidden_as_any() {
        KeptLease lasting = KeptLease.lasting(runtime, LENGTH);
        runtime.advance(Duration.ofSeconds(10));

        assertThat(lasting.remaining()).isEqualTo(Duration.ofSeconds(20));
        assertThat(lasting.keepable()).isEqualTo(Duration.ofSeconds(20));
        assertThat(lasting.hideable()).isEqualTo(LONGEST.minusSeconds(10));
    }

    @Test
    void what_listens_for_one_run_is_forgotten_before_the_next_and_what_came_before_is_not() {
        KeptLease.Keeper keeper = new KeptLease.Keeper(new ManualRuntime(), Duration.ofSeconds(30));
        List<String> told = new ArrayList<>();
        keeper.lease().onLost(() -> told.add("dispatcher"));
        keeper.lease().runsBegin(Runnable::run);

        keeper.lease().onLost(() -> told.add("first run"));
        keeper.lease().onExtended(() -> told.add("first run extended"));
        keeper.lease().runOver();
        keeper.lease().onLost(() -> told.add("second run"));
        keeper.extend(0, Duration.ofSeconds(60));
        keeper.lose();
        keeper.lease().runOver();

        assertThat(told).containsExactly("dispatcher", "second run");
    }

    @Test
    void a_handler_that_is_left_behind_can_be_told() {
        assertThat(lease.abandoned()).isFalse();

        lease.abandon();

        assertThat(lease.abandoned()).isTrue();
    }
}
