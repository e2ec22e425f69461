package io.github.eventfork.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.eventfork.ForkRuntime.Cancellable;
import io.github.eventfork.testkit.VirtualRuntime.Resumption;
import io.github.eventfork.testkit.VirtualRuntime.SetTimer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VirtualRuntimeTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final VirtualRuntime time = VirtualRuntime.seeded(1);
    private final List<String> ran = new ArrayList<>();

    private Runnable task(String name) {
        return () -> ran.add(name);
    }

    // Time and tasks.

    @Test
    void time_stands_still_until_it_is_moved() {
        // given
        Instant began = time.now();
        long reading = time.nanoTime();

        // when
        time.advance(SECOND);

        // then
        assertThat(time.now()).isEqualTo(began.plus(SECOND));
        assertThat(time.nanoTime() - reading).isEqualTo(SECOND.toNanos());
        assertThat(time.elapsed()).isEqualTo(SECOND);
    }

    @Test
    void what_is_to_come_in_for_ever_comes_at_the_end_of_time() {
        // given
        Duration forEver = ChronoUnit.FOREVER.getDuration();
        time.advance(SECOND);
        time.schedule(forEver, task("last"));

        // when
        time.advance(Duration.ofDays(365 * 100));

        // then
        assertThat(ran).isEmpty();

        // when
        time.advance(forEver);

        // then
        assertThat(ran).containsExactly("last");
        assertThat(time.elapsed()).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
    }

    @Test
    void a_task_runs_when_the_test_says_so_and_in_its_turn() {
        // given
        time.handlers().execute(() -> {
            ran.add("first");
            time.handlers().execute(task("third"));
        });
        time.handlers().execute(task("second"));
        List<String> before = List.copyOf(ran);

        // when
        time.runUntilIdle();

        // then
        assertThat(before).isEmpty();
        assertThat(ran).containsExactly("first", "second", "third");
    }

    @Test
    void tasks_that_start_each_other_do_not_use_up_the_stack() {
        // given
        AtomicInteger left = new AtomicInteger(1_000_000);
        Runnable[] chain = new Runnable[1];
        chain[0] = () -> {
            if (left.decrementAndGet() > 0) {
                time.handlers().execute(chain[0]);
            }
        };

        // when
        time.handlers().execute(chain[0]);
        time.runUntilIdle();

        // then
        assertThat(left).hasValue(0);
    }

    @Test
    void timers_run_in_the_order_of_their_time_and_of_their_making() {
        // given
        time.schedule(SECOND.multipliedBy(2), task("late"));
        time.schedule(SECOND, task("early"));
        time.schedule(SECOND, task("early too"));

        // when
        time.advance(SECOND.multipliedBy(3));

        // then
        assertThat(ran).containsExactly("early", "early too", "late");
    }

    @Test
    void a_timer_finds_its_own_time_and_what_it_starts_runs_before_the_next() {
        // given
        time.schedule(SECOND, () -> {
            ran.add("at " + time.elapsed());
            time.handlers().execute(() -> ran.add("task at " + time.elapsed()));
            time.schedule(SECOND, () -> ran.add("then at " + time.elapsed()));
        });
        time.schedule(SECOND, task("next"));

        // when
        time.advance(Duration.ofMinutes(1));

        // then
        assertThat(ran).containsExactly("at PT1S", "task at PT1S", "next", "then at PT2S");
        assertThat(time.elapsed()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void a_timer_is_not_early_and_not_late() {
        // given
        time.schedule(SECOND, task("due"));

        // when
        time.advance(SECOND.minusNanos(1));
        List<String> before = List.copyOf(ran);
        time.advance(Duration.ofNanos(1));

        // then
        assertThat(before).isEmpty();
        assertThat(ran).containsExactly("due");
    }

    @Test
    void a_cancelled_timer_does_not_run() {
        // given
        Cancellable timer = time.schedule(SECOND, task("never"));

        // when
        timer.cancel();
        timer.cancel();
        time.advance(SECOND);

        // then
        assertThat(ran).isEmpty();
    }

    @Test
    void what_a_task_throws_reaches_the_test() {
        // given
        time.handlers().execute(() -> {
            throw new IllegalStateException("broken");
        });

        // then
        assertThatThrownBy(time::runUntilIdle).hasMessage("broken");
    }

    @Test
    void the_same_seed_draws_the_same_chance() {
        assertThat(VirtualRuntime.seeded(7).random().nextLong())
                .isEqualTo(VirtualRuntime.handlersOnThreads(7).random().nextLong())
                .isNotEqualTo(VirtualRuntime.seeded(8).random().nextLong());
    }

    @Test
    void what_keeps_the_process_alive_is_on_record() {
        // given
        Cancellable one = time.keepAlive("one");
        time.keepAlive("two");

        // when
        one.cancel();

        // then
        assertThat(time.keptAliveBy()).containsExactly("two");
    }

    @Test
    void exit_runs_once_what_was_not_called_off() {
        // given
        time.onExit("off", task("off")).cancel();
        time.onExit("on", task("on"));

        // when
        time.exit();
        time.exit();

        // then
        assertThat(ran).containsExactly("on");
    }

    // Waiting.

    @Test
    void waiting_lets_time_pass_until_the_stage_ends_and_no_further() throws Exception {
        // given
        CompletableFuture<String> stage = new CompletableFuture<>();
        time.schedule(SECOND, () -> stage.complete("over"));

        // when
        String value = time.await(stage, Duration.ofMinutes(1));

        // then
        assertThat(value).isEqualTo("over");
        assertThat(time.elapsed()).isEqualTo(SECOND);
    }

    @Test
    void waiting_ends_when_its_time_is_over() {
        assertThatThrownBy(() -> time.await(new CompletableFuture<>(), SECOND)).isInstanceOf(TimeoutException.class);
        assertThat(time.elapsed()).isEqualTo(SECOND);
    }

    @Test
    void a_stage_that_ends_at_the_last_moment_is_in_time() throws Exception {
        // given
        CompletableFuture<String> stage = new CompletableFuture<>();
        time.schedule(SECOND, () -> stage.complete("just"));

        // then
        assertThat(time.await(stage, SECOND)).isEqualTo("just");
    }

    @Test
    void a_handler_on_the_tests_thread_may_take_its_time() {
        // given
        time.schedule(SECOND, task("meanwhile"));
        time.handlers().execute(() -> {
            time.advance(SECOND.multipliedBy(2));
            ran.add("handler");
        });

        // when
        time.runUntilIdle();

        // then
        assertThat(ran).containsExactly("meanwhile", "handler");
    }

    // Handlers on threads of their own.

    private final VirtualRuntime threads = VirtualRuntime.handlersOnThreads(1);

    private void handler(Hold hold, String name) {
        threads.handlers().execute(() -> {
            try {
                hold.await();
                ran.add(name);
            } catch (InterruptedException e) {
                ran.add(name + " interrupted");
            }
        });
    }

    @Test
    void a_held_handler_lets_the_others_run() {
        // given
        Hold hold = threads.hold();
        handler(hold, "held");
        threads.handlers().execute(task("free"));

        // when
        threads.advance(Duration.ofHours(1));
        List<String> before = List.copyOf(ran);
        hold.release();
        threads.runUntilIdle();

        // then
        assertThat(before).containsExactly("free");
        assertThat(ran).containsExactly("free", "held");
    }

    @Test
    void held_handlers_go_on_in_the_order_in_which_they_came() {
        // given
        Hold hold = threads.hold();
        for (int i = 0; i < 20; i++) {
            handler(hold, "handler " + i);
        }
        threads.runUntilIdle();

        // when
        int waiting = hold.waiting();
        hold.releaseOne();
        threads.runUntilIdle();
        List<String> first = List.copyOf(ran);
        hold.release();
        threads.runUntilIdle();

        // then
        assertThat(waiting).isEqualTo(20);
        assertThat(first).containsExactly("handler 0");
        assertThat(ran).hasSize(20).last().isEqualTo("handler 19");
    }

    @Test
    void a_held_handler_that_is_interrupted_takes_its_turn_again() {
        // given
        Hold hold = threads.hold();
        Thread[] thread = new Thread[1];
        threads.handlers().execute(() -> thread[0] = Thread.currentThread());
        handler(hold, "held");
        threads.handlers().execute(() -> {
            thread[0] = Thread.currentThread();
            try {
                hold.await();
            } catch (InterruptedException e) {
                ran.add("interrupted at " + threads.elapsed());
            }
        });
        threads.schedule(SECOND, () -> thread[0].interrupt());

        // when
        threads.advance(SECOND.multipliedBy(5));

        // then
        assertThat(ran).containsExactly("interrupted at PT1S");
        assertThat(hold.waiting()).isEqualTo(1);
    }

    @Test
    void a_handler_that_ignores_interruption_stays_and_keeps_the_flag() {
        // given
        Hold hold = threads.hold();
        Thread[] thread = new Thread[1];
        threads.handlers().execute(() -> {
            thread[0] = Thread.currentThread();
            hold.awaitIgnoringInterrupts();
            ran.add("interrupted: " + Thread.interrupted());
        });
        threads.schedule(SECOND, () -> thread[0].interrupt());

        // when
        threads.advance(SECOND.multipliedBy(5));
        List<String> before = List.copyOf(ran);
        hold.release();
        threads.runUntilIdle();

        // then
        assertThat(before).isEmpty();
        assertThat(ran).containsExactly("interrupted: true");
    }

    @Test
    void a_handler_sleeps_in_virtual_time() {
        // given
        threads.handlers().execute(() -> {
            try {
                threads.sleep(SECOND);
                ran.add("awake at " + threads.elapsed());
            } catch (InterruptedException e) {
                ran.add("interrupted");
            }
        });
        threads.schedule(Duration.ofMillis(500), task("meanwhile"));

        // when
        threads.advance(SECOND.multipliedBy(2));

        // then
        assertThat(ran).containsExactly("meanwhile", "awake at PT1S");
    }

    @Test
    void only_one_of_all_threads_runs_at_any_time() {
        // given
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        for (int i = 0; i < 50; i++) {
            int handler = i;
            threads.handlers().execute(() -> {
                try {
                    for (int turn = 0; turn < 5; turn++) {
                        most.accumulateAndGet(running.incrementAndGet(), Math::max);
                        running.decrementAndGet();
                        threads.sleep(Duration.ofMillis(handler % 7));
                    }
                    ran.add("handler");
                } catch (InterruptedException e) {
                    ran.add("interrupted");
                }
            });
        }

        // when
        threads.advance(SECOND);

        // then
        assertThat(most).hasValue(1);
        assertThat(ran).hasSize(50).containsOnly("handler");
    }

    @Test
    void a_handler_that_blocks_for_real_fails_the_test_with_its_stack() {
        // given
        VirtualRuntime impatient = new VirtualRuntime(1, true, Duration.ofMillis(200));
        CountDownLatch never = new CountDownLatch(1);
        impatient.handlers().execute(() -> {
            while (never.getCount() > 0) {
                LockSupport.park(never);
            }
        });

        // then
        assertThatThrownBy(impatient::runUntilIdle)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("has neither ended nor waited in a Hold")
                .hasMessageContaining("LockSupport.park")
                .hasMessageContaining("VirtualRuntimeTest");
        assertThatThrownBy(impatient::runUntilIdle).isInstanceOf(AssertionError.class);
        never.countDown();
    }

    @Test
    void what_a_handler_throws_reaches_the_test() {
        // given
        threads.handlers().execute(() -> {
            throw new IllegalStateException("broken");
        });

        // then
        assertThatThrownBy(threads::runUntilIdle).hasMessage("broken");
    }

    @Test
    void a_handler_on_the_tests_thread_can_not_be_held() {
        // given
        Hold hold = time.hold();
        time.handlers().execute(() -> {
            try {
                hold.await();
            } catch (InterruptedException e) {
                ran.add("interrupted");
            }
        });

        // then
        assertThatThrownBy(time::runUntilIdle)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("handlersOnThreads()");
    }

    @Test
    void a_handler_on_its_own_thread_can_not_move_time() {
        // given
        threads.handlers().execute(() -> threads.advance(SECOND));

        // then
        assertThatThrownBy(threads::runUntilIdle).hasMessageContaining("can't move time");
    }

    @Test
    void tasks_of_a_stray_thread_are_kept_for_the_next_run() throws Exception {
        // given
        Thread stray = new Thread(() -> {
            for (int i = 0; i < 1_000; i++) {
                time.handlers().execute(task("stray"));
                time.schedule(SECOND, task("stray timer"));
            }
        });
        stray.start();
        stray.join();

        // when
        time.advance(SECOND);

        // then
        assertThat(ran).hasSize(2_000);
    }

    // Callers.

    @Test
    void what_finds_no_callers_thread_waits_in_order_and_owners_do_not_wait_for_each_other() {
        // given
        time.callersOnThreads();
        String one = new String("client");
        String equal = new String("client");

        // when
        for (String name : List.of("a", "b", "c")) {
            time.callers(one, 1).execute(() -> takingASecond(name));
        }
        time.callers(equal, 1).execute(() -> takingASecond("other"));
        time.advance(Duration.ofMinutes(1));

        // then
        assertThat(ran)
                .containsExactly(
                        "a begins at 0",
                        "other begins at 0",
                        "a ends at 1",
                        "b begins at 1",
                        "other ends at 1",
                        "b ends at 2",
                        "c begins at 2",
                        "c ends at 3");
    }

    private void takingASecond(String name) {
        ran.add(name + " begins at " + time.elapsed().toSeconds());
        try {
            time.sleep(SECOND);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        ran.add(name + " ends at " + time.elapsed().toSeconds());
    }

    @Test
    void a_callers_task_that_throws_gives_its_place_to_the_next() {
        // given
        time.callers(this, 1).execute(() -> {
            throw new IllegalStateException("broken");
        });
        time.callers(this, 1).execute(task("next"));

        // then
        assertThatThrownBy(time::runUntilIdle).hasMessage("broken");
        time.runUntilIdle();
        assertThat(ran).containsExactly("next");
    }

    @Test
    void a_call_that_waits_without_a_thread_of_its_own_is_refused_with_advice() {
        time.callers(this, 1).execute(() -> takingASecond("a"));

        assertThatThrownBy(time::runUntilIdle)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("callersOnThreads()");
    }

    @Test
    void a_task_can_ask_for_whom_it_calls() {
        // when
        time.callers("store", 1).execute(() -> ran.add("" + time.caller()));
        time.handlers().execute(() -> ran.add("" + time.caller()));
        time.runUntilIdle();
        time.callersOnThreads();
        time.callers("store", 1).execute(() -> ran.add("" + time.caller()));
        time.runUntilIdle();

        // then
        assertThat(ran).containsExactly("Optional[store]", "Optional.empty", "Optional[store]");
        assertThat(time.caller()).isEmpty();
    }

    @Test
    void calls_need_at_least_one_thread() {
        assertThatThrownBy(() -> time.callers(this, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void handlers_can_be_refused_for_a_while() {
        // given
        time.refuseHandlers(2);

        // then
        assertThatThrownBy(() -> time.handlers().execute(task("never"))).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> time.handlers().execute(task("never"))).isInstanceOf(RejectedExecutionException.class);
        time.handlers().execute(task("third"));
        time.runUntilIdle();
        assertThat(ran).containsExactly("third");
    }

    // Clocks.

    @Test
    void the_wall_clock_jumps_alone() {
        // given
        Instant began = time.now();
        long reading = time.nanoTime();
        time.schedule(SECOND, task("timer"));

        // when
        time.moveWallClock(Duration.ofHours(2));
        time.moveWallClock(Duration.ofHours(-3));
        time.runUntilIdle();

        // then
        assertThat(time.now()).isEqualTo(began.minus(Duration.ofHours(1)));
        assertThat(time.nanoTime()).isEqualTo(reading);
        assertThat(time.elapsed()).isZero();
        assertThat(ran).isEmpty();
    }

    @Test
    void a_suspended_machine_finds_only_its_wall_clock_ahead() {
        // given
        Instant began = time.now();
        long reading = time.nanoTime();
        time.schedule(SECOND.multipliedBy(2), () -> ran.add("timer at " + time.elapsed()));
        time.advance(SECOND);

        // when
        time.suspend(Duration.ofMinutes(10));
        time.runUntilIdle();

        // then
        assertThat(ran).isEmpty();
        assertThat(time.nanoTime() - reading).isEqualTo(SECOND.toNanos());
        assertThat(time.now()).isEqualTo(began.plus(Duration.ofMinutes(10)).plus(SECOND));
        time.advance(SECOND);
        assertThat(ran).containsExactly("timer at PT10M2S");
    }

    @Test
    void while_a_machine_is_suspended_what_is_elsewhere_goes_on_and_answers_wait() {
        // given
        time.elsewhere(SECOND, () -> ran.add("elsewhere at " + time.elapsed()));
        time.answer(SECOND.multipliedBy(2), () -> ran.add("answer at " + time.elapsed()));

        // when
        time.suspend(Duration.ofMinutes(1));
        List<String> meanwhile = List.copyOf(ran);
        time.runUntilIdle();

        // then
        assertThat(meanwhile).containsExactly("elsewhere at PT1S");
        assertThat(ran).containsExactly("elsewhere at PT1S", "answer at PT1M");
    }

    @Test
    void a_paused_process_finds_both_clocks_ahead_and_timers_due() {
        // given
        Instant began = time.now();
        long reading = time.nanoTime();
        time.schedule(SECOND, () -> ran.add("timer at " + time.elapsed()));

        // when
        time.pause(Duration.ofMinutes(1), Resumption.TIMERS_FIRST);

        // then
        assertThat(ran).isEmpty();
        assertThat(time.now()).isEqualTo(began.plusSeconds(60));
        assertThat(time.nanoTime() - reading).isEqualTo(Duration.ofMinutes(1).toNanos());
        time.runUntilIdle();
        assertThat(ran).containsExactly("timer at PT1M");
    }

    @ParameterizedTest
    @CsvSource({"TIMERS_FIRST, ready t1 t2 a1 a2", "ANSWERS_FIRST, ready a1 a2 t1 t2"})
    void a_test_says_in_which_order_a_process_catches_up(Resumption order, String expected) {
        // given
        timersAndAnswers(time, ran);

        // when
        time.pause(Duration.ofMinutes(1), order);
        time.runUntilIdle();

        // then
        assertThat(String.join(" ", ran)).isEqualTo(expected);
    }

    private static void timersAndAnswers(VirtualRuntime time, List<String> ran) {
        time.handlers().execute(() -> ran.add("ready"));
        time.schedule(SECOND, () -> ran.add("t1"));
        time.schedule(SECOND.multipliedBy(3), () -> ran.add("t2"));
        time.answer(SECOND.multipliedBy(2), () -> ran.add("a1"));
        time.answer(SECOND.multipliedBy(4), () -> ran.add("a2"));
    }

    @Test
    void or_the_seed_draws_it_with_timers_in_their_order() {
        // given
        Set<String> orders = new HashSet<>();
        for (int seed = 0; seed < 500; seed++) {
            orders.add(drawn(seed));
            assertThat(drawn(seed)).isEqualTo(drawn(seed));
        }

        // then all that are possible
        assertThat(orders)
                .hasSize(12)
                .allMatch(order -> order.startsWith("ready ") && order.indexOf("t1") < order.indexOf("t2"));
    }

    private static String drawn(long seed) {
        VirtualRuntime paused = VirtualRuntime.seeded(seed);
        List<String> all = new ArrayList<>();
        timersAndAnswers(paused, all);
        paused.pause(Duration.ofMinutes(1), Resumption.DRAWN);
        paused.runUntilIdle();
        return String.join(" ", all);
    }

    @Test
    void a_timer_that_is_due_after_a_pause_can_still_be_cancelled_by_an_answer() {
        // given
        Cancellable limit = time.schedule(SECOND, task("limit"));
        time.answer(SECOND, limit::cancel);

        // when
        time.pause(Duration.ofMinutes(1), Resumption.ANSWERS_FIRST);
        time.runUntilIdle();

        // then
        assertThat(ran).isEmpty();
    }

    @Test
    void a_handler_can_be_stopped_in_its_midst() {
        // given
        time.schedule(SECOND, task("timer"));
        time.handlers().execute(() -> {
            ran.add("before");
            time.pause(Duration.ofMinutes(1), Resumption.TIMERS_FIRST);
            ran.add("after at " + time.elapsed());
        });

        // when
        time.runUntilIdle();

        // then
        assertThat(ran).containsExactly("before", "after at PT1M", "timer");
    }

    @Test
    void a_handler_on_a_thread_of_its_own_can_be_stopped_in_its_midst() {
        // given
        VirtualRuntime threads = VirtualRuntime.handlersOnThreads(1);
        threads.elsewhere(SECOND, task("elsewhere"));
        threads.handlers().execute(() -> {
            ran.add("before");
            threads.suspend(Duration.ofMinutes(1));
            ran.add("after at " + threads.elapsed());
        });

        // when
        threads.runUntilIdle();

        // then
        assertThat(ran).containsExactly("before", "elsewhere", "after at PT1M");
    }

    @Test
    void what_stands_still_for_less_than_no_time_is_refused() {
        assertThatThrownBy(() -> time.suspend(SECOND.negated())).isInstanceOf(IllegalArgumentException.class);
    }

    // Timers that are left.

    @Test
    void the_timers_that_are_set_are_known_until_they_run_or_are_cancelled() {
        // given
        Runnable task = task("kept");
        time.schedule(SECOND.multipliedBy(3), task);
        Cancellable cancelled = time.schedule(SECOND, task("cancelled"));
        time.schedule(SECOND, task("run"));
        cancelled.cancel();

        // when
        time.advance(SECOND);

        // then
        assertThat(time.timers()).containsExactly(new SetTimer(SECOND.multipliedBy(2), task));
    }

    @Test
    void what_is_elsewhere_has_no_timers_here() {
        time.elsewhere(SECOND, task("elsewhere"));

        assertThat(time.timers()).isEmpty();
    }

    @Test
    void a_wait_that_is_over_leaves_no_timer() {
        // given
        VirtualRuntime threads = VirtualRuntime.handlersOnThreads(1);
        CompletableFuture<String> answer = new CompletableFuture<>();
        threads.handlers().execute(() -> {
            try {
                ran.add(threads.await(answer, Duration.ofHours(1)));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        threads.runUntilIdle();

        // when
        answer.complete("answered");
        threads.runUntilIdle();

        // then
        assertThat(ran).containsExactly("answered");
        assertThat(threads.timers()).isEmpty();
    }
}
