package io.github.eventfork.examples.run;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.eventfork.topology.DeployedFork;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Looks into dead-letter queues, and leaves everything in them. */
final class DeadLetters {

    /** Remembers no names of members, which strangers choose. */
    private static final JsonMapper JSON = new JsonMapper(JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build());

    private static final int MOST_IN_A_RECEIVE = 10;

    /** What a receive hides comes back by itself after this many seconds; nobody else looks meanwhile. */
    private static final int HIDDEN_SECONDS = 60;

    private final SqsClient sqs;

    DeadLetters(SqsClient sqs) {
        this.sqs = sqs;
    }

    /** How many are in the queue. */
    long count(DeployedFork fork) {
        Map<QueueAttributeName, String> attributes = sqs.getQueueAttributes(
                        request -> request.queueUrl(fork.deadLetterQueueUrl())
                                .attributeNames(
                                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .attributes();
        return attributes.values().stream().mapToLong(Long::parseLong).sum();
    }

    /** Why they are there, of at most {@code most}. */
    List<DeadLetter> read(DeployedFork fork, int most) {
        List<DeadLetter> letters = new ArrayList<>();
        List<Message> some = receive(fork);
        while (!some.isEmpty()) {
            for (Message message : some) {
                letters.add(new DeadLetter(fork.fork(), reason(message)));
            }
            some = letters.size() < most ? receive(fork) : List.of();
        }
        return letters.size() > most ? letters.subList(0, most) : letters;
    }

    private List<Message> receive(DeployedFork fork) {
        return sqs.receiveMessage(request -> request.queueUrl(fork.deadLetterQueueUrl())
                        .maxNumberOfMessages(MOST_IN_A_RECEIVE)
                        .visibilityTimeout(HIDDEN_SECONDS)
                        .waitTimeSeconds(0)
                        .messageAttributeNames("eventfork"))
                .messages();
    }

    private static String reason(Message message) {
        MessageAttributeValue note = message.messageAttributes().get("eventfork");
        if (note == null || note.stringValue() == null) {
            return "SQS itself moved it there; it does not say why";
        }
        try {
            return JSON.readTree(note.stringValue()).path("reason").asText();
        } catch (JsonProcessingException notOurs) {
            return "its attribute 'eventfork' is not JSON";
        }
    }
}
