package io.github.eventfork.local;

import java.time.Clock;
import java.util.function.Consumer;

/**
 * The layers that mend what ElasticMQ gets wrong and a consumer would feel, in the order that a call passes them. Each
 * knows nothing of the others, but that some ask {@link QueueAttributes} about a queue.
 */
final class Mends {
    private Mends() {}

    /** What answers as SQS does, with ElasticMQ behind it. */
    static SqsService before(SqsService elasticMq, Consumer<String> removeRedrivePolicyOf, Clock clock) {
        SqsService redrives = new RedriveRules(new DeadLetterSources(new AttemptIds(elasticMq)), removeRedrivePolicyOf);
        QueueAttributes queues = new QueueAttributes(redrives);
        SqsService receives = new FullReceives(queues, queues);
        SqsService receipts = new Receipts(receives, queues, clock);
        return new AnswerForm(new CallRules(new QueueLists(new MessageRules(receipts, queues))));
    }
}
