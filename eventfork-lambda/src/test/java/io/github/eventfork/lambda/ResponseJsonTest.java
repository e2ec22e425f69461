package io.github.eventfork.lambda;

import static io.github.eventfork.lambda.Messages.event;
import static io.github.eventfork.lambda.Messages.signup;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import io.github.eventfork.Fork;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A misspelt key is an empty answer to Lambda, and deletes what failed: so the very text is pinned. */
class ResponseJsonTest {

    private final ForkFunction function = new ForkFunction(Fork.named("t")
            .on("signup", String.class, event -> {
                if (event.payload().equals("boom")) {
                    throw new IllegalStateException("boom");
                }
            })
            .build());

    @Test
    void an_answer_without_failures_is_an_empty_list() {
        assertThat(json(event(signup("m-1", "a")))).isEqualTo("{\"batchItemFailures\":[]}");
    }

    @Test
    void each_failure_is_named_by_its_message_id() {
        assertThat(json(event(signup("m-1", "boom"), signup("m-2", "a"), signup("m-3", "boom"))))
                .isEqualTo("{\"batchItemFailures\":[{\"itemIdentifier\":\"m-1\"},{\"itemIdentifier\":\"m-3\"}]}");
    }

    private String json(SQSEvent event) {
        PojoSerializer<SQSBatchResponse> serializer = LambdaEventSerializers.serializerFor(
                SQSBatchResponse.class, getClass().getClassLoader());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        serializer.toJson(function.handleRequest(event, Invocation.longEnough()), out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
