package io.github.eventfork.local;

import java.io.IOException;

/**
 * The layer that has messages forgotten which went without a word of ElasticMQ: after a purge, and whenever there are many
 * ids. Keeps nothing itself.
 */
final class ForgettingSqs implements SqsService {
    private final KnownMessages known;
    private final QueueView queues;
    private final SqsService next;

    ForgettingSqs(KnownMessages known, QueueView queues, SqsService next) {
        this.known = known;
        this.queues = queues;
        this.next = next;
    }

    @Override
    public SqsAnswer answer(SqsCall call) throws IOException {
        SqsAnswer answer = next.answer(call);
        String queue = call.queueName().orElse("");
        if (call.action().equals("PurgeQueue") || known.isLookDue(queue)) {
            queues.forgetGone(queue);
        }
        return answer;
    }
}
