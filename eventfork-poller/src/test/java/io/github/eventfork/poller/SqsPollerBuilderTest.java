package io.github.eventfork.poller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.eventfork.Fork;
import io.github.eventfork.Health;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SqsPollerBuilderTest {

    private static final Fork FORK =
            Fork.named("shipping").on("order", String.class, event -> {}).build();

    @Test
    void without_a_queue_nothing_is_built() {
        assertThatThrownBy(
                        () -> SqsPoller.builder(FORK).client(new ScriptedSqs()).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Fork 'shipping': its poller has no queue; give queue(...) a name, a URL or an ARN");
    }

    @ParameterizedTest
    @MethodSource("refused")
    void a_value_out_of_range_is_refused_where_it_is_given(UnaryOperator<SqsPoller.Builder> option, String text) {
        // given
        SqsPoller.Builder builder = SqsPoller.builder(FORK);

        // then
        assertThatThrownBy(() -> option.apply(builder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(text);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                refused(
                        b -> b.queue("or ders"),
                        "queue must be the name, the URL or the ARN of an SQS queue, was 'or ders'"),
                refused(b -> b.concurrency(0), "concurrency must be 1 to 10000, was 0"),
                refused(b -> b.concurrency(10_001), "concurrency must be 1 to 10000, was 10001"),
                refused(b -> b.longPoll(Duration.ofMillis(500)), "a long poll waits 0 to 20 whole seconds, was PT0.5S"),
                refused(b -> b.longPoll(Duration.ofSeconds(21)), "a long poll waits 0 to 20 whole seconds, was PT21S"),
                refused(b -> b.longPoll(Duration.ofSeconds(-1)), "a long poll waits 0 to 20 whole seconds, was PT-1S"),
                refused(
                        b -> b.processingLimit(Duration.ZERO),
                        "the processing limit must be positive and at most 12 h, was PT0S"),
                refused(
                        b -> b.processingLimit(Duration.ofHours(13)),
                        "the processing limit must be positive and at most 12 h, was PT13H"),
                refused(b -> b.drainTimeout(Duration.ofSeconds(-1)), "the drain timeout must be 0 to 12 h, was PT-1S"));
    }

    private static Arguments refused(UnaryOperator<SqsPoller.Builder> option, String text) {
        return Arguments.of(option, text);
    }

    @Test
    void fewer_in_hand_than_handlers_is_refused_when_it_is_built() {
        // given
        SqsPoller.Builder builder = SqsPoller.builder(FORK)
                .client(new ScriptedSqs())
                .queue("orders")
                .inHand(5)
                .concurrency(6);

        // then
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("inHand must be at least the concurrency 6, was 5");
    }

    @Test
    void the_order_of_options_does_not_matter() {
        try (SqsPoller poller = SqsPoller.builder(FORK)
                .inHand(100)
                .drainTimeout(Duration.ofSeconds(1))
                .processingLimit(Duration.ofMinutes(1))
                .longPoll(Duration.ofSeconds(1))
                .concurrency(100)
                .queue("orders")
                .client(new ScriptedSqs())
                .build()) {
            assertThat(poller.health().status()).isEqualTo(Health.Status.NEW);
        }
    }

    @ParameterizedTest
    @CsvSource({"10, 0, 8", "1, 0, 1", "100, 0, 80", "10, 10, 1", "10000, 0, 100"})
    void a_client_of_its_own_is_as_large_as_the_hand(int concurrency, int inHand, int polls) {
        // given
        AtomicReference<Integer> asked = new AtomicReference<>();
        SqsPoller.Builder builder = new SqsPoller.Builder(FORK, (count, region) -> {
                    asked.set(count);
                    return new ScriptedSqs();
                })
                .queue("orders")
                .concurrency(concurrency);

        // when
        try (SqsPoller poller = (inHand == 0 ? builder : builder.inHand(inHand)).build()) {
            assertThat(poller.health().status()).isEqualTo(Health.Status.NEW);
        }

        // then
        assertThat(asked).hasValue(polls);
    }

    @Test
    void a_client_of_its_own_works_where_the_queue_is() {
        // given
        AtomicReference<Optional<String>> asked = new AtomicReference<>();
        SqsPoller.Builder builder = new SqsPoller.Builder(FORK, (count, region) -> {
                    asked.set(region);
                    return new ScriptedSqs();
                })
                .queue("arn:aws:sqs:eu-west-1:123456789012:orders");

        // when
        builder.build().close();

        // then
        assertThat(asked).hasValue(Optional.of("eu-west-1"));
    }

    @Test
    void it_says_who_it_is() {
        try (SqsPoller poller = SqsPoller.builder(FORK)
                .queue("http://localhost:9324/000000000000/orders")
                .client(new ScriptedSqs())
                .build()) {
            assertThat(poller).hasToString("eventfork-shipping@orders");
        }
    }
}
