package io.github.eventfork.local.lambda;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The limits of AWS, and what it says. */
class OptionsTest {

    private static Arguments row(String text, UnaryOperator<Options> change) {
        return Arguments.of(text, change);
    }

    private static Stream<Arguments> outOfBounds() {
        return Stream.of(
                row(
                        "function timeout must be 1 to 900 whole seconds, was PT0S",
                        o -> o.withFunctionTimeout(Duration.ZERO)),
                row(
                        "function timeout must be 1 to 900 whole seconds, was PT15M1S",
                        o -> o.withFunctionTimeout(Duration.ofSeconds(901))),
                row(
                        "function timeout must be 1 to 900 whole seconds, was PT1.5S",
                        o -> o.withFunctionTimeout(Duration.ofMillis(1500))),
                row("memory size must be 128 to 10240, was 127", o -> o.withMemorySize(127)),
                row("memory size must be 128 to 10240, was 10241", o -> o.withMemorySize(10_241)),
                row("batch size must be 1 to 10000, was 0", o -> o.withBatchSize(0)),
                row("batch size must be 1 to 10000, was 10001", o -> o.withBatchSize(10_001)),
                row(
                        "batching window must be 0 to 300 whole seconds, was PT-1S",
                        o -> o.withBatchingWindow(Duration.ofSeconds(-1))),
                row(
                        "batching window must be 0 to 300 whole seconds, was PT5M1S",
                        o -> o.withBatchingWindow(Duration.ofSeconds(301))),
                row(
                        "batching window must be 0 to 300 whole seconds, was PT0.5S",
                        o -> o.withBatchingWindow(Duration.ofMillis(500))),
                row("maximum concurrency must be 2 to 1000, was 1", o -> o.withMaximumConcurrency(1)),
                row("maximum concurrency must be 2 to 1000, was 1001", o -> o.withMaximumConcurrency(1_001)),
                row(
                        "function name must be 1 to 64 letters, digits, hyphens or underscores, was 'a b'",
                        o -> o.withFunctionName("a b")),
                row(
                        "function name must be 1 to 64 letters, digits, hyphens or underscores, was ''",
                        o -> o.withFunctionName("")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outOfBounds")
    void a_value_out_of_bounds_is_refused_where_it_is_given(String text, UnaryOperator<Options> change) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> change.apply(Options.STANDARD))
                .withMessage(text);
    }

    private static Stream<Arguments> clashes() {
        return Stream.of(
                Arguments.of(
                        "Queue visibility timeout: 30 seconds is less than Function timeout: 31 seconds",
                        change(o -> o.withFunctionTimeout(Duration.ofSeconds(31))),
                        false),
                Arguments.of(
                        "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10",
                        change(o -> o.withBatchSize(11)),
                        false),
                Arguments.of(
                        "Batching window is not supported for FIFO queues",
                        change(o -> o.withBatchingWindow(Duration.ofSeconds(1))),
                        true),
                Arguments.of(
                        "batch size must be 1 to 10 for a FIFO queue, was 11", change(o -> o.withBatchSize(11)), true));
    }

    private static UnaryOperator<Options> change(UnaryOperator<Options> change) {
        return change;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("clashes")
    void what_does_not_go_together_or_with_the_queue_is_refused(
            String text, UnaryOperator<Options> change, boolean fifo) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> change.apply(Options.STANDARD).checkAgainst(fifo, Duration.ofSeconds(30)))
                .withMessage(text);
    }

    private static Stream<Arguments> allowed() {
        return Stream.of(
                Arguments.of(change(o -> o), true),
                Arguments.of(change(o -> o.withFunctionTimeout(Duration.ofSeconds(30))), true),
                Arguments.of(change(o -> o.withBatchSize(10_000).withBatchingWindow(Duration.ofSeconds(300))), false),
                Arguments.of(change(o -> o.withBatchSize(11).withBatchingWindow(Duration.ofSeconds(1))), false),
                Arguments.of(change(o -> o.withMaximumConcurrency(1_000).withMemorySize(10_240)), true));
    }

    @ParameterizedTest
    @MethodSource("allowed")
    void what_is_just_within_bounds_is_taken(UnaryOperator<Options> change, boolean fifo) {
        assertThatCode(() -> change.apply(Options.STANDARD).checkAgainst(fifo, Duration.ofSeconds(30)))
                .doesNotThrowAnyException();
    }
}
