package io.github.eventfork.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Delivery;
import io.github.eventfork.Event;
import io.github.eventfork.Fork;
import io.github.eventfork.ForkListener;
import io.github.eventfork.Health;
import io.github.eventfork.Idempotency;
import io.github.eventfork.Outcome;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import io.github.eventfork.local.Fault;
import io.github.eventfork.local.Faults;
import io.github.eventfork.local.LocalAws;
import io.github.eventfork.local.Spy;
import io.github.eventfork.poller.SqsPoller;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** What AWS may do to a consumer, a real poller lives through: each event has its effect once, and nothing is left over. */
class LocalFaultsIT {

    private static final int EVENTS = 300;
    private static final Duration PATIENCE = Duration.ofSeconds(150);
    private static final Duration VISIBILITY = Duration.ofSeconds(3);
    private static final MessageAttributeValue SIGNUP = MessageAttributeValue.builder()
            .dataType("String")
            .stringValue("signup")
            .build();

    private final Map<String, Integer> effects = new ConcurrentHashMap<>();
    private final AtomicInteger duplicates = new AtomicInteger();
    private final Queue<Outcome> others = new ConcurrentLinkedQueue<>();

    @Test
    @Promise({9, 14, 20, 22})
    void duplicates_disorder_failing_and_lost_calls_and_slow_answers_neither_lose_nor_repeat_an_effect() {
        LocalAws local = LocalAws.builder().seed(20_261_125).start();
        try (Endpoints aws = new Endpoints(local.endpoint(), local.endpoint(), local::close)) {
            // given
            String queue = aws.queueWithDeadLetters("signups", 1000);
            aws.sqs()
                    .setQueueAttributes(request -> request.queueUrl(queue)
                            .attributes(Map.of(
                                    QueueAttributeName.VISIBILITY_TIMEOUT, String.valueOf(VISIBILITY.toSeconds()))));
            String topic =
                    aws.sns().createTopic(request -> request.name("events")).topicArn();
            aws.sns()
                    .subscribe(request -> request.topicArn(topic)
                            .protocol("sqs")
                            .endpoint("arn:aws:sqs:us-east-1:000000000000:signups"));
            plan(local.faults());

            // when
            Spy spy = local.spy();
            try (SqsPoller poller = SqsPoller.builder(fork())
                    .queue(queue)
                    .client(aws.sqsAsync())
                    .longPoll(Duration.ofSeconds(1))
                    .start()) {
                publish(aws, topic);
                spy.await(
                        PATIENCE,
                        now -> effects.size() == EVENTS && now.queue("signups").isEmpty());
                assertThat(poller.health().status()).isNotEqualTo(Health.Status.STOPPED);
            }

            // then
            assertThat(effects)
                    .hasSize(EVENTS)
                    .allSatisfy((event, times) -> assertThat(times).as(event).isEqualTo(1));
            assertThat(duplicates).hasPositiveValue();
            assertThat(others).isEmpty();
            assertThat(spy.published()).hasSize(EVENTS);
            assertThat(spy.queue("signups-dlq")).isEmpty();
        }
    }

    private static void plan(Faults faults) {
        faults.duplicates(0.15)
                .disorder()
                .byChance("ReceiveMessage", 0.05, Fault.lost())
                .byChance("ReceiveMessage", 0.05, Fault.throttled())
                .byChance("ReceiveMessage", 0.2, Fault.delayed(Duration.ofMillis(100)))
                .byChance("DeleteMessageBatch", 0.1, Fault.failing())
                .byChance("DeleteMessageBatch", 0.1, Fault.failingOnceDone())
                .byChance("DeleteMessageBatch", 0.1, Fault.lost())
                .byChance("DeleteMessageBatch", 0.1, Fault.forgotten())
                .byChance("DeleteMessageBatch", 0.1, Fault.answering("InternalError", 0))
                .byChance("DeleteMessageBatch", 0.1, Fault.leavingOut(1))
                .byChance("DeleteMessageBatch", 0.1, Fault.delayed(Duration.ofMillis(300)))
                .byChance("ChangeMessageVisibilityBatch", 0.2, Fault.failing());
    }

    private Fork fork() {
        return Fork.named("signups")
                .on("signup", String.class, this::effect)
                .idempotency(Idempotency.in(new InMemoryIdempotencyStore()))
                .listen(new ForkListener() {
                    @Override
                    public void finished(Delivery delivery, Outcome outcome) {
                        if (outcome instanceof Outcome.Duplicate) {
                            duplicates.incrementAndGet();
                        } else if (!(outcome instanceof Outcome.Handled || outcome instanceof Outcome.Postponed)) {
                            others.add(outcome);
                        }
                    }
                })
                .build();
    }

    private void effect(Event<String> event) {
        effects.merge(event.payload(), 1, Integer::sum);
    }

    private static void publish(Endpoints aws, String topic) {
        IntStream.range(0, EVENTS / 10).forEach(batch -> {
            var entries = IntStream.range(0, 10)
                    .mapToObj(i -> PublishBatchRequestEntry.builder()
                            .id("e-" + i)
                            .message("event-" + batch + "-" + i)
                            .messageAttributes(Map.of("event", SIGNUP))
                            .build())
                    .toList();
            assertThat(aws.sns()
                            .publishBatch(request -> request.topicArn(topic).publishBatchRequestEntries(entries))
                            .failed())
                    .isEmpty();
        });
    }
}
