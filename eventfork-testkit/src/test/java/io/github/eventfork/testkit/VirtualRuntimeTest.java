package io.github.eventfork.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.eventfork.ForkRuntime.Cancellable;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

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
}
