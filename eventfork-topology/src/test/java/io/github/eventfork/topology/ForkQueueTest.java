package io.github.eventfork.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.eventfork.EventType;
import io.github.eventfork.Fork;
import io.github.eventfork.filter.FilterPolicy;
import io.github.eventfork.filter.FilterPolicy.Scope;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForkQueueTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ForkQueue chat = ForkQueue.of(Forks.withAttempts("chat", 3), QueueTimes.STANDARD, false);

    @Test
    void everything_has_a_default() {
        assertThat(chat.name()).isEqualTo("chat");
        assertThat(chat.deadLetterName()).isEqualTo("chat-dlq");
        assertThat(chat.retention()).isEqualTo(Duration.ofDays(4));
        assertThat(chat.deadLetterRetention()).isEqualTo(Duration.ofDays(14));
        assertThat(chat.visibilityTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(chat.maxReceiveCount()).isEqualTo(3);
        assertThat(chat.filterPolicy())
                .isEqualTo(new FilterPolicy("{\"event\":[\"signup\"]}", Scope.MESSAGE_ATTRIBUTES));
        assertThat(chat.rawDelivery()).isFalse();
        assertThat(chat.otherSenders()).isEmpty();
    }

    @Test
    void everything_can_be_changed_and_nothing_is_forgotten() {
        // given
        FilterPolicy policy = new FilterPolicy("{\"plan\":[\"gold\"]}", Scope.MESSAGE_BODY);
        String sender = "arn:aws:sns:eu-west-1:123456789012:other-events";

        // when all is changed, one after the other
        ForkQueue changed = chat.withName("a")
                .withDeadLetterName("b")
                .withRetention(Duration.ofSeconds(61))
                .withDeadLetterRetention(Duration.ofSeconds(62))
                .withVisibilityTimeout(Duration.ofSeconds(63))
                .withMaxReceiveCount(64)
                .withFilterPolicy(policy)
                .withRawDelivery()
                .withSender(sender)
                .withName("c");

        // then
        assertThat(changed.fork()).isSameAs(chat.fork());
        assertThat(changed.name()).isEqualTo("c");
        assertThat(changed.deadLetterName()).isEqualTo("b");
        assertThat(changed.retention()).isEqualTo(Duration.ofSeconds(61));
        assertThat(changed.deadLetterRetention()).isEqualTo(Duration.ofSeconds(62));
        assertThat(changed.visibilityTimeout()).isEqualTo(Duration.ofSeconds(63));
        assertThat(changed.maxReceiveCount()).isEqualTo(64);
        assertThat(changed.filterPolicy()).isEqualTo(policy);
        assertThat(changed.rawDelivery()).isTrue();
        assertThat(changed.otherSenders()).containsExactly(sender);
    }

    @Test
    void a_dead_letter_queue_is_named_after_its_queue() {
        assertThat(chat.withName("chat-eu").deadLetterName()).isEqualTo("chat-eu-dlq");
    }

    static Stream<Arguments> legal() {
        return Stream.of(
                legal("shortest retention", queue -> queue.withRetention(Duration.ofSeconds(60))),
                legal("longest retention", queue -> queue.withRetention(Duration.ofDays(14))),
                legal("both retentions alike", queue -> queue.withDeadLetterRetention(Duration.ofDays(4))),
                legal("no invisibility", queue -> queue.withVisibilityTimeout(Duration.ZERO)),
                legal("longest invisibility", queue -> queue.withVisibilityTimeout(Duration.ofHours(12))),
                legal("one receive", queue -> queue.withMaxReceiveCount(1)),
                legal("most receives", queue -> queue.withMaxReceiveCount(1000)),
                legal("longest name", queue -> queue.withDeadLetterName("n".repeat(80))),
                legal("longest name with -dlq", queue -> queue.withName("n".repeat(76))),
                legal("a FIFO topic", queue -> queue.withSender("arn:aws:sns:eu-west-1:123456789012:a.fifo")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("legal")
    void the_ends_of_a_range_belong_to_it(String what, UnaryOperator<ForkQueue> change) {
        assertThat(change.apply(chat)).isNotNull();
    }

    static Stream<Arguments> illegal() {
        return Stream.of(
                illegal(
                        queue -> queue.withRetention(Duration.ofSeconds(59)),
                        "retention must be whole seconds from PT1M to PT336H, was PT59S"),
                illegal(
                        queue -> queue.withRetention(Duration.ofDays(14).plus(SECOND)),
                        "retention must be whole seconds from PT1M to PT336H, was PT336H1S"),
                illegal(
                        queue -> queue.withRetention(Duration.ofMillis(61_500)),
                        "retention must be whole seconds from PT1M to PT336H, was PT1M1.5S"),
                illegal(
                        queue -> queue.withDeadLetterRetention(Duration.ofDays(15)),
                        "dead-letter retention must be whole seconds from PT1M to PT336H, was PT360H"),
                illegal(
                        queue ->
                                queue.withDeadLetterRetention(Duration.ofDays(4).minus(SECOND)),
                        "dead-letter retention must be at least the retention, because a message in a dead-letter queue"
                                + " keeps its age: was PT95H59M59S, less than PT96H. To lower both, lower the retention"
                                + " first"),
                illegal(
                        queue -> queue.withVisibilityTimeout(Duration.ofSeconds(-1)),
                        "visibility timeout must be whole seconds from PT0S to PT12H, was PT-1S"),
                illegal(
                        queue ->
                                queue.withVisibilityTimeout(Duration.ofHours(12).plus(SECOND)),
                        "visibility timeout must be whole seconds from PT0S to PT12H, was PT12H1S"),
                illegal(queue -> queue.withMaxReceiveCount(0), "maxReceiveCount must be 1 to 1000, was 0"),
                illegal(queue -> queue.withMaxReceiveCount(1001), "maxReceiveCount must be 1 to 1000, was 1001"),
                illegal(
                        queue -> queue.withSender("user-events"),
                        "a sender must be the ARN of an SNS topic, was 'user-events'"),
                illegal(
                        queue -> queue.withName("chat.fifo"),
                        "a queue is named without '.fifo', which Topology.fifo() adds, was 'chat.fifo'"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("illegal")
    void what_sqs_would_refuse_is_refused_at_once(UnaryOperator<ForkQueue> change, String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> change.apply(chat))
                .withMessage(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "chat.eu", "chat eu", "chät", "https://sqs/chat"})
    void a_queue_name_that_sqs_refuses_is_refused(String name) {
        assertThatThrownBy(() -> chat.withName(name)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> chat.withDeadLetterName(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_name_too_long_for_its_dead_letter_queue_is_refused_unless_that_has_its_own() {
        // given
        String name = "n".repeat(77);

        // then
        assertThatThrownBy(() -> chat.withName(name)).isInstanceOf(IllegalArgumentException.class);
        assertThat(chat.withDeadLetterName("dead").withName(name).name()).isEqualTo(name);
    }

    @Test
    void a_fork_with_a_computed_type_has_no_policy_until_it_is_given_one() {
        // given
        Fork computed = Fork.named("computed")
                .type(EventType.from(envelope -> Optional.of("signup")))
                .on("signup", String.class, event -> {})
                .build();
        ForkQueue queue = ForkQueue.of(computed, QueueTimes.STANDARD, false);

        // then
        assertThatIllegalStateException().isThrownBy(queue::filterPolicy).withMessageContaining("computed");
        FilterPolicy all = new FilterPolicy("{}", Scope.MESSAGE_ATTRIBUTES);
        assertThat(queue.withFilterPolicy(all).filterPolicy()).isEqualTo(all);
    }

    private static Arguments legal(String what, UnaryOperator<ForkQueue> change) {
        return Arguments.of(what, change);
    }

    private static Arguments illegal(UnaryOperator<ForkQueue> change, String text) {
        return Arguments.of(change, text);
    }
}
