package io.github.eventfork.conformance.consumers;

import io.github.eventfork.Fork;
import io.github.eventfork.Idempotency;
import io.github.eventfork.IdempotencyKey;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.RetryPolicy;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import io.github.eventfork.poller.SqsPoller;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/**
 * A user's program, run on libraries that this one was not compiled with: a poller on the queue that the first argument
 * names, with a client of its own or one that it is given. It ends when an order, which fails once, is handled and another
 * one was rejected; or with what it was refused for.
 */
final class Consumer {

    static final String OWN_CLIENT = "own client";
    static final String GIVEN_CLIENT = "given client";
    static final String HANDLED = "handled ";
    static final String REFUSED = "refused: ";
    static final String FAILURE = "the first attempt fails";

    private static final CountDownLatch unfinished = new CountDownLatch(2);

    private Consumer() {}

    record Order(String id, Instant at, double amount) {}

    public static void main(String[] args) throws InterruptedException {
        try {
            run(args[0], args[1]);
        } catch (IllegalStateException refused) {
            System.out.println(REFUSED + refused.getMessage());
        }
    }

    private static void run(String queue, String client) throws InterruptedException {
        Fork fork = Fork.named("consumer")
                .on("order", Order.class, event -> handle(event.payload(), event.attempt()))
                .idempotency(Idempotency.in(new InMemoryIdempotencyStore()).by(IdempotencyKey.jsonPointer("/id")))
                .retry(RetryPolicy.fixed(Duration.ZERO))
                .build();
        SqsPoller.Builder poller = SqsPoller.builder(fork).queue(queue).longPoll(Duration.ofSeconds(1));
        if (client.equals(GIVEN_CLIENT)) {
            poller.client(SqsAsyncClient.builder()
                    .httpClientBuilder(NettyNioAsyncHttpClient.builder())
                    .build());
        }
        try (SqsPoller running = poller.start()) {
            if (!unfinished.await(60, TimeUnit.SECONDS)) {
                System.out.println(running.health());
            }
        }
    }

    private static void handle(Order order, int attempt) {
        if (order.id().equals("poison")) {
            unfinished.countDown();
            throw new RejectedEventException("it is poison");
        }
        if (attempt == 1) {
            throw new IllegalArgumentException(FAILURE);
        }
        System.out.println(HANDLED + order);
        unfinished.countDown();
    }
}
