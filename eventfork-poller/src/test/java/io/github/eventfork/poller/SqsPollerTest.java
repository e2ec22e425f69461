package io.github.eventfork.poller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.eventfork.Fork;
import io.github.eventfork.Health;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

class SqsPollerTest {

    private final List<String> handled = new CopyOnWriteArrayList<>();
    private final Fork fork = Fork.named("shipping")
            .on("order", String.class, event -> handled.add(event.payload()))
            .build();
    private final WatchedRuntime runtime = new WatchedRuntime();

    @Test
    void a_message_is_handled_and_deleted() {
        // given
        ScriptedSqs sqs = giving("7 apples");

        // when
        try (SqsPoller poller = poller(fork, sqs).start()) {
            await().until(() -> !sqs.asked(DeleteMessageBatchRequest.class).isEmpty());

            // then
            await().until(() -> poller.health().status() == Health.Status.RUNNING);
        }
        assertThat(handled).containsExactly("7 apples");
        assertThat(sqs.asked(DeleteMessageBatchRequest.class)
                        .get(0)
                        .entries()
                        .get(0)
                        .receiptHandle())
                .isEqualTo("receipt-1");
    }

    @Test
    void the_long_poll_is_as_long_as_asked_for() {
        // given
        ScriptedSqs sqs = giving("7 apples");

        // when
        try (SqsPoller poller =
                poller(fork, sqs).longPoll(Duration.ofSeconds(3)).start()) {
            await().until(() -> !handled.isEmpty());
            assertThat(poller.health().problem()).isEmpty();
        }

        // then
        assertThat(sqs.asked(ReceiveMessageRequest.class))
                .extracting(ReceiveMessageRequest::waitTimeSeconds)
                .containsOnly(3);
    }

    @Test
    void a_users_client_stays_open() {
        // given
        ScriptedSqs sqs = idle();
        SqsPoller poller = poller(fork, sqs).start();

        // when
        poller.close();

        // then
        assertThat(poller.health().status()).isEqualTo(Health.Status.CLOSED);
        assertThat(sqs.closes()).isZero();
    }

    @Test
    void a_client_of_its_own_is_closed_once_with_it() {
        // given
        ScriptedSqs own = idle();
        SqsPoller poller = withOwn(fork, own).start();
        assertThat(own.closes()).isZero();

        // when
        poller.close();
        poller.close();

        // then
        assertThat(own.closes()).isEqualTo(1);
    }

    @Test
    void a_client_of_its_own_is_closed_even_if_it_was_never_started() {
        // given
        ScriptedSqs own = idle();
        SqsPoller poller = withOwn(fork, own).build();

        // when
        poller.close();

        // then
        assertThat(own.closes()).isEqualTo(1);
    }

    @Test
    void a_client_of_its_own_is_closed_after_a_failing_start() {
        // given
        ScriptedSqs own = idle();
        IllegalStateException ending = new IllegalStateException("Shutdown in progress");
        runtime.end(ending);

        // when
        assertThatThrownBy(() -> withOwn(fork, own).closeOnExit().start()).isSameAs(ending);

        // then
        assertThat(own.closes()).isEqualTo(1);
        assertThat(runtime.alive()).isEmpty();
    }

    @Test
    void a_started_poller_keeps_the_jvm_alive_until_it_is_closed() {
        // given
        SqsPoller poller = poller(fork, idle()).build();
        assertThat(runtime.alive()).isEmpty();

        // when
        poller.start();

        // then
        assertThat(runtime.alive()).containsExactly("eventfork-shipping@orders");
        poller.close();
        assertThat(runtime.alive()).isEmpty();
    }

    @Test
    void the_end_of_the_jvm_closes_it_if_asked_to() {
        // given
        SqsPoller poller = poller(fork, idle()).closeOnExit().start();

        // when
        runtime.atExit().get(0).run();

        // then
        assertThat(poller.health().status()).isEqualTo(Health.Status.CLOSED);
        assertThat(runtime.atExit()).isEmpty();
    }

    @Test
    void nothing_waits_for_the_end_of_the_jvm_unless_asked_to() {
        try (SqsPoller poller = poller(fork, idle()).start()) {
            await().until(() -> poller.health().status() == Health.Status.RUNNING);
            assertThat(runtime.atExit()).isEmpty();
        }
    }

    @Test
    void a_handler_that_closes_its_poller_returns_and_everything_is_let_go() {
        // given
        ScriptedSqs own = giving("the last one");
        AtomicReference<SqsPoller> self = new AtomicReference<>();
        CompletableFuture<Void> known = new CompletableFuture<>();
        Fork closing = Fork.named("shipping")
                .on("order", String.class, event -> {
                    known.join();
                    self.get().close();
                    handled.add(event.payload());
                })
                .build();

        // when
        self.set(withOwn(closing, own).start());
        known.complete(null);

        // then
        await().until(() -> own.closes() == 1 && runtime.alive().isEmpty());
        assertThat(handled).containsExactly("the last one");
        assertThat(own.asked(DeleteMessageBatchRequest.class)).hasSize(1);
    }

    @Test
    void a_poller_that_stops_by_itself_lets_go_of_everything() {
        // given
        ScriptedSqs own = giving("a bad one");
        Fork broken = Fork.named("shipping")
                .on("order", String.class, event -> {
                    throw new OutOfMemoryError("not really");
                })
                .build();

        // when
        SqsPoller poller = withOwn(broken, own).start();

        // then
        await().until(() -> own.closes() == 1 && runtime.alive().isEmpty());
        assertThat(poller.health().status()).isEqualTo(Health.Status.STOPPED);
    }

    @Test
    void a_poller_that_stops_because_no_thread_can_be_made_lets_go_of_everything_without_one() {
        // given
        ScriptedSqs own = giving("no thread for it");
        runtime.makeNoThread();

        // when
        SqsPoller poller = withOwn(fork, own).start();

        // then
        await().until(() -> own.closes() == 1 && runtime.alive().isEmpty());
        assertThat(poller.health().status()).isEqualTo(Health.Status.STOPPED);
    }

    @Test
    void a_paused_poller_is_paused_until_it_is_resumed() {
        try (SqsPoller poller = poller(fork, idle()).start()) {
            // when
            poller.pause();

            // then
            assertThat(poller.health().status()).isEqualTo(Health.Status.PAUSED);
            poller.resume();
            await().until(() -> poller.health().status() == Health.Status.RUNNING);
        }
    }

    @Test
    void a_second_start_is_refused_and_harms_nothing() {
        try (SqsPoller poller = poller(fork, idle()).start()) {
            assertThatThrownBy(poller::start).isInstanceOf(IllegalStateException.class);
            await().until(() -> poller.health().status() == Health.Status.RUNNING);
            assertThat(runtime.alive()).hasSize(1);
        }
    }

    @Test
    void a_missing_queue_shows_in_its_health() {
        // given
        ScriptedSqs sqs =
                idle().anew(GetQueueAttributesRequest.class).fails(GetQueueAttributesRequest.class, Given.missing());

        // when
        try (SqsPoller poller = poller(fork, sqs).start()) {

            // then
            await().until(() -> poller.health().status() == Health.Status.FAILING);
            assertThat(poller.health().problem().orElseThrow()).contains("no such queue");
        }
    }

    @Test
    void a_receive_hides_for_the_visibility_timeout_that_the_poller_was_given_and_its_long_poll() {
        // given a long drain, by which nothing is bounded
        ScriptedSqs sqs = idle();

        // when
        try (SqsPoller poller = poller(fork, sqs)
                .visibilityTimeout(Duration.ofSeconds(45))
                .longPoll(Duration.ofSeconds(10))
                .drainTimeout(Duration.ofMinutes(5))
                .start()) {
            await().until(() -> !sqs.asked(ReceiveMessageRequest.class).isEmpty());
        }

        // then
        assertThat(sqs.asked(ReceiveMessageRequest.class).get(0)).satisfies(asked -> {
            assertThat(asked.visibilityTimeout()).isEqualTo(55);
            assertThat(asked.waitTimeSeconds()).isEqualTo(10);
            assertThat(asked.receiveRequestAttemptId()).isNull();
        });
    }

    @Test
    void what_is_given_before_or_after_the_concurrency_counts_all_the_same() {
        // given
        ScriptedSqs sqs = idle();

        // when
        try (SqsPoller poller = poller(fork, sqs)
                .visibilityTimeout(Duration.ofSeconds(5))
                .concurrency(3)
                .longPoll(Duration.ZERO)
                .start()) {
            await().until(() -> !sqs.asked(ReceiveMessageRequest.class).isEmpty());
        }

        // then
        assertThat(sqs.asked(ReceiveMessageRequest.class).get(0).visibilityTimeout())
                .isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 500, 1_500, 43_201_000})
    void a_visibility_timeout_is_a_number_of_seconds_that_sqs_takes(long millis) {
        assertThatThrownBy(() -> poller(fork, idle()).visibilityTimeout(Duration.ofMillis(millis)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 43,200 whole seconds, was " + Duration.ofMillis(millis));
    }

    private SqsPoller.Builder poller(Fork fork, ScriptedSqs sqs) {
        return SqsPoller.builder(fork).queue("orders").client(sqs).runtime(runtime);
    }

    private SqsPoller.Builder withOwn(Fork fork, ScriptedSqs own) {
        return new SqsPoller.Builder(fork, (polls, region) -> own)
                .queue("orders")
                .runtime(runtime);
    }

    /** A queue whose long polls bring nothing, after a while. */
    private static ScriptedSqs idle() {
        return Given.withPolicy(Given.POLICY)
                .on(DeleteMessageBatchRequest.class, Given::allDeleted)
                .then(ReceiveMessageRequest.class, request -> later());
    }

    /** A queue with one message, and idle then. */
    private static ScriptedSqs giving(String order) {
        Message message = Message.builder()
                .messageId("id-1")
                .receiptHandle("receipt-1")
                .body(order)
                .messageAttributes(Map.of(
                        "event",
                        MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue("order")
                                .build()))
                .build();
        return Given.withPolicy(Given.POLICY)
                .on(DeleteMessageBatchRequest.class, Given::allDeleted)
                .on(
                        ReceiveMessageRequest.class,
                        request -> ReceiveMessageResponse.builder()
                                .messages(message)
                                .build())
                .then(ReceiveMessageRequest.class, request -> later());
    }

    private static CompletableFuture<ReceiveMessageResponse> later() {
        return CompletableFuture.supplyAsync(
                () -> ReceiveMessageResponse.builder().build(),
                CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS));
    }
}
