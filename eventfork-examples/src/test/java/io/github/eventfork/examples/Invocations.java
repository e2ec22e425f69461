package io.github.eventfork.examples;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.MessageAttribute;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;

/** What Lambda hands to a function. */
final class Invocations {

    private Invocations() {}

    static SQSEvent batch(List<SQSMessage> records) {
        SQSEvent batch = new SQSEvent();
        batch.setRecords(records);
        return batch;
    }

    static SQSMessage signup(String messageId, String body) {
        MessageAttribute type = new MessageAttribute();
        type.setDataType("String");
        type.setStringValue("signup");
        SQSMessage message = new SQSMessage();
        message.setMessageId(messageId);
        message.setReceiptHandle("receipt-" + messageId);
        message.setEventSourceArn("arn:aws:sqs:us-east-1:000000000000:signups");
        message.setBody(body);
        message.setAttributes(Map.of("ApproximateReceiveCount", "1"));
        message.setMessageAttributes(Map.of("event", type));
        return message;
    }

    /** All that is asked of it is how much time is left. */
    static Context context() {
        return (Context) Proxy.newProxyInstance(
                Context.class.getClassLoader(), new Class<?>[] {Context.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getRemainingTimeInMillis")) {
                        return 30_000;
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
