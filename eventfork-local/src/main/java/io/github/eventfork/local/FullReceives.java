package io.github.eventfork.local;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/**
 * Asks again after a receive that brought fewer messages than were asked for although more could be received: ElasticMQ
 * counts those that it moves to a dead-letter queue instead, so that a receive comes out short, or empty.
 *
 * <p>Only queues with a redrive policy are asked again, and only while messages can be received and become fewer. A
 * receive with an attempt id is left alone, because another one with that id must bring the same messages. Holds no state.
 */
final class FullReceives implements SqsService {
    private final SqsService next;
    private final QueueAttributes queues;

    FullReceives(SqsService next, QueueAttributes queues) {
        this.next = next;
        this.queues = queues;
    }

    @Override
    public SqsAnswer answer(SqsCall call) throws IOException {
        SqsAnswer first = next.answer(call);
        if (!call.action().equals("ReceiveMessage")
                || !first.succeeded()
                || call.parameters().has("ReceiveRequestAttemptId")) {
            return first;
        }
        int wanted = call.parameters().path("MaxNumberOfMessages").asInt(1);
        ArrayNode messages = first.body().withArray("/Messages");
        if (messages.size() >= wanted || !queues.hasRedrivePolicy(call)) {
            return first;
        }
        ArrayNode all = messages.arrayNode().addAll(messages);
        long before = Long.MAX_VALUE;
        long visible = queues.visibleMessages(call);
        while (all.size() < wanted && visible > 0 && visible < before) {
            SqsAnswer more = next.answer(call.with(forTheRest(call, wanted - all.size())));
            more.body().withArray("/Messages").forEach(all::add);
            before = visible;
            visible = queues.visibleMessages(call);
        }
        ObjectNode body = Batches.shallowCopy(first.body());
        body.set("Messages", all);
        return SqsAnswer.success(body);
    }

    private static ObjectNode forTheRest(SqsCall call, int count) {
        return Batches.shallowCopy(call.parameters())
                .put("MaxNumberOfMessages", count)
                .put("WaitTimeSeconds", 0);
    }
}
