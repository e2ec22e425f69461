package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import io.github.eventfork.BatchProcessor;
import io.github.eventfork.Delivery;
import io.github.eventfork.Event;
import io.github.eventfork.EventHandler;
import io.github.eventfork.Fork;
import io.github.eventfork.Idempotency;
import io.github.eventfork.Lease;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.Settlement;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import io.github.eventfork.lambda.ForkFunction;
import io.github.eventfork.lambda.Settings;
import io.github.eventfork.queue.BatchingSettler;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.Hold;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.VirtualRuntime;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One instance serves several invocations at once; a fork that can't be built fails the init. */
@Promise(17)
class Promise17InvocationsAtOnceTest {

    private static final int INVOCATIONS_AT_ONCE = 8;
    private static final int BATCHES = 200;
    private static final int RECORDS = 10;

    private final Map<String, Integer> runs = new ConcurrentHashMap<>();
    private final CyclicBarrier together = new CyclicBarrier(INVOCATIONS_AT_ONCE);
    private final Given.Seen seen = new Given.Seen();
    private final VirtualRuntime runtime = VirtualRuntime.handlersOnThreads(1);
    private final Hold hold = runtime.hold();

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void of_eight_invocations_at_once_each_answers_for_its_own_records(int concurrency) throws Exception {
        // given one function, of which the first records of eight batches run only together
        Fork fork = Fork.named("fork").on("signup", String.class, this::handle).build();
        ForkFunction function = new ForkFunction(fork, Settings.standard().withConcurrency(concurrency)) {};

        // when
        List<List<String>> answers = new ArrayList<>();
        ExecutorService lambda = Executors.newFixedThreadPool(INVOCATIONS_AT_ONCE);
        try {
            List<Callable<List<String>>> invocations = IntStream.range(0, BATCHES)
                    .mapToObj(batch -> (Callable<List<String>>) () -> Invocation.reported(
                            function.handleRequest(Invocation.batch(records(batch)), new Invocation())))
                    .toList();
            for (Future<List<String>> answer : lambda.invokeAll(invocations, 30, TimeUnit.SECONDS)) {
                answers.add(answer.get());
            }
        } finally {
            lambda.shutdownNow();
        }

        // then
        assertThat(answers)
                .isEqualTo(IntStream.range(0, BATCHES)
                        .mapToObj(Promise17InvocationsAtOnceTest::failingOf)
                        .toList());
        assertThat(runs)
                .hasSize(BATCHES * RECORDS)
                .allSatisfy((messageId, times) -> assertThat(times).isEqualTo(1));
    }

    /** A function as users write it, for each way in which its fork can't be built. */
    static Stream<Class<? extends ForkFunction>> functionsThatCannotBe() {
        return Stream.of(RoutedTwice.class, BuiltByAClassThatFails.class);
    }

    @ParameterizedTest
    @MethodSource("functionsThatCannotBe")
    void a_fork_that_cannot_be_built_fails_the_init_and_is_named(Class<? extends ForkFunction> function) {
        // when Lambda makes it
        assertThatThrownBy(() -> function.getConstructor().newInstance())

                // then
                .isInstanceOf(InvocationTargetException.class)
                .rootCause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("mailing-list")
                .hasMessageContaining("signup");
    }

    @Test
    void a_class_that_cannot_be_initialized_passes_through_as_the_error_that_it_is() {
        // when its constructor is called for the first time, then nothing of ours stands in between
        assertThatThrownBy(BuiltByAClassThatFailsToo::new).isInstanceOf(ExceptionInInitializerError.class);
    }

    @Test
    void the_same_message_in_two_invocations_runs_in_both() {
        // given a function that timed out while it was handled, and another that has it meanwhile
        BatchProcessor function = function(event -> {
            seen.add(event);
            hold.await();
        });
        CompletableFuture<Map<String, Settlement>> one = invoke(function, seconds(10), signup("m-1"));
        CompletableFuture<Map<String, Settlement>> other = invoke(function, seconds(10), signup("m-1"));

        // then neither waits for the other, or takes the other's work for its own
        assertThat(seen.ids()).containsExactly("m-1", "m-1");
        hold.release();
        runtime.runUntilIdle();
        assertThat(one).isCompletedWithValue(Map.of("m-1", new Settlement.Acknowledge()));
        assertThat(other).isCompletedWithValue(Map.of("m-1", new Settlement.Acknowledge()));
    }

    @Test
    void an_invocation_remembers_nothing_for_the_next() {
        BatchProcessor function = function(seen::add);

        invoke(function, seconds(10), signup("m-1"), signup("m-1"));
        invoke(function, seconds(10), signup("m-1"));

        assertThat(seen.ids()).containsExactly("m-1", "m-1");
    }

    @Test
    void the_end_of_one_invocations_time_interrupts_its_own_handlers_alone() {
        BatchProcessor function = function(event -> hold.await());
        CompletableFuture<Map<String, Settlement>> one = invoke(function, seconds(5), signup("m-1"), signup("m-2"));
        CompletableFuture<Map<String, Settlement>> other = invoke(function, seconds(60), signup("m-3"));

        // when the time of the first is over
        runtime.advance(seconds(6));

        // then the other goes on
        assertThat(one)
                .isCompletedWithValueMatching(standing -> standing.values().stream()
                        .allMatch(settlement -> settlement.equals(new Settlement.GiveBack(Duration.ZERO))));
        assertThat(other).isNotDone();
        hold.release();
        runtime.runUntilIdle();
        assertThat(other).isCompletedWithValue(Map.of("m-3", new Settlement.Acknowledge()));
    }

    @Test
    void what_one_invocation_has_in_hand_holds_up_nobody_elses_group_or_handlers() {
        // given one handler at once, and a group of which a record hangs
        BatchProcessor function = function(event -> {
            if (event.delivery().messageId().equals("a-1")) {
                hold.await();
            }
            seen.add(event);
        });
        invoke(
                function,
                seconds(60),
                "queue.fifo",
                signup("a-1").group("a"),
                signup("a-2").group("a"));

        // when another invocation has records of the same group
        invoke(
                function,
                seconds(60),
                "queue.fifo",
                signup("a-3").group("a"),
                signup("b-1").group("b"));

        // then they run
        assertThat(seen.ids()).containsExactly("a-3", "b-1");
        hold.release();
        runtime.runUntilIdle();
        assertThat(seen.ids()).containsExactly("a-3", "b-1", "a-1", "a-2");
    }

    @Test
    @Promise({3, 17})
    void an_error_that_ends_one_invocation_ends_no_other() {
        BatchProcessor function = function(event -> {
            if (event.delivery().messageId().equals("deadly")) {
                throw new OutOfMemoryError("a test's");
            }
            hold.await();
        });
        CompletableFuture<Map<String, Settlement>> other = invoke(function, seconds(60), signup("m-1"));
        CompletableFuture<Map<String, Settlement>> one = invoke(function, seconds(60), signup("deadly"), signup("m-2"));

        assertThat(one).isCompletedExceptionally();
        assertThat(other).isNotDone();
        hold.release();
        runtime.runUntilIdle();
        assertThat(other).isCompletedWithValue(Map.of("m-1", new Settlement.Acknowledge()));
    }

    @Test
    @Promise({16, 17})
    void what_one_invocation_asked_of_the_settler_holds_up_no_others_answer() {
        // given two invocations with one settler, of which one has a dead letter that takes long to send
        InMemoryQueue queue = InMemoryQueue.named("queue", runtime)
                .deadLetterQueue(InMemoryQueue.named("dlq", runtime).build(), 3)
                .build();
        queue.faults().next(Call.DEAD_LETTER, Fault.delayed(seconds(30)));
        Fork fork = Given.fork()
                .on("signup", String.class, event -> {
                    if (event.delivery().messageId().equals("hopeless")) {
                        throw new RejectedEventException("never");
                    }
                    hold.awaitIgnoringInterrupts();
                })
                .build();
        BatchProcessor function =
                new BatchProcessor(fork, runtime, 1, seconds(1), Optional.of(new BatchingSettler(queue, runtime)));
        CompletableFuture<Map<String, Settlement>> one = invoke(function, seconds(60), signup("hopeless"));
        CompletableFuture<Map<String, Settlement>> other = invoke(function, seconds(5), signup("m-1"));

        // when a quarter of the other's margin is over
        runtime.advance(Duration.ofMillis(4_300));

        // then its answer is there
        assertThat(other).isCompletedWithValue(Map.of("m-1", new Settlement.GiveBack(Duration.ZERO)));
        assertThat(one).isNotDone();
        hold.release();
        runtime.advance(seconds(40));
        assertThat(one)
                .isCompletedWithValueMatching(standing -> standing.get("hopeless") instanceof Settlement.DeadLetter);
    }

    @Test
    @Promise({9, 17})
    void what_invocations_share_is_the_store_alone() {
        // given a key that one invocation has claimed
        BatchProcessor function = new BatchProcessor(
                Given.fork()
                        .on("signup", String.class, event -> {
                            seen.add(event);
                            runtime.sleep(seconds(5));
                        })
                        .idempotency(Idempotency.in(new InMemoryIdempotencyStore(10, runtime::nanoTime)))
                        .build(),
                runtime,
                1,
                seconds(1),
                Optional.empty());
        CompletableFuture<Map<String, Settlement>> one = invoke(function, seconds(60), signup("m-1"));
        CompletableFuture<Map<String, Settlement>> other = invoke(function, seconds(60), signup("m-1"));

        // when it is done there
        runtime.advance(seconds(7));

        // then the other has waited for that, and not done it again
        assertThat(seen.ids()).containsExactly("m-1");
        assertThat(one).isCompletedWithValue(Map.of("m-1", new Settlement.Acknowledge()));
        assertThat(other).isCompletedWithValue(Map.of("m-1", new Settlement.Acknowledge()));
    }

    private BatchProcessor function(EventHandler<String> handler) {
        Fork fork = Given.fork().on("signup", String.class, handler).build();
        return new BatchProcessor(fork, runtime, 1, seconds(1), Optional.empty());
    }

    private CompletableFuture<Map<String, Settlement>> invoke(
            BatchProcessor function, Duration remaining, Message... messages) {
        return invoke(function, remaining, "queue", messages);
    }

    /** Begins an invocation, and lets it run as far as it comes without time passing. */
    private CompletableFuture<Map<String, Settlement>> invoke(
            BatchProcessor function, Duration remaining, String queue, Message... messages) {
        List<Delivery> batch =
                Stream.of(messages).map(message -> message.delivery(queue)).toList();
        CompletableFuture<Map<String, Settlement>> answer = function.process(
                        batch, delivery -> Lease.lasting(runtime, remaining), remaining.minusSeconds(1))
                .thenApply(Promise17InvocationsAtOnceTest::byMessage)
                .toCompletableFuture();
        runtime.runUntilIdle();
        return answer;
    }

    private static Map<String, Settlement> byMessage(Map<Delivery, Settlement> standing) {
        Map<String, Settlement> byMessage = new LinkedHashMap<>();
        standing.forEach((delivery, settlement) -> byMessage.put(delivery.messageId(), settlement));
        return byMessage;
    }

    private void handle(Event<String> event) throws Exception {
        runs.merge(event.delivery().messageId(), 1, Integer::sum);
        if (event.payload().startsWith("together")) {
            together.await(20, TimeUnit.SECONDS);
        }
        if (event.payload().endsWith("fails")) {
            throw new IllegalStateException("as it should");
        }
    }

    private static List<SQSMessage> records(int batch) {
        return IntStream.range(0, RECORDS)
                .mapToObj(i -> Invocation.record(id(batch, i), "signup", payload(batch, i), Optional.empty()))
                .toList();
    }

    private static String payload(int batch, int i) {
        return (batch < INVOCATIONS_AT_ONCE && i == 0 ? "together, " : "alone, ")
                + (fails(batch, i) ? "fails" : "works");
    }

    private static List<String> failingOf(int batch) {
        return IntStream.range(0, RECORDS)
                .filter(i -> fails(batch, i))
                .mapToObj(i -> id(batch, i))
                .toList();
    }

    private static boolean fails(int batch, int i) {
        return (batch + i) % 3 == 0;
    }

    private static String id(int batch, int i) {
        return "m-" + batch + "-" + i;
    }

    private static Fork routedTwice() {
        return Fork.named("mailing-list")
                .on("signup", String.class, event -> {})
                .on("signup", Integer.class, event -> {})
                .build();
    }

    /** Its fork clashes with itself. */
    static final class RoutedTwice extends ForkFunction {

        /** Called by Lambda. */
        public RoutedTwice() {
            super(routedTwice());
        }
    }

    /** Its fork is a constant of a class. */
    static final class BuiltByAClassThatFails extends ForkFunction {

        private static final class Forks {
            static final Fork MAILING_LIST = routedTwice();
        }

        /** Called by Lambda. */
        public BuiltByAClassThatFails() {
            super(Forks.MAILING_LIST);
        }
    }

    /** The same once more, because a class that failed once fails with another error afterwards. */
    static final class BuiltByAClassThatFailsToo extends ForkFunction {

        private static final class Forks {
            static final Fork MAILING_LIST = routedTwice();
        }

        BuiltByAClassThatFailsToo() {
            super(Forks.MAILING_LIST);
        }
    }
}
