package io.github.eventfork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import io.github.eventfork.Event;
import io.github.eventfork.Fork;
import io.github.eventfork.lambda.ForkFunction;
import io.github.eventfork.lambda.Settings;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
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
class LambdaConcurrencyIT {

    private static final int INVOCATIONS_AT_ONCE = 8;
    private static final int BATCHES = 200;
    private static final int RECORDS = 10;

    private final Map<String, Integer> runs = new ConcurrentHashMap<>();
    private final CyclicBarrier together = new CyclicBarrier(INVOCATIONS_AT_ONCE);

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
                        .mapToObj(LambdaConcurrencyIT::failingOf)
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
