package io.github.eventfork.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.local.LocalClients.Queue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;

/** What the spy tells while others send, receive by long polls and delete at once. */
class SpyStressTest {
    private static final int SENDERS = 3;
    private static final int CONSUMERS = 3;
    private static final int EACH = 100;
    private static final int KEPT = 50;

    @Test
    void amid_all_traffic_exactly_what_was_not_deleted_stands() {
        try (LocalClients aws = new LocalClients()) {
            // given
            Queue queue = aws.queue();
            String name = queue.url().substring(queue.url().lastIndexOf('/') + 1);
            Set<String> sent = ConcurrentHashMap.newKeySet();
            Set<String> deleted = ConcurrentHashMap.newKeySet();
            AtomicInteger toDelete = new AtomicInteger(SENDERS * EACH - KEPT);

            // when
            List<CompletableFuture<Void>> all = new ArrayList<>();
            IntStream.range(0, SENDERS)
                    .mapToObj(i ->
                            CompletableFuture.runAsync(() -> send(aws, queue, sent), task -> new Thread(task).start()))
                    .forEach(all::add);
            IntStream.range(0, CONSUMERS)
                    .mapToObj(i -> CompletableFuture.runAsync(
                            () -> consume(aws, queue, toDelete, deleted), task -> new Thread(task).start()))
                    .forEach(all::add);
            aws.local.spy().await(Duration.ofMinutes(2), spy -> {
                // what the sender was told of, and no delete was begun for, is there
                Set<String> before = Set.copyOf(sent);
                Set<String> standing = ids(spy, name);
                Set<String> gone = Set.copyOf(deleted);
                assertThat(before).allMatch(id -> standing.contains(id) || gone.contains(id));
                return sent.size() == SENDERS * EACH && standing.size() == KEPT;
            });
            all.forEach(CompletableFuture::join);

            // then
            Set<String> kept = ConcurrentHashMap.newKeySet();
            kept.addAll(sent);
            kept.removeAll(deleted);
            assertThat(ids(aws.local.spy(), name)).hasSize(KEPT).isEqualTo(kept);
        }
    }

    private static Set<String> ids(Spy spy, String queue) {
        return spy.queue(queue).stream().map(Standing::messageId).collect(Collectors.toUnmodifiableSet());
    }

    private static void send(LocalClients aws, Queue queue, Set<String> sent) {
        for (int i = 0; i < EACH; i++) {
            sent.add(aws.sqs
                    .sendMessage(request -> request.queueUrl(queue.url()).messageBody("m"))
                    .messageId());
        }
    }

    /** Deletes what it receives, until only so many are left; the id is noted before. */
    private static void consume(LocalClients aws, Queue queue, AtomicInteger toDelete, Set<String> deleted) {
        while (toDelete.get() > 0) {
            List<Message> messages = aws.sqs
                    .receiveMessage(request -> request.queueUrl(queue.url())
                            .maxNumberOfMessages(10)
                            .waitTimeSeconds(1))
                    .messages();
            for (Message message : messages) {
                if (toDelete.getAndDecrement() > 0) {
                    deleted.add(message.messageId());
                    aws.sqs.deleteMessage(
                            request -> request.queueUrl(queue.url()).receiptHandle(message.receiptHandle()));
                }
            }
        }
    }
}
