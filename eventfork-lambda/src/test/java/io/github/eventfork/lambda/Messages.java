package io.github.eventfork.lambda;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.MessageAttribute;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Events as an event source mapping sends them, and what an answer to them says. */
final class Messages {

    static final String STANDARD = "arn:aws:sqs:eu-central-1:123456789012:mailing-list";
    static final String FIFO = STANDARD + ".fifo";

    private Messages() {}

    /** A raw message of type {@code signup} on a standard queue. */
    static SQSMessage signup(String id, String body) {
        SQSMessage message = message(id, body);
        message.setMessageAttributes(Map.of("event", text("String", "signup")));
        return message;
    }

    /** A raw message of type {@code signup} in a group of a FIFO queue. */
    static SQSMessage inGroup(String group, String id, String body) {
        SQSMessage message = signup(id, body);
        message.setEventSourceArn(FIFO);
        message.getAttributes().put("MessageGroupId", group);
        return message;
    }

    /** A message of a standard queue without message attributes. */
    static SQSMessage message(String id, String body) {
        SQSMessage message = new SQSMessage();
        message.setMessageId(id);
        message.setReceiptHandle("receipt of " + id);
        message.setBody(body);
        message.setEventSource("aws:sqs");
        message.setEventSourceArn(STANDARD);
        message.setAttributes(new HashMap<>(
                Map.of("ApproximateReceiveCount", "1", "ApproximateFirstReceiveTimestamp", "1769855696789")));
        message.setMessageAttributes(Map.of());
        return message;
    }

    /** An SNS notification of type {@code signup}, in one line, with {@code body} as it stands within JSON quotes. */
    static String notification(String body) {
        return "{\"Type\":\"Notification\",\"MessageId\":\"dc1e94d9-56c5-5e96-808d-cc7f68faa162\","
                + "\"TopicArn\":\"arn:aws:sns:eu-central-1:123456789012:user-events\",\"Message\":\"" + body + "\","
                + "\"Timestamp\":\"2026-02-16T21:41:19.978Z\",\"UnsubscribeURL\":\"https://sns.eu-central-1.amazonaws.com/\","
                + "\"MessageAttributes\":{\"event\":{\"Type\":\"String\",\"Value\":\"signup\"}}}";
    }

    static MessageAttribute text(String dataType, String value) {
        MessageAttribute attribute = new MessageAttribute();
        attribute.setDataType(dataType);
        attribute.setStringValue(value);
        return attribute;
    }

    static MessageAttribute binary(ByteBuffer value) {
        MessageAttribute attribute = new MessageAttribute();
        attribute.setDataType("Binary");
        attribute.setBinaryValue(value);
        return attribute;
    }

    static SQSEvent event(SQSMessage... messages) {
        SQSEvent event = new SQSEvent();
        event.setRecords(Arrays.asList(messages));
        return event;
    }

    /** The ids that an answer lists, as they stand in it. */
    static List<String> reported(SQSBatchResponse answer) {
        return answer.getBatchItemFailures().stream()
                .map(BatchItemFailure::getItemIdentifier)
                .toList();
    }
}
