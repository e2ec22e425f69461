package io.github.eventfork.conformance;

import io.github.eventfork.Health;
import io.github.eventfork.queue.MessageQueue;
import java.util.function.UnaryOperator;

/**
 * What makes pollers of a {@link TroubleStory} break a promise, to see that the story notices.
 *
 * @param breaks makes of a queue one by which a poller does what it must not do
 * @param says makes of its health what is not so
 */
record Sabotage(UnaryOperator<MessageQueue> breaks, UnaryOperator<Health> says) {

    /** Pollers as they are. */
    static final Sabotage NONE = new Sabotage(UnaryOperator.identity(), UnaryOperator.identity());

    MessageQueue port(MessageQueue queue) {
        return breaks.apply(queue);
    }

    Health health(Health health) {
        return says.apply(health);
    }
}
