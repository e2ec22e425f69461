package io.github.eventfork.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.MessageAttribute;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import io.github.eventfork.lambda.ForkFunction;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FunctionsTest {

    static Stream<ForkFunction> functions() {
        return Stream.of(new AnalyticsFunction(), new MailingListFunction(), new ChatNotificationsFunction());
    }

    @ParameterizedTest
    @MethodSource("functions")
    void a_function_handles_a_signup_and_reports_what_is_none(ForkFunction function) {
        // given
        SQSEvent batch = new SQSEvent();
        batch.setRecords(
                List.of(signup("good", "{\"name\":\"Ada\",\"email\":\"ada@example.org\"}"), signup("bad", "no JSON")));

        // when
        var response = function.handleRequest(batch, context());

        // then
        assertThat(response.getBatchItemFailures())
                .extracting(BatchItemFailure::getItemIdentifier)
                .containsExactly("bad");
    }

    private static SQSMessage signup(String messageId, String body) {
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
    private static Context context() {
        return (Context) Proxy.newProxyInstance(
                Context.class.getClassLoader(), new Class<?>[] {Context.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getRemainingTimeInMillis")) {
                        return 30_000;
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
