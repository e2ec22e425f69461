package io.github.eventfork.conformance;

import io.github.eventfork.Event;
import io.github.eventfork.Fork;
import io.github.eventfork.poller.SqsPoller;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A program as users write it: starts a poller and returns from {@code main}. It tells on its output what it does; from
 * the run on that its second argument counts, a handler goes on only when a byte comes on the input.
 */
final class KeptAlive {

    static final String RETURNED = "main returned";
    static final String STARTED = "started ";
    static final String FINISHED = "finished ";

    private static final AtomicInteger runs = new AtomicInteger();

    private KeptAlive() {}

    public static void main(String[] args) {
        int free = Integer.parseInt(args[1]);
        Fork fork = Fork.named("kept-alive")
                .on("signup", String.class, event -> handle(event, free))
                .build();
        SqsPoller.builder(fork)
                .queue(args[0])
                .concurrency(1)
                .inHand(40)
                .longPoll(Duration.ofSeconds(1))
                .closeOnExit()
                .start();
        tell(RETURNED);
    }

    private static void handle(Event<String> event, int free) throws IOException {
        tell(STARTED + event.payload());
        if (runs.incrementAndGet() > free && System.in.read() < 0) {
            throw new IOException("the test is gone");
        }
        tell(FINISHED + event.payload());
    }

    private static void tell(String line) {
        System.out.println(line);
    }
}
