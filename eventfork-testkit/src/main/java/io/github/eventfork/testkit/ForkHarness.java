package io.github.eventfork.testkit;

import io.github.eventfork.Fork;
import io.github.eventfork.Outcome;
import java.time.Duration;
import java.util.List;

/**
 * Runs a fork with eventfork's real engine on an {@link InMemoryQueue}, in the time of a {@link VirtualRuntime}: no
 * network, no sleeping, the same run each time.
 *
 * <pre>{@code
 * try (var harness = ForkHarness.poller(mailingList).build()) {
 *     harness.deliver(Message.sns("signup", "{\"email\":\"ada@example.org\"}"));
 *
 *     assertThat(harness).handled("signup").nothingElse();
 * }
 * }</pre>
 *
 * <p>For one thread: the test's.
 */
public sealed interface ForkHarness extends AutoCloseable permits PollerHarness, LambdaHarness {

    /** A builder for a harness in which a poller runs {@code fork}. */
    static PollerHarness.Builder poller(Fork fork) {
        return new PollerHarness.Builder(fork);
    }

    /** A builder for a harness in which a Lambda function and its event source mapping run {@code fork}. */
    static LambdaHarness.Builder lambda(Fork fork) {
        return new LambdaHarness.Builder(fork);
    }

    /** The runtime, whose time the test moves. */
    VirtualRuntime time();

    /** The queue, for its log, its content and its faults. */
    InMemoryQueue queue();

    /** What happened so far. */
    Timeline timeline();

    /** Stops as the adapter does when it is closed. Twice is fine. */
    @Override
    void close();

    /** Sends {@code messages} to the queue and runs what can be done at once. Answers with their message ids. */
    default List<String> deliver(Message... messages) {
        List<String> ids = List.of(messages).stream().map(queue()::send).toList();
        run();
        return ids;
    }

    /**
     * Sends {@code messages} in another order than this one, drawn from the seed, and runs what can be done at once. Answers
     * with their message ids in the order given.
     */
    default List<String> deliverOutOfOrder(Message... messages) {
        List<String> ids = queue().sendOutOfOrder(messages);
        run();
        return ids;
    }

    /** Sends {@code message} so that the queue hands it out twice at once, as SQS may, and runs what can be done at once. */
    default String deliverTwice(Message message) {
        String id = queue().sendTwice(message);
        run();
        return id;
    }

    /** Runs what can be done without time passing. */
    default void run() {
        time().runUntilIdle();
    }

    /** Lets time pass, and runs what it brings. */
    default void advance(Duration time) {
        time().advance(time);
    }

    /** A closed gate for handlers on threads of their own. */
    default Hold hold() {
        return time().hold();
    }

    /** What is in the dead-letter queue, however it came there; nothing if there is none. */
    default List<InMemoryQueue.Item> deadLetters() {
        return queue().deadLetterQueue().map(InMemoryQueue::messages).orElse(List.of());
    }

    /** The outcomes of one message, in order. */
    default List<Outcome> outcomes(String messageId) {
        return timeline().outcomes(messageId);
    }
}
