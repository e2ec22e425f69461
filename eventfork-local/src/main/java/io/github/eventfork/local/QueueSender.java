package io.github.eventfork.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts copies into queues as SNS does: with calls that the queues' own limits hold for, and that no fault is planned for.
 *
 * <p><b>Invariant:</b> when {@link #send} returns, every copy stands in its queue, or in the dead-letter queue of its
 * subscription, or was dropped with a log line; one queue's failure is no other's. The log names subscription and
 * message, never what is in it.
 *
 * <p><b>Ownership:</b> the threads are ours, and end with us.
 */
final class QueueSender implements CopySender, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QueueSender.class);
    private static final int THREADS = 8;

    private final SqsService sqs;
    private final Account account;
    private final ExecutorService threads =
            Executors.newFixedThreadPool(THREADS, new DaemonThreads("eventfork-local-delivery-"));

    QueueSender(SqsService sqs, Account account) {
        this.sqs = sqs;
        this.account = account;
    }

    /** Sends copies to each queue, in their order, the queues side by side, and waits until all are done. */
    @Override
    public List<Undelivered> send(Map<Subscription, List<QueueCopy>> copies) {
        List<CompletableFuture<List<Undelivered>>> sent = copies.entrySet().stream()
                .map(queue -> CompletableFuture.supplyAsync(() -> send(queue.getKey(), queue.getValue()), threads))
                .toList();
        return sent.stream().flatMap(queue -> queue.join().stream()).toList();
    }

    private List<Undelivered> send(Subscription subscription, List<QueueCopy> copies) {
        Map<QueueCopy, String> refused = refusedBy(subscription.queueArn(), copies);
        if (!refused.isEmpty()) {
            redirect(refused, subscription);
        }
        return refused.entrySet().stream()
                .map(copy -> new Undelivered(copy.getKey().messageId(), subscription, copy.getValue()))
                .toList();
    }

    private void redirect(Map<QueueCopy, String> refused, Subscription subscription) {
        if (subscription.deadLetterQueueArn().isEmpty()) {
            refused.forEach((copy, reason) -> dropped(copy, subscription, reason));
            return;
        }
        String deadLetters = subscription.deadLetterQueueArn().get();
        refused.forEach((copy, reason) -> LOG.info(
                "Message {} goes to dead-letter queue {} of subscription {}: {}",
                copy.messageId(),
                deadLetters,
                subscription.arn(),
                reason));
        List<QueueCopy> letters =
                refused.keySet().stream().map(QueueCopy::asDeadLetter).toList();
        refusedBy(deadLetters, letters).forEach((copy, reason) -> dropped(copy, subscription, reason));
    }

    /** Puts copies into a queue; answers with those it does not have, in their order, and why. */
    private Map<QueueCopy, String> refusedBy(String queueArn, List<QueueCopy> copies) {
        String url = "http://" + LoopbackPort.HOST + "/" + account.id() + "/" + account.queueName(queueArn);
        Map<QueueCopy, String> reasons = new LinkedHashMap<>();
        copies.forEach(copy -> copy.undeliverable().ifPresent(reason -> reasons.put(copy, reason)));
        List<QueueCopy> able =
                copies.stream().filter(copy -> copy.undeliverable().isEmpty()).toList();
        if (queueArn.endsWith(".fifo")) {
            // One by one: ElasticMQ works on the entries of a batch side by side.
            able.forEach(copy -> sendOne(url, copy, reasons));
        } else {
            SqsBatches.of(able).forEach(batch -> sendBatch(url, batch, reasons));
        }
        Map<QueueCopy, String> refused = new LinkedHashMap<>();
        copies.stream().filter(reasons::containsKey).forEach(copy -> refused.put(copy, reasons.getOrDefault(copy, "")));
        return refused;
    }

    private void sendOne(String url, QueueCopy copy, Map<QueueCopy, String> reasons) {
        SqsAnswer answer = answer("SendMessage", SqsBatches.single(copy, url));
        if (!answer.succeeded()) {
            reasons.put(copy, reason(answer));
        }
    }

    private void sendBatch(String url, List<QueueCopy> batch, Map<QueueCopy, String> reasons) {
        SqsAnswer answer = answer("SendMessageBatch", SqsBatches.batch(batch, url));
        if (!answer.succeeded()) {
            batch.forEach(copy -> reasons.put(copy, reason(answer)));
        }
        for (ObjectNode failed : Batches.objects(answer.body(), "Failed")) {
            reasons.put(
                    batch.get(Integer.parseInt(Batches.id(failed))),
                    failed.path("Code").asText());
        }
    }

    private SqsAnswer answer(String action, ObjectNode parameters) {
        try {
            return sqs.answer(new SqsCall(action, parameters, Map.of()));
        } catch (IOException | RuntimeException e) {
            LOG.debug("SQS gave no answer", e);
            return SqsError.internal("no answer").answer();
        }
    }

    /** The code alone: the text of an error may quote what is in a message. */
    private static String reason(SqsAnswer refusal) {
        String type = refusal.body().path("__type").asText();
        return type.substring(type.indexOf('#') + 1);
    }

    private static void dropped(QueueCopy copy, Subscription subscription, String reason) {
        LOG.warn(
                "Message {} was dropped for subscription {}, queue {}: {}",
                copy.messageId(),
                subscription.arn(),
                subscription.queueArn(),
                reason);
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
