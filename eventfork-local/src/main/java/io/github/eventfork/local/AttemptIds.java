package io.github.eventfork.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/**
 * Receives anew when an attempt id is void: ElasticMQ fails once a message of that attempt was deleted or changed, where
 * SQS <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html">forgets
 * the attempt</a>. Holds no state.
 */
final class AttemptIds implements SqsService {
    private static final String ATTEMPT_ID = "ReceiveRequestAttemptId";

    private final SqsService next;

    AttemptIds(SqsService next) {
        this.next = next;
    }

    @Override
    public SqsAnswer answer(SqsCall call) throws IOException {
        SqsAnswer answer = next.answer(call);
        if (answer.status() < 500 || !call.parameters().has(ATTEMPT_ID)) {
            return answer;
        }
        ObjectNode anew = Batches.shallowCopy(call.parameters());
        anew.remove(ATTEMPT_ID);
        return next.answer(call.with(anew));
    }
}
