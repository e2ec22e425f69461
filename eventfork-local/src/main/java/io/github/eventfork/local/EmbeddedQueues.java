package io.github.eventfork.local;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.pattern.Patterns;
import org.elasticmq.BinaryMessageAttribute;
import org.elasticmq.MessageAttribute;
import org.elasticmq.MessageData;
import org.elasticmq.MessageId;
import org.elasticmq.NumberMessageAttribute;
import org.elasticmq.StringMessageAttribute;
import org.elasticmq.msg.ListQueues;
import org.elasticmq.msg.LookupMessage;
import org.elasticmq.msg.LookupQueue;
import org.elasticmq.msg.UpdateQueueDeadLettersQueue;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.OptionConverters;

/** Asks ElasticMQ's actors what its own API does not tell, and does what that can't do. Keeps nothing itself. */
final class EmbeddedQueues {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ActorRef manager;

    EmbeddedQueues(ActorRef manager) {
        this.manager = manager;
    }

    /** The names of all queues. */
    List<String> names() {
        return CollectionConverters.asJava((scala.collection.Seq<?>)
                        answer(manager, new ListQueues()).join())
                .stream()
                .map(String.class::cast)
                .sorted()
                .toList();
    }

    /** Has messages of the queue moved to no dead-letter queue any more; does nothing if there is no such queue. */
    void removeRedrivePolicyOf(String queue) {
        option(answer(manager, new LookupQueue(queue)).join())
                .map(ActorRef.class::cast)
                .ifPresent(actor -> answer(actor, new UpdateQueueDeadLettersQueue(Option.empty(), Option.empty()))
                        .join());
    }

    /** Those of these messages that stand in the queue, nothing being received by that, in the order of their ids; empty if there is no such queue. */
    Optional<Map<String, Standing>> standing(String queue, Collection<String> messageIds) {
        return option(answer(manager, new LookupQueue(queue)).join())
                .map(ActorRef.class::cast)
                .map(actor -> standing(actor, messageIds));
    }

    private static Map<String, Standing> standing(ActorRef queue, Collection<String> messageIds) {
        Map<String, CompletableFuture<Object>> asked = new LinkedHashMap<>();
        messageIds.forEach(id -> asked.put(id, answer(queue, new LookupMessage(new MessageId(id)))));
        Map<String, Standing> standing = new LinkedHashMap<>();
        asked.forEach((id, answer) -> option(answer.join())
                .map(MessageData.class::cast)
                .ifPresent(message -> standing.put(id, standing(message))));
        return standing;
    }

    private static CompletableFuture<Object> answer(ActorRef actor, Object question) {
        return Patterns.ask(actor, question, PATIENCE).toCompletableFuture();
    }

    private static Optional<?> option(Object scalaOption) {
        return OptionConverters.toJava((Option<?>) scalaOption);
    }

    private static Standing standing(MessageData message) {
        Instant nextTurn = Instant.ofEpochMilli(message.nextDelivery().millis());
        return new Standing(
                message.id().id(),
                message.content().value(),
                attributes(message),
                OptionConverters.toJava(message.messageGroupId()),
                message.statistics().approximateReceiveCount(),
                message.created().toInstant(),
                Optional.of(nextTurn).filter(turn -> turn.isAfter(Instant.now())),
                OptionConverters.toJava(message.deadLetterSourceQueueName()));
    }

    private static Map<String, Attribute> attributes(MessageData message) {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        CollectionConverters.asJava(message.messageAttributes())
                .forEach((name, attribute) ->
                        attributes.put(name, new Attribute(attribute.getDataType(), value(attribute))));
        return attributes;
    }

    private static String value(MessageAttribute attribute) {
        if (attribute instanceof StringMessageAttribute text) {
            return text.stringValue();
        }
        if (attribute instanceof NumberMessageAttribute number) {
            return number.stringValue();
        }
        return ((BinaryMessageAttribute) attribute).asBase64();
    }
}
