package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.grouped;
import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import io.github.eventfork.Delivery;
import io.github.eventfork.Event;
import io.github.eventfork.EventHandler;
import io.github.eventfork.Fork;
import io.github.eventfork.Idempotency;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import io.github.eventfork.lambda.ForkFunction;
import io.github.eventfork.lambda.Settings;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.Hold;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.LambdaAdapter;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.VirtualRuntime;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One instance serves several invocations at once; a fork that can't be built fails the init. */
@Promise(17)
class Promise17InvocationsAtOnceTest {

    private static final int INVOCATIONS_AT_ONCE = 8;
    private static final int BATCHES = 200;
    private static final int RECORDS = 10;

    private final Map<String, Integer> runs = new ConcurrentHashMap<>();
    private final Map<String, Duration> leases = new ConcurrentHashMap<>();
    private final CyclicBarrier together = new CyclicBarrier(INVOCATIONS_AT_ONCE);
    private final CyclicBarrier asking = new CyclicBarrier(INVOCATIONS_AT_ONCE);
    private final Given.Seen seen = new Given.Seen();
    private final VirtualRuntime runtime = VirtualRuntime.handlersOnThreads(1);
    private final Hold hold = runtime.hold();
    private final InMemoryQueue queue = InMemoryQueue.named("queue", runtime)
            .deadLetterQueue(InMemoryQueue.named("dlq", runtime).build(), 3)
            .build();

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void of_eight_invocations_at_once_each_answers_for_its_own_records_in_its_own_time(int concurrency)
            throws Exception {
        // given one function, of which the first records of eight batches run only together, and which eight
        // invocations at a time ask what time they have left, from one minute to eight
        Fork fork = Fork.named("fork").on("signup", String.class, this::handle).build();
        ForkFunction function = new ForkFunction(fork, Settings.standard().withConcurrency(concurrency)) {};

        // when
        List<List<String>> answers = new ArrayList<>();
        ExecutorService lambda = Executors.newFixedThreadPool(INVOCATIONS_AT_ONCE);
        try {
            List<Callable<List<String>>> invocations = IntStream.range(0, BATCHES)
                    .mapToObj(batch -> (Callable<List<String>>) () -> Invocation.reported(
                            function.handleRequest(Invocation.batch(records(batch)), invocation(batch))))
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
        assertThat(leases)
                .hasSize(BATCHES * RECORDS)
                .allSatisfy((messageId, lease) -> assertThat(lease)
                        .isBetween(remaining(batchOf(messageId)).minusSeconds(55), remaining(batchOf(messageId))));
    }

    /** Functions as users write them, one for each way in which a fork can't be built. */
    @ParameterizedTest
    @ValueSource(classes = {RoutedTwice.class, BuiltByAClassThatFails.class})
    void a_fork_that_cannot_be_built_fails_the_init_and_is_named(Class<?> function) {
        // when Lambda makes it
        assertThatThrownBy(() -> init(function))

                // then
                .rootCause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("mailing-list")
                .hasMessageContaining("signup");
    }

    @Test
    void a_class_that_cannot_be_initialized_passes_through_as_the_error_that_it_is() {
        // when its constructor is called, then nothing of ours stands in between
        assertThatThrownBy(() -> init(BuiltByAClassThatFails.class))
                .isInstanceOf(InvocationTargetException.class)
                .cause()
                .isInstanceOf(ExceptionInInitializerError.class);
    }

    /** As a new JVM would: a class that failed once fails with another error afterwards. */
    private static Object init(Class<?> function) throws ReflectiveOperationException {
        return new NewLoader().loadClass(function.getName()).getConstructor().newInstance();
    }

    /** Loads this test and what is in it anew. */
    private static final class NewLoader extends ClassLoader {

        private static final String HERE = Promise17InvocationsAtOnceTest.class.getName();

        NewLoader() {
            super(Promise17InvocationsAtOnceTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                if (known != null || !name.startsWith(HERE)) {
                    return known != null ? known : super.loadClass(name, resolve);
                }
                return loadedAnew(name);
            }
        }

        private Class<?> loadedAnew(String name) throws ClassNotFoundException {
            try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] code = file.readAllBytes();
                return defineClass(name, code, 0, code.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_same_message_in_two_invocations_runs_in_both(Functions functions) {
        // given a function that timed out while it was handled, and another that has it meanwhile
        LambdaAdapter function = function(functions, event -> {
            seen.add(event);
            hold.await();
        });
        CompletableFuture<List<String>> one = invoke(function, seconds(10), signup("m-1"));
        CompletableFuture<List<String>> other = invoke(function, seconds(20), signup("m-1"));

        // then neither waits for the other, or takes the other's work for its own
        assertThat(seen.ids()).containsExactly("m-1", "m-1");
        hold.release();
        runtime.runUntilIdle();
        assertThat(one).isCompletedWithValue(List.of());
        assertThat(other).isCompletedWithValue(List.of());
    }

    @ParameterizedTest
    @EnumSource
    void an_invocation_remembers_nothing_for_the_next(Functions functions) {
        LambdaAdapter function = function(functions, seen::add);

        invoke(function, seconds(10), signup("m-1"), signup("m-1"));
        invoke(function, seconds(20), signup("m-1"));

        assertThat(seen.ids()).containsExactly("m-1", "m-1");
    }

    @ParameterizedTest
    @CsvSource({"ENGINE, 5, 60", "ENGINE, 60, 5", "FORK_FUNCTION, 5, 60", "FORK_FUNCTION, 60, 5"})
    void each_invocation_has_the_time_that_it_brought(Functions functions, long first, long second) {
        Map<String, Duration> left = new LinkedHashMap<>();
        LambdaAdapter function = function(functions, event -> {
            left.put(event.delivery().messageId(), event.lease().remaining());
            hold.await();
        });

        // when one begins while the other is under way
        invoke(function, seconds(first), signup("m-1"));
        runtime.advance(seconds(1));
        invoke(function, seconds(second), signup("m-2"));

        assertThat(left).containsExactly(entry("m-1", seconds(first)), entry("m-2", seconds(second)));
        hold.release();
        runtime.runUntilIdle();
    }

    @ParameterizedTest
    @CsvSource({"ENGINE, false", "ENGINE, true", "FORK_FUNCTION, false", "FORK_FUNCTION, true"})
    void the_end_of_one_invocations_time_interrupts_its_own_handlers_alone(Functions functions, boolean shorterLast) {
        LambdaAdapter function = function(functions, event -> hold.await());
        Supplier<CompletableFuture<List<String>>> shorter =
                () -> invoke(function, seconds(5), signup("m-1"), signup("m-2"));
        Supplier<CompletableFuture<List<String>>> longer = () -> invoke(function, seconds(60), signup("m-3"));
        CompletableFuture<List<String>> first = (shorterLast ? longer : shorter).get();
        CompletableFuture<List<String>> last = (shorterLast ? shorter : longer).get();

        // when the time of the shorter is over
        runtime.advance(seconds(6));

        // then the other goes on
        assertThat(shorterLast ? last : first).isCompletedWithValue(List.of("m-1", "m-2"));
        assertThat(shorterLast ? first : last).isNotDone();
        hold.release();
        runtime.runUntilIdle();
        assertThat(shorterLast ? first : last).isCompletedWithValue(List.of());
    }

    @ParameterizedTest
    @EnumSource
    void what_one_invocation_has_in_hand_holds_up_nobody_elses_group_or_handlers(Functions functions) {
        // given one handler at once, and a group of which a record hangs
        InMemoryQueue fifo = InMemoryQueue.named("queue.fifo", runtime).build();
        LambdaAdapter function = functions.alone(
                fork(event -> {
                    if (event.delivery().messageId().equals("a-1")) {
                        hold.await();
                    }
                    seen.add(event);
                }),
                fifo,
                runtime,
                new LambdaAdapter.Options(1, seconds(1), false));
        invoke(function, seconds(60), fifo, grouped("a-1"), grouped("a-2"));

        // when another invocation has records of the same group
        invoke(function, seconds(50), fifo, grouped("a-3"), grouped("b-1"));

        // then they run
        assertThat(seen.ids()).containsExactly("a-3", "b-1");
        hold.release();
        runtime.runUntilIdle();
        assertThat(seen.ids()).containsExactly("a-3", "b-1", "a-1", "a-2");
    }

    @ParameterizedTest
    @EnumSource
    @Promise({3, 17})
    void an_error_that_ends_one_invocation_ends_no_other(Functions functions) {
        LambdaAdapter function = function(functions, event -> {
            if (event.delivery().messageId().equals("deadly")) {
                throw new OutOfMemoryError("a test's");
            }
            hold.await();
        });
        CompletableFuture<List<String>> other = invoke(function, seconds(60), signup("m-1"));
        CompletableFuture<List<String>> one = invoke(function, seconds(50), signup("deadly"), signup("m-2"));

        assertThat(one).isCompletedExceptionally();
        assertThat(other).isNotDone();
        hold.release();
        runtime.runUntilIdle();
        assertThat(other).isCompletedWithValue(List.of());
    }

    @ParameterizedTest
    @EnumSource
    @Promise({16, 17})
    void what_one_invocation_asked_of_the_settler_holds_up_no_others_answer(Functions functions) {
        // given two invocations with one settler, of which one has a dead letter that takes long to send
        queue.faults().next(Call.DEAD_LETTER, Fault.delayed(seconds(30)));
        LambdaAdapter function = settling(functions, event -> {
            if (event.delivery().messageId().equals("hopeless")) {
                throw new RejectedEventException("never");
            }
            hold.awaitIgnoringInterrupts();
        });
        CompletableFuture<List<String>> one = invoke(function, seconds(60), signup("hopeless"));
        CompletableFuture<List<String>> other = invoke(function, seconds(5), signup("m-1"));

        // when a quarter of the other's margin is over
        runtime.advance(Duration.ofMillis(4_300));

        // then its answer is there
        assertThat(other).isCompletedWithValue(List.of("m-1"));
        assertThat(one).isNotDone();
        hold.release();
        runtime.advance(seconds(40));
        assertThat(one).isCompletedWithValue(List.of());
    }

    @ParameterizedTest
    @EnumSource
    @Promise({9, 17})
    void without_a_settler_what_invocations_share_is_the_store_alone(Functions functions) {
        // given a key that one invocation has claimed
        Fork fork = Given.fork()
                .on("signup", String.class, event -> {
                    seen.add(event);
                    runtime.sleep(seconds(5));
                })
                .idempotency(Idempotency.in(new InMemoryIdempotencyStore(10, runtime::nanoTime)))
                .build();
        LambdaAdapter function = functions.alone(fork, queue, runtime, new LambdaAdapter.Options(1, seconds(1), false));
        CompletableFuture<List<String>> one = invoke(function, seconds(60), signup("m-1"));
        CompletableFuture<List<String>> other = invoke(function, seconds(50), signup("m-1"));

        // when it is done there
        runtime.advance(seconds(7));

        // then the other has waited for that, and not done it again
        assertThat(seen.ids()).containsExactly("m-1");
        assertThat(one).isCompletedWithValue(List.of());
        assertThat(other).isCompletedWithValue(List.of());
    }

    @ParameterizedTest
    @EnumSource
    @Promise({16, 17})
    void a_settler_keeps_which_copies_stand_of_what_it_could_not_delete_and_asks_anew_where_they_go(
            Functions functions) {
        // given an invocation that copied a message to the dead-letter queue, and could not delete it
        LambdaAdapter function = settling(functions, event -> {
            throw new RejectedEventException("never");
        });
        queue.faults().always(Call.DELETE, Fault.failing());
        invoke(function, seconds(30), signup("hopeless"));
        runtime.advance(seconds(30));
        queue.faults().none();
        int asked = queue.log().count(Call.FACTS);

        // when another has it
        CompletableFuture<List<String>> next = invoke(function, seconds(20), signup("hopeless"));
        runtime.advance(seconds(1));

        // then it stands there once, and the queue was asked once more where that is: it may be told so at any time
        assertThat(next).isCompletedWithValue(List.of());
        assertThat(queue.deadLetterQueue().orElseThrow().messages()).hasSize(1);
        assertThat(queue.log().count(Call.FACTS)).isEqualTo(asked + 1);
    }

    private LambdaAdapter function(Functions functions, EventHandler<String> handler) {
        return functions.alone(fork(handler), queue, runtime, new LambdaAdapter.Options(1, seconds(1), false));
    }

    private LambdaAdapter settling(Functions functions, EventHandler<String> handler) {
        return functions.alone(fork(handler), queue, runtime, new LambdaAdapter.Options(1, seconds(1), true));
    }

    private static Fork fork(EventHandler<String> handler) {
        return Given.fork().on("signup", String.class, handler).build();
    }

    private CompletableFuture<List<String>> invoke(LambdaAdapter function, Duration remaining, Message... messages) {
        return invoke(function, remaining, queue, messages);
    }

    /** Begins an invocation, and lets it run as far as it comes without time passing; answers with what it reports. */
    private CompletableFuture<List<String>> invoke(
            LambdaAdapter function, Duration remaining, InMemoryQueue from, Message... messages) {
        List<Delivery> batch = Stream.of(messages)
                .map(message -> message.delivery(from.name()))
                .toList();
        CompletableFuture<List<String>> answer =
                function.invoke(batch, remaining).toCompletableFuture();
        runtime.runUntilIdle();
        return answer;
    }

    private void handle(Event<String> event) throws Exception {
        runs.merge(event.delivery().messageId(), 1, Integer::sum);
        leases.put(event.delivery().messageId(), event.lease().remaining());
        if (event.payload().startsWith("together")) {
            together.await(20, TimeUnit.SECONDS);
        }
        if (event.payload().endsWith("fails")) {
            throw new IllegalStateException("as it should");
        }
    }

    /** It learns what time it has left when seven others do. */
    private Invocation invocation(int batch) {
        return new Invocation(() -> {
            try {
                asking.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                throw new IllegalStateException("eight invocations were not there at once", e);
            }
            return remaining(batch);
        });
    }

    private static Duration remaining(int batch) {
        return Duration.ofMinutes(1 + batch % INVOCATIONS_AT_ONCE);
    }

    private static int batchOf(String messageId) {
        return Integer.parseInt(messageId.split("-")[1]);
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
    public static final class RoutedTwice extends ForkFunction {

        /** Called by Lambda. */
        public RoutedTwice() {
            super(routedTwice());
        }
    }

    /** Its fork is a constant of a class. */
    public static final class BuiltByAClassThatFails extends ForkFunction {

        private static final class Forks {
            static final Fork MAILING_LIST = routedTwice();
        }

        /** Called by Lambda. */
        public BuiltByAClassThatFails() {
            super(Forks.MAILING_LIST);
        }
    }
}
