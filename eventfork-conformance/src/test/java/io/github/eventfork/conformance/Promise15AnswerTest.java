package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import io.github.eventfork.Event;
import io.github.eventfork.Fork;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.Idempotency;
import io.github.eventfork.RetryPolicy;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import io.github.eventfork.lambda.ForkFunction;
import io.github.eventfork.lambda.Settings;
import io.github.eventfork.testkit.Hold;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.LambdaHarness;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.Step;
import io.github.eventfork.testkit.VirtualRuntime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A Lambda invocation reports exactly what is to be retried, within its time. */
@Promise(15)
class Promise15AnswerTest {

    private final Given.Seen seen = new Given.Seen();
    private LambdaHarness harness;
    private Hold hold;

    @ParameterizedTest
    @EnumSource
    void what_has_not_started_when_the_budget_ends_is_reported_and_what_is_done_stays_done(Functions function) {
        // given 10 s for records of 4 s each, one after another
        Fork fork = Given.fork()
                .on("signup", String.class, event -> {
                    harness.time().sleep(seconds(4));
                    seen.add(event);
                })
                .build();
        harness = function.of(fork).remaining(seconds(10)).handlersOnThreads().build();

        // when ten come in
        List<String> reported = harness.invoke(batch(10));

        // then two are done, the third was interrupted, and the rest has not started
        assertThat(seen.ids()).containsExactly("m-0", "m-1");
        assertThat(reported).containsExactlyInAnyOrder("m-2", "m-3", "m-4", "m-5", "m-6", "m-7", "m-8", "m-9");
        assertThat(harness.timeline().started()).containsExactly("m-0", "m-1", "m-2");
    }

    @ParameterizedTest
    @CsvSource({"ENGINE, false", "ENGINE, true", "FORK_FUNCTION, false", "FORK_FUNCTION, true"})
    void when_the_budget_ends_with_three_of_ten_running_the_four_before_them_stay_done(
            Functions function, boolean ignoring) {
        // given three at once, four records that are quick, and six that never end
        Fork fork = Given.fork()
                .on("signup", String.class, event -> {
                    if (number(event) >= 4 && ignoring) {
                        hold.awaitIgnoringInterrupts();
                    } else if (number(event) >= 4) {
                        hold.await();
                    }
                    seen.add(event);
                })
                .build();
        harness = function.of(fork)
                .remaining(seconds(10))
                .concurrency(3)
                .handlersOnThreads()
                .build();
        hold = harness.hold();

        // when
        List<String> reported = harness.invoke(batch(10));

        // then
        assertThat(reported).containsExactly("m-4", "m-5", "m-6", "m-7", "m-8", "m-9");
        assertThat(seen.ids()).containsExactly("m-0", "m-1", "m-2", "m-3");
        assertThat(harness.timeline().started()).hasSize(7).doesNotContain("m-7", "m-8", "m-9");
        assertThat(harness.time().elapsed()).isLessThan(seconds(10));
        hold.release();
        harness.run();
    }

    @ParameterizedTest
    @EnumSource
    void a_thread_that_is_left_behind_is_counted_in_the_log(Functions function) {
        Fork fork = Given.fork()
                .on("signup", String.class, event -> hold.awaitIgnoringInterrupts())
                .build();
        harness = function.of(fork)
                .remaining(seconds(10))
                .concurrency(2)
                .handlersOnThreads()
                .build();
        hold = harness.hold();

        List<String> lines = Logged.during(() -> harness.invoke(batch(3)));

        assertThat(lines)
                .anySatisfy(line -> assertThat(line)
                        .contains("2 of 3 records are reported without an end")
                        .contains("2 handlers ignored their interruption and are left behind"));
        hold.release();
        harness.run();
    }

    @Test
    void an_empty_batch_is_answered_with_an_empty_list() {
        ForkFunction function = new ForkFunction(
                Given.fork().on("signup", String.class, seen::add).build()) {};

        assertThat(function.handleRequest(Invocation.batch(List.of()), new Invocation())
                        .getBatchItemFailures())
                .isNotNull()
                .isEmpty();
    }

    @Test
    @Tag("slow")
    @Promise({2, 15})
    void of_100_000_batches_of_which_all_ten_records_fail_at_once_each_answer_names_all_ten() {
        // given handlers that fail at once, on as many real threads as there are processors
        Fork fork = Given.fork()
                .on("signup", String.class, event -> {
                    throw new WithoutStackTrace();
                })
                .build();
        Executor pool = new ForkJoinPool(Math.max(2, Runtime.getRuntime().availableProcessors()));
        ForkFunction function =
                new ForkFunction(fork, Settings.standard().withConcurrency(10).withRuntime(new BusyRuntime(pool))) {};

        // when, then
        eachAnswerNamesAllTen(function, 100_000);
    }

    @Test
    @Promise({2, 15})
    void of_batches_whose_ten_records_fail_in_the_same_moment_on_ten_threads_each_answer_names_all_ten() {
        // given handlers that wait for each other before they fail
        int batches = 2_000;
        AtomicInteger meetings = new AtomicInteger();
        AtomicInteger awake = new AtomicInteger();
        CyclicBarrier together = new CyclicBarrier(10, meetings::incrementAndGet);
        Fork fork = Given.fork()
                .on("signup", String.class, event -> {
                    together.await(30, TimeUnit.SECONDS);
                    awake.incrementAndGet();
                    while (awake.get() < 10 * meetings.get()) {
                        Thread.yield();
                    }
                    throw new WithoutStackTrace();
                })
                .build();
        ExecutorService ten = Executors.newFixedThreadPool(10);
        ForkFunction function =
                new ForkFunction(fork, Settings.standard().withConcurrency(10).withRuntime(new BusyRuntime(ten))) {};

        // when, then
        try {
            eachAnswerNamesAllTen(function, batches);
        } finally {
            ten.shutdownNow();
        }
        assertThat(meetings).hasValue(batches);
    }

    private static void eachAnswerNamesAllTen(ForkFunction function, int batches) {
        SQSEvent batch = Invocation.batch(IntStream.range(0, 10)
                .mapToObj(i -> Invocation.record("m-" + i, "signup", "ada", Optional.empty()))
                .toList());
        List<String> all = IntStream.range(0, 10).mapToObj(i -> "m-" + i).toList();
        Logged.nowhere(() -> {
            for (int i = 0; i < batches; i++) {
                List<String> reported = Invocation.reported(function.handleRequest(batch, new Invocation()));
                if (!reported.equals(all)) {
                    assertThat(reported).as("answer to batch %s", i).isEqualTo(all);
                }
            }
        });
    }

    /** The system's runtime, but handlers that end at once share the threads of a pool: starting a million takes minutes. */
    private static final class BusyRuntime implements ForkRuntime {

        private final ForkRuntime system = ForkRuntime.system();
        private final Executor pool;

        BusyRuntime(Executor pool) {
            this.pool = pool;
        }

        @Override
        public Executor handlers() {
            return pool;
        }

        @Override
        public Instant now() {
            return system.now();
        }

        @Override
        public long nanoTime() {
            return system.nanoTime();
        }

        @Override
        public RandomGenerator random() {
            return system.random();
        }

        @Override
        public Cancellable schedule(Duration delay, Runnable task) {
            return system.schedule(delay, task);
        }

        @Override
        public <T> T await(CompletionStage<T> stage, Duration atMost)
                throws TimeoutException, ExecutionException, InterruptedException {
            return system.await(stage, atMost);
        }

        @Override
        public Cancellable keepAlive(String name) {
            return system.keepAlive(name);
        }

        @Override
        public Cancellable onExit(String name, Runnable task) {
            return system.onExit(name, task);
        }
    }

    private static final class WithoutStackTrace extends RuntimeException {

        private static final long serialVersionUID = 1L;

        WithoutStackTrace() {
            super("as it should", null, false, false);
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_begins_without_any_time_is_reported_unrun(Functions function) {
        harness = function.of(Given.fork().on("signup", String.class, seen::add).build())
                .remaining(Duration.ofMillis(900))
                .margin(seconds(1))
                .build();

        assertThat(harness.invoke(signup("m-1"), signup("m-2"))).containsExactlyInAnyOrder("m-1", "m-2");
        assertThat(seen.ids()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_handler_that_ends_soon_after_its_interruption_is_done_within_the_margin(Functions function) {
        Fork fork = Given.fork()
                .on("signup", String.class, event -> {
                    try {
                        harness.time().sleep(seconds(60));
                    } catch (InterruptedException e) {
                        harness.time().sleep(Duration.ofMillis(100));
                    }
                })
                .build();
        harness = function.of(fork).remaining(seconds(10)).handlersOnThreads().build();

        assertThat(harness.invoke(signup("m-1"))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_handler_that_ignores_its_interruption_is_left_behind_and_its_late_result_dropped(Functions function) {
        Fork fork = Given.fork()
                .on("signup", String.class, event -> {
                    if (event.delivery().messageId().equals("m-1")) {
                        hold.awaitIgnoringInterrupts();
                    }
                })
                .build();
        harness = function.of(fork)
                .remaining(seconds(10))
                .concurrency(2)
                .handlersOnThreads()
                .build();
        hold = harness.hold();

        List<String> reported = harness.invoke(signup("m-1"), signup("m-2"));

        assertThat(reported).containsExactly("m-1");
        assertThat(harness.time().elapsed()).isLessThanOrEqualTo(seconds(10));

        // and when it ends after all, nobody is told
        hold.release();
        harness.run();
        assertThat(harness.outcomes("m-1")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"ENGINE, false", "ENGINE, true", "FORK_FUNCTION, false", "FORK_FUNCTION, true"})
    @Promise({9, 15, 16})
    void two_invocations_whose_time_ends_leave_it_to_the_third_though_its_fork_has_two_attempts(
            Functions function, boolean settler) {
        // given a fork that tries twice, a queue that hands out three times, and a handler that is too slow at first
        VirtualRuntime time = VirtualRuntime.handlersOnThreads(1);
        List<Integer> attempts = new ArrayList<>();
        Fork fork = Given.fork()
                .retry(RetryPolicy.fixed(Duration.ofMinutes(10)).withAttempts(2))
                .idempotency(Idempotency.in(new InMemoryIdempotencyStore(10, time::nanoTime)))
                .on("signup", String.class, event -> {
                    attempts.add(event.attempt());
                    if (attempts.size() < 3) {
                        time.sleep(Duration.ofMinutes(5));
                    }
                })
                .build();
        LambdaHarness.Builder builder = function.of(fork)
                .time(time)
                .maxReceiveCount(3)
                .visibilityTimeout(seconds(60))
                .remaining(seconds(10));
        harness = (settler ? builder.settler() : builder).build();

        // when
        harness.deliver(signup("m-1"));
        harness.advance(settler ? seconds(25) : Duration.ofMinutes(3));

        // then, with a settler, it came again at once; its key was free each time, and nothing is a dead letter
        assertThat(attempts).containsExactly(1, 2, 3);
        assertThat(harness.outcomes("m-1"))
                .extracting(outcome -> outcome.getClass().getSimpleName())
                .containsExactly("Stopped", "Stopped", "Handled");
        assertThat(harness.deadLetters()).isEmpty();
        assertThat(harness.queue().messages()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @Promise({1, 15, 16})
    void what_is_stopped_at_its_last_receive_is_a_dead_letter_that_says_so_where_there_is_a_settler(
            Functions function) {
        harness = slowFunction(function).settler().build();

        harness.deliver(signup("m-1").receiveCount(3));
        harness.advance(seconds(10));

        assertThat(harness.queue().log().deadLetters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.note())
                        .hasValueSatisfying(note -> assertThat(note).contains("stopped at its last receive, 3 of 3")));
        assertThat(harness.queue().messages()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @Promise({15, 16})
    void a_function_in_whose_time_all_is_done_asks_no_queue_for_its_count(Functions function) {
        harness = function.of(Given.fork().on("signup", String.class, seen::add).build())
                .settler()
                .build();

        harness.deliver(signup("m-1"), signup("m-2"));
        harness.advance(seconds(60));

        assertThat(seen.ids()).containsExactly("m-1", "m-2");
        assertThat(harness.queue().log().count(InMemoryQueue.Call.FACTS)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void without_a_settler_the_queue_moves_it_away_and_says_no_reason(Functions function) {
        harness = slowFunction(function).visibilityTimeout(seconds(60)).build();

        harness.deliver(signup("m-1").receiveCount(3));
        harness.advance(Duration.ofMinutes(2));

        assertThat(harness.timeline().steps(Step.Reported.class)).hasSize(1);
        assertThat(harness.timeline().steps(Step.MovedAway.class)).hasSize(1);
        assertThat(harness.queue().log().deadLetters()).isEmpty();
    }

    /** A function with 10 s for a handler that takes minutes. */
    private LambdaHarness.Builder slowFunction(Functions function) {
        return function.of(Given.fork()
                        .on("signup", String.class, event -> harness.time().sleep(Duration.ofMinutes(5)))
                        .build())
                .remaining(seconds(10))
                .handlersOnThreads();
    }

    private static Message[] batch(int size) {
        return IntStream.range(0, size).mapToObj(i -> signup("m-" + i)).toArray(Message[]::new);
    }

    private static int number(Event<?> event) {
        return Integer.parseInt(event.delivery().messageId().substring("m-".length()));
    }
}
