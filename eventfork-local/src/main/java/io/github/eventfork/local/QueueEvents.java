package io.github.eventfork.local;

import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.Props;
import org.elasticmq.actor.queue.OperationSuccessful$;
import org.elasticmq.actor.queue.QueueEvent;
import scala.jdk.javaapi.OptionConverters;

/**
 * Is told by ElasticMQ what comes and goes. ElasticMQ waits for each answer before it answers the call that caused it.
 *
 * <p><b>Ownership:</b> an actor of ElasticMQ's system: one event at a time, and it ends with the system.
 */
final class QueueEvents extends AbstractActor {
    private final KnownMessages known;
    private final Changes changes;

    private QueueEvents(KnownMessages known, Changes changes) {
        this.known = known;
        this.changes = changes;
    }

    static Props telling(KnownMessages known, Changes changes) {
        return Props.create(QueueEvents.class, () -> new QueueEvents(known, changes));
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .match(QueueEvent.MessageAdded.class, this::came)
                .match(QueueEvent.MessageUpdated.class, event -> answer())
                .match(QueueEvent.MessageRemoved.class, event -> {
                    known.went(event.queueName(), event.messageId());
                    answer();
                })
                .match(QueueEvent.QueueDeleted.class, event -> {
                    known.queueWent(event.queueName());
                    changes.changed();
                })
                .matchAny(event -> changes.changed())
                .build();
    }

    private void came(QueueEvent.MessageAdded event) {
        // of what a long poll moves to a dead-letter queue, ElasticMQ does not tell that it went
        OptionConverters.toJava(event.message().deadLetterSourceQueueName())
                .filter(source -> !source.equals(event.queueName()))
                .ifPresent(source -> known.went(source, event.message().id()));
        known.came(event.queueName(), event.message().id());
        answer();
    }

    private void answer() {
        changes.changed();
        getSender().tell(OperationSuccessful$.MODULE$, getSelf());
    }
}
