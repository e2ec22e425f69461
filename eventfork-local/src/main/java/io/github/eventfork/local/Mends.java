package io.github.eventfork.local;

import java.time.Clock;

/**
 * The layers that mend what ElasticMQ gets wrong and a consumer would feel, in the order that a call passes them. Each
 * knows nothing of the others, but that some ask {@link QueueAttributes} about a queue.
 */
final class Mends {
    private Mends() {}

    /** What answers as SQS does, with ElasticMQ behind it. */
    static SqsService before(SqsService elasticMq, Clock clock) {
        QueueAttributes queues = new QueueAttributes(elasticMq);
        SqsService receives = new FullReceives(queues, queues);
        SqsService receipts = new Receipts(receives, queues, clock);
        return new AnswerForm(new CallRules(new MessageRules(receipts, queues)));
    }
}
