package io.github.eventfork.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import io.github.eventfork.local.lambda.Invocation.Result;
import io.github.eventfork.local.lambda.Queues.Queue;
import io.github.eventfork.local.lambda.Queues.Size;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

class EventSourceMappingTest {

    private static final Queues QUEUES = new Queues();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SECOND = Duration.ofSeconds(1);

    @AfterAll
    static void close() {
        QUEUES.close();
    }

    /** Keeps what it was invoked with. */
    private static final class Recording implements RequestHandler<SQSEvent, SQSBatchResponse> {
        private final List<SQSEvent> events;

        Recording(List<SQSEvent> events) {
            this.events = events;
        }

        @Override
        public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
            events.add(event);
            return new SQSBatchResponse(List.of());
        }
    }

    @Test
    void a_message_becomes_an_event_of_the_handlers_own_type_and_is_deleted() {
        // given
        Queue queue = QUEUES.standard(30);
        List<SQSEvent> events = Collections.synchronizedList(new ArrayList<>());
        byte[] bytes = "\u0001bytes".getBytes(StandardCharsets.UTF_8);
        String id = QUEUES.sqs
                .sendMessage(request -> request.queueUrl(queue.url())
                        .messageBody("héllo")
                        .messageAttributes(Map.of(
                                "event",
                                MessageAttributeValue.builder()
                                        .dataType("String")
                                        .stringValue("signup")
                                        .build(),
                                "raw",
                                MessageAttributeValue.builder()
                                        .dataType("Binary")
                                        .binaryValue(SdkBytes.fromByteArray(bytes))
                                        .build())))
                .messageId();

        // when
        try (EventSourceMapping mapping = EventSourceMapping.of(QUEUES.aws, queue.name())
                .handler(() -> new Recording(events))
                .start()) {
            await().atMost(PATIENCE).until(() -> mapping.invocations() == 1);

            // then
            assertThat(mapping.lastInvocations())
                    .singleElement()
                    .satisfies(invocation -> assertThat(invocation)
                            .isEqualTo(new Invocation(
                                    invocation.requestId(), Result.SUCCEEDED, List.of(id), List.of(), "")));
        }
        SQSMessage record = events.get(0).getRecords().get(0);
        assertThat(record.getMessageId()).isEqualTo(id);
        assertThat(record.getBody()).isEqualTo("héllo");
        assertThat(record.getEventSourceArn()).isEqualTo("arn:aws:sqs:us-east-1:000000000000:" + queue.name());
        assertThat(record.getMessageAttributes().get("event").getStringValue()).isEqualTo("signup");
        assertThat(record.getMessageAttributes().get("raw").getBinaryValue().array())
                .isEqualTo(bytes);
        assertThat(QUEUES.size(queue)).isEqualTo(Size.EMPTY);
    }
}
