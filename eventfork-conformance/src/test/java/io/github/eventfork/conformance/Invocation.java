package io.github.eventfork.conformance;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.MessageAttribute;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import io.github.eventfork.Delivery;
import io.github.eventfork.envelope.Attributes;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** An invocation as Lambda makes it for a batch, with five minutes to go unless told otherwise. */
final class Invocation implements Context {

    private static final String ARN = "arn:aws:sqs:us-east-1:000000000000:";

    private final Supplier<Duration> remaining;

    Invocation() {
        this(Duration.ofMinutes(5));
    }

    Invocation(Duration remaining) {
        this(() -> remaining);
    }

    /** One that finds out what time is left when it is asked. */
    Invocation(Supplier<Duration> remaining) {
        this.remaining = remaining;
    }

    /** What a poller would have received, as Lambda hands it over. */
    static SQSMessage record(Delivery delivery) {
        SQSMessage message = new SQSMessage();
        message.setMessageId(delivery.messageId());
        message.setReceiptHandle(delivery.receipt());
        message.setBody(delivery.body());
        message.setEventSource("aws:sqs");
        message.setEventSourceArn(ARN + delivery.queue());
        Map<String, String> attributes = new HashMap<>();
        attributes.put("ApproximateReceiveCount", String.valueOf(delivery.receiveCount()));
        delivery.firstReceived()
                .ifPresent(first ->
                        attributes.put("ApproximateFirstReceiveTimestamp", String.valueOf(first.toEpochMilli())));
        delivery.group().ifPresent(group -> attributes.put("MessageGroupId", group));
        delivery.deduplicationId().ifPresent(id -> attributes.put("MessageDeduplicationId", id));
        delivery.traceHeader().ifPresent(header -> attributes.put("AWSTraceHeader", header));
        message.setAttributes(attributes);
        message.setMessageAttributes(messageAttributes(delivery.attributes()));
        return message;
    }

    private static Map<String, MessageAttribute> messageAttributes(Attributes attributes) {
        Map<String, MessageAttribute> values = new HashMap<>();
        for (String name : attributes.names()) {
            Attributes.Value value = attributes.value(name).orElseThrow();
            MessageAttribute attribute = new MessageAttribute();
            attribute.setDataType(value.dataType());
            if (value instanceof Attributes.Bytes binary) {
                attribute.setBinaryValue(ByteBuffer.wrap(binary.bytes()));
            } else {
                attribute.setStringValue(value.text().orElseThrow());
            }
            values.put(name, attribute);
        }
        return values;
    }

    /** A raw message at its first receive. */
    static SQSMessage record(String messageId, String type, String body, Optional<String> group) {
        SQSMessage message = new SQSMessage();
        message.setMessageId(messageId);
        message.setReceiptHandle("receipt of " + messageId);
        message.setBody(body);
        message.setEventSource("aws:sqs");
        message.setEventSourceArn(ARN + "fork");
        Map<String, String> attributes = new HashMap<>(
                Map.of("ApproximateReceiveCount", "1", "ApproximateFirstReceiveTimestamp", "1769855696789"));
        group.ifPresent(tenant -> attributes.put("MessageGroupId", tenant));
        message.setAttributes(attributes);
        MessageAttribute event = new MessageAttribute();
        event.setDataType("String");
        event.setStringValue(type);
        message.setMessageAttributes(Map.of("event", event));
        return message;
    }

    static SQSEvent batch(List<SQSMessage> records) {
        SQSEvent event = new SQSEvent();
        event.setRecords(records);
        return event;
    }

    /** The message ids that an answer names, in its order. */
    static List<String> reported(SQSBatchResponse answer) {
        return answer.getBatchItemFailures().stream()
                .map(BatchItemFailure::getItemIdentifier)
                .toList();
    }

    @Override
    public int getRemainingTimeInMillis() {
        return (int) remaining.get().toMillis();
    }

    @Override
    public String getAwsRequestId() {
        return "8476a536-e9f4-11e8-9739-2dfe598c3fcd";
    }

    @Override
    public String getLogGroupName() {
        return "/aws/lambda/fork";
    }

    @Override
    public String getLogStreamName() {
        return "2026/01/31/[$LATEST]0";
    }

    @Override
    public String getFunctionName() {
        return "fork";
    }

    @Override
    public String getFunctionVersion() {
        return "$LATEST";
    }

    @Override
    public String getInvokedFunctionArn() {
        return "arn:aws:lambda:us-east-1:000000000000:function:fork";
    }

    @Override
    public CognitoIdentity getIdentity() {
        throw new UnsupportedOperationException("no mobile client is involved");
    }

    @Override
    public ClientContext getClientContext() {
        throw new UnsupportedOperationException("no mobile client is involved");
    }

    @Override
    public int getMemoryLimitInMB() {
        return 512;
    }

    @Override
    public LambdaLogger getLogger() {
        throw new UnsupportedOperationException("eventfork logs by SLF4J");
    }
}
