package io.github.eventfork;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Real time and threads. */
class SystemRuntimeTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MORE_THAN_ARE_KEPT = 64;

    private final ForkRuntime runtime = ForkRuntime.system();

    @Test
    void its_clocks_are_those_of_the_system() {
        assertThat(runtime.now())
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));

        long before = System.nanoTime();
        long reading = runtime.nanoTime();
        assertThat(reading - before).isBetween(0L, System.nanoTime() - before);
    }

    @Test
    void a_task_runs_after_its_delay_on_a_daemon() throws Exception {
        CompletableFuture<Thread> ran = new CompletableFuture<>();
        long before = runtime.nanoTime();

        runtime.schedule(Duration.ofMillis(50), () -> ran.complete(Thread.currentThread()));

        Thread timer = runtime.await(ran, PATIENCE);
        assertThat(runtime.nanoTime() - before).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(50));
        assertThat(timer.isDaemon()).isTrue();
        assertThat(timer.getName()).startsWith("eventfork-timer-");
    }

    @Test
    void a_delay_that_lasts_for_ever_is_taken_and_holds_nobody_up() throws Exception {
        // given
        Duration forEver = ChronoUnit.FOREVER.getDuration();
        CompletableFuture<Void> early = new CompletableFuture<>();
        CompletableFuture<Void> ran = new CompletableFuture<>();
        ForkRuntime.Cancellable never = runtime.schedule(forEver, () -> early.complete(null));

        // when
        runtime.schedule(Duration.ZERO, () -> ran.complete(null));

        // then
        runtime.await(ran, forEver);
        assertThat(early).isNotDone();
        never.cancel();
    }

    @Test
    void a_task_that_is_called_off_does_not_run() throws Exception {
        // given a task that is due, behind another on the one thread of the timer
        CompletableFuture<Void> gate = new CompletableFuture<>();
        CompletableFuture<Void> calledOff = new CompletableFuture<>();
        CompletableFuture<Void> behind = new CompletableFuture<>();
        runtime.schedule(Duration.ZERO, gate::join);
        ForkRuntime.Cancellable task = runtime.schedule(Duration.ZERO, () -> calledOff.complete(null));
        runtime.schedule(Duration.ZERO, () -> behind.complete(null));

        // when
        task.cancel();
        task.cancel();
        gate.complete(null);

        // then
        runtime.await(behind, PATIENCE);
        assertThat(calledOff).isNotDone();
    }

    @Test
    void a_wait_ends_with_the_stage_or_when_the_time_is_over() throws Exception {
        assertThat(runtime.await(CompletableFuture.completedFuture("done"), PATIENCE))
                .isEqualTo("done");
        assertThatThrownBy(() -> runtime.await(new CompletableFuture<>(), Duration.ofMillis(1)))
                .isInstanceOf(TimeoutException.class);
        assertThatThrownBy(() ->
                        runtime.await(CompletableFuture.failedFuture(new IllegalStateException("down")), PATIENCE))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("down");
    }

    @Test
    void handlers_run_beside_each_other_on_daemons_with_their_name() throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        CompletableFuture<Thread> one = new CompletableFuture<>();
        CompletableFuture<Thread> other = new CompletableFuture<>();

        runtime.handlers().execute(() -> meet(together, one));
        runtime.handlers().execute(() -> meet(together, other));

        Thread first = runtime.await(one, PATIENCE);
        Thread second = runtime.await(other, PATIENCE);
        assertThat(first).isNotSameAs(second);
        assertThat(first.isDaemon()).isTrue();
        assertThat(first.getName()).startsWith("eventfork-handler-").isNotEqualTo(second.getName());
    }

    @Test
    void handlers_inherit_nothing_of_the_thread_that_happens_to_start_them() throws Exception {
        // given a thread with an inheritable thread local and a context class loader of its own
        InheritableThreadLocal<String> local = new InheritableThreadLocal<>();
        ClassLoader loader = new ClassLoader(getClass().getClassLoader()) {};
        CyclicBarrier together = new CyclicBarrier(MORE_THAN_ARE_KEPT);
        List<CompletableFuture<Inherited>> all = new ArrayList<>();

        // when it starts so many handlers that some need a new thread
        inContext(local, loader, () -> {
            for (int i = 0; i < MORE_THAN_ARE_KEPT; i++) {
                CompletableFuture<Inherited> one = new CompletableFuture<>();
                all.add(one);
                runtime.handlers().execute(() -> meet(together, one, () -> Inherited.now(local)));
            }
        });

        // then none has either
        for (CompletableFuture<Inherited> one : all) {
            Inherited inherited = runtime.await(one, PATIENCE);
            assertThat(inherited.local()).isEmpty();
            assertThat(inherited.loader()).isNotSameAs(loader);
        }
    }

    @Test
    void callers_inherit_no_thread_local_and_have_the_class_loader_of_whoever_asked_for_them() throws Exception {
        // given a client for which a thread with both asks, and whose first call comes from elsewhere
        InheritableThreadLocal<String> local = new InheritableThreadLocal<>();
        ClassLoader loader = new ClassLoader(getClass().getClassLoader()) {};
        Object client = new Object();
        List<Executor> callers = new ArrayList<>();
        inContext(local, loader, () -> callers.add(runtime.callers(client, 1)));

        // when
        CompletableFuture<Inherited> first = new CompletableFuture<>();
        local.set("of this thread");
        callers.get(0).execute(() -> first.complete(Inherited.now(local)));

        // then
        assertThat(runtime.await(first, PATIENCE)).isEqualTo(new Inherited(Optional.empty(), loader));
        local.remove();
    }

    /** What a thread may have from whoever made it. */
    private record Inherited(Optional<String> local, ClassLoader loader) {
        static Inherited now(ThreadLocal<String> local) {
            return new Inherited(
                    Optional.ofNullable(local.get()), Thread.currentThread().getContextClassLoader());
        }
    }

    private static void inContext(ThreadLocal<String> local, ClassLoader loader, Runnable task) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        local.set("inheritable");
        thread.setContextClassLoader(loader);
        try {
            task.run();
        } finally {
            thread.setContextClassLoader(before);
            local.remove();
        }
    }

    @Test
    void the_jvm_is_kept_alive_by_a_thread_of_that_name_until_it_is_called_off() throws Exception {
        ForkRuntime.Cancellable alive = runtime.keepAlive("kept-alive-for-a-test");
        Thread thread = Thread.getAllStackTraces().keySet().stream()
                .filter(each -> each.getName().equals("kept-alive-for-a-test"))
                .findFirst()
                .orElseThrow();
        assertThat(thread.isDaemon()).isFalse();
        assertThat(thread.getContextClassLoader()).isSameAs(ForkRuntime.class.getClassLoader());

        alive.cancel();

        thread.join(PATIENCE.toMillis());
        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void what_was_to_run_on_exit_can_be_called_off_twice() {
        ForkRuntime.Cancellable exit = runtime.onExit("on-exit-of-a-test", () -> {});

        exit.cancel();
        exit.cancel();
    }

    private static void meet(CyclicBarrier together, CompletableFuture<Thread> met) {
        meet(together, met, Thread::currentThread);
    }

    private static <T> void meet(CyclicBarrier together, CompletableFuture<T> met, Supplier<T> what) {
        try {
            together.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            met.complete(what.get());
        } catch (Exception e) {
            met.completeExceptionally(e);
        }
    }
}
