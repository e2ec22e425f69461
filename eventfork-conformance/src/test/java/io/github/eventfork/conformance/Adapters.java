package io.github.eventfork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import io.github.eventfork.Delivery;
import io.github.eventfork.Fork;
import io.github.eventfork.ForkListener;
import io.github.eventfork.Health;
import io.github.eventfork.Outcome;
import io.github.eventfork.Settlement;
import io.github.eventfork.conformance.Endpoints.Size;
import io.github.eventfork.lambda.ForkFunction;
import io.github.eventfork.poller.SqsPoller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** Runs a fork on messages through each real adapter, once, and looks at what became of each message. */
final class Adapters {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MAX_RECEIVE_COUNT = 3;

    private final Endpoints aws;

    Adapters(Endpoints aws) {
        this.aws = aws;
    }

    /** A raw message. */
    record Sent(String type, String body, Optional<String> group) {

        Sent(String type, String body) {
            this(type, body, Optional.empty());
        }

        Sent in(String messageGroup) {
            return new Sent(type, body, Optional.of(messageGroup));
        }
    }

    /** Where a message stands afterwards: the first three in a queue, the others in an answer to Lambda. */
    enum Standing {
        DELETED,
        GIVEN_BACK,
        DEAD_LETTERED,
        NOT_REPORTED,
        REPORTED
    }

    /** An outcome, its text without what differs from message to message: its id. */
    record Told(String body, String kind, String text) {}

    record Answer(Told told, Standing standing) {}

    /** Invokes the function once with all of them as one batch, without a settler. */
    List<Answer> invoke(Fork fork, List<Sent> messages) {
        Notes notes = new Notes();
        List<SQSMessage> records = IntStream.range(0, messages.size())
                .mapToObj(i -> Invocation.record(
                        "m-" + i,
                        messages.get(i).type(),
                        messages.get(i).body(),
                        messages.get(i).group()))
                .toList();
        ForkFunction function = new ForkFunction(fork.withListener(notes)) {};
        Set<String> reported =
                Set.copyOf(Invocation.reported(function.handleRequest(Invocation.batch(records), new Invocation())));
        return notes.answers(id -> reported.contains(id) ? Standing.REPORTED : Standing.NOT_REPORTED);
    }

    /** Sends all of them, lets a poller with one handler have each once, and looks into the queues. */
    List<Answer> poll(Fork fork, List<Sent> messages) {
        String name = Endpoints.unique("fork");
        String queue = aws.queueWithDeadLetters(name, MAX_RECEIVE_COUNT);
        messages.forEach(message -> send(queue, message));
        Notes notes = new Notes();
        try (SqsPoller poller = SqsPoller.builder(fork.withListener(notes))
                .queue(queue)
                .client(aws.sqsAsync())
                .concurrency(1)
                .longPoll(Duration.ZERO)
                .start()) {
            await().atMost(PATIENCE).until(() -> notes.settled() == messages.size());
            assertThat(poller.health().status()).isEqualTo(Health.Status.RUNNING);
        }
        Map<String, Standing> standing = standing(name, queue, notes);
        return notes.answers(id -> standing.getOrDefault(id, Standing.DELETED));
    }

    /** Dead letters are copies with ids of their own, and so are known by their bodies. */
    private Map<String, Standing> standing(String name, String queue, Notes notes) {
        Map<String, Standing> standing = new ConcurrentHashMap<>();
        List<String> dead = new ArrayList<>(aws.receiveAll(aws.queue(name + "-dlq")).stream()
                .map(Message::body)
                .toList());
        notes.deliveries().stream()
                .filter(delivery -> dead.remove(delivery.body()))
                .forEach(delivery -> standing.put(delivery.messageId(), Standing.DEAD_LETTERED));
        assertThat(dead).as("dead letters that nobody sent").isEmpty();
        hiddenIn(queue, notes).forEach(id -> standing.put(id, Standing.GIVEN_BACK));
        return standing;
    }

    /** What was given back is hidden for minutes: brings it to light by its receipt. */
    private Set<String> hiddenIn(String queue, Notes notes) {
        List<Delivery> givenBack = notes.givenBack();
        assertThat(aws.size(queue)).isEqualTo(new Size(0, givenBack.size()));
        givenBack.forEach(delivery -> aws.sqs()
                .changeMessageVisibility(request -> request.queueUrl(queue)
                        .receiptHandle(delivery.receipt())
                        .visibilityTimeout(0)));
        return aws.receiveAll(queue).stream().map(Message::messageId).collect(Collectors.toSet());
    }

    private void send(String queue, Sent message) {
        aws.sqs()
                .sendMessage(request -> request.queueUrl(queue)
                        .messageBody(message.body())
                        .messageGroupId(message.group().orElse(null))
                        .messageAttributes(Map.of(
                                "event",
                                MessageAttributeValue.builder()
                                        .dataType("String")
                                        .stringValue(message.type())
                                        .build())));
    }

    /** Says where the message with this id stands. */
    private interface Where {
        Standing stands(String messageId);
    }

    /** What a fork's listener is told; guarded by its own monitor. */
    private static final class Notes implements ForkListener {

        private record Finished(Delivery delivery, Outcome outcome) {}

        private final List<Finished> finished = new ArrayList<>();
        private final Map<Delivery, Settlement> settlements = new ConcurrentHashMap<>();

        @Override
        public synchronized void finished(Delivery delivery, Outcome outcome) {
            finished.add(new Finished(delivery, outcome));
        }

        @Override
        public void settled(Delivery delivery, Settlement settlement) {
            settlements.put(delivery, settlement);
        }

        int settled() {
            return settlements.size();
        }

        synchronized List<Delivery> deliveries() {
            return finished.stream().map(Finished::delivery).toList();
        }

        List<Delivery> givenBack() {
            return settlements.entrySet().stream()
                    .filter(entry -> entry.getValue() instanceof Settlement.GiveBack)
                    .map(Map.Entry::getKey)
                    .toList();
        }

        synchronized List<Answer> answers(Where where) {
            return finished.stream()
                    .map(one ->
                            new Answer(told(one), where.stands(one.delivery().messageId())))
                    .toList();
        }

        private static Told told(Finished one) {
            String id = one.delivery().messageId();
            return new Told(
                    one.delivery().body(),
                    one.outcome().getClass().getSimpleName(),
                    one.outcome().toString().replace("message " + id, "message ID"));
        }
    }
}
