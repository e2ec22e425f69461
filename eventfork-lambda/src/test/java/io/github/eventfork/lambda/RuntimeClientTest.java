package io.github.eventfork.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Fork;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Lambda's own runtime client, in a JVM of its own, runs functions of ours. It has a native library for Linux only. */
@EnabledOnOs(
        value = OS.LINUX,
        architectures = {"amd64", "aarch64"})
class RuntimeClientTest {

    private FakeRuntimeApi api;

    @TempDir
    private Path directory;

    /** Handles each signup but {@code boom}. */
    public static final class SignupFunction extends ForkFunction {
        public SignupFunction() {
            super(Fork.named("t")
                    .on("signup", String.class, event -> {
                        if (event.payload().equals("boom")) {
                            throw new IllegalStateException("boom");
                        }
                    })
                    .build());
        }
    }

    /** Its fork has no route. */
    public static final class BrokenFunction extends ForkFunction {
        public BrokenFunction() {
            super(Fork.named("broken").build());
        }
    }

    @BeforeEach
    void startApi() throws IOException {
        api = new FakeRuntimeApi();
    }

    @AfterEach
    void closeApi() {
        api.close();
    }

    @Test
    void a_function_answers_with_a_partial_batch_response() throws Exception {
        // given
        Process client = started(SignupFunction.class);
        try {
            // when
            api.invoke(
                    "first",
                    records(
                            raw("m-1", "hello"),
                            raw("m-2", "boom"),
                            record("m-3", Messages.notification("hello"), "{}"),
                            record("m-4", Messages.notification("boom"), "{}")));
            api.invoke("second", records(raw("m-5", "hello")));

            // then
            assertThat(api.takePosted())
                    .isEqualTo(new FakeRuntimeApi.Posted(
                            "invocation/first/response",
                            "{\"batchItemFailures\":[{\"itemIdentifier\":\"m-2\"},{\"itemIdentifier\":\"m-4\"}]}"));
            assertThat(api.takePosted())
                    .isEqualTo(new FakeRuntimeApi.Posted("invocation/second/response", "{\"batchItemFailures\":[]}"));
        } finally {
            end(client);
        }
    }

    @Test
    void a_batch_that_can_not_be_reported_record_by_record_ends_in_an_error() throws Exception {
        // given
        Process client = started(SignupFunction.class);
        try {
            // when
            api.invoke("first", records(raw("m-1", "hello"), raw("", "hello")));

            // then
            FakeRuntimeApi.Posted error = api.takePosted();
            assertThat(error.path()).isEqualTo("invocation/first/error");
            assertThat(error.body()).contains("record 2 of 2 has no messageId");
        } finally {
            end(client);
        }
    }

    @Test
    void a_fork_that_can_not_be_built_fails_the_init() throws Exception {
        // given
        Process client = started(BrokenFunction.class);
        try {
            // then
            FakeRuntimeApi.Posted error = api.takePosted();
            assertThat(error.path()).isEqualTo("init/error");
            assertThat(error.body()).contains("Fork 'broken': it has no route");
        } finally {
            end(client);
        }
    }

    private Process started(Class<? extends ForkFunction> function) throws IOException {
        ProcessBuilder client = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "com.amazonaws.services.lambda.runtime.api.client.AWSLambda",
                function.getName());
        client.environment()
                .putAll(Map.of(
                        "AWS_LAMBDA_RUNTIME_API", api.address(),
                        "_HANDLER", function.getName(),
                        "LAMBDA_TASK_ROOT", directory.toString(),
                        "AWS_LAMBDA_FUNCTION_NAME", "t",
                        "AWS_LAMBDA_FUNCTION_VERSION", "$LATEST",
                        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512",
                        "AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/t",
                        "AWS_LAMBDA_LOG_STREAM_NAME", "0"));
        File log = directory.resolve("client.log").toFile();
        return client.redirectErrorStream(true).redirectOutput(log).start();
    }

    /** The client does not survive an API that is closed under it. */
    private static void end(Process client) throws InterruptedException {
        assertThat(client.destroyForcibly().waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    private static String records(String... records) {
        return "{\"Records\":[" + String.join(",", List.of(records)) + "]}";
    }

    private static String raw(String id, String body) {
        return record(
                id,
                body,
                "{\"event\":{\"stringValue\":\"signup\",\"stringListValues\":[],\"binaryListValues\":[],"
                        + "\"dataType\":\"String\"}}");
    }

    private static String record(String id, String body, String attributes) {
        return "{\"messageId\":\"" + id + "\",\"receiptHandle\":\"r\",\"body\":\"" + escaped(body) + "\","
                + "\"attributes\":{\"ApproximateReceiveCount\":\"1\",\"SentTimestamp\":\"1769855696789\","
                + "\"SenderId\":\"AIDAIENQZJOLO23YVJ4VO\",\"ApproximateFirstReceiveTimestamp\":\"1769855696790\"},"
                + "\"messageAttributes\":" + attributes + ",\"md5OfBody\":\"e4e68fb7bd0e697a0ae8f1bb342846b3\","
                + "\"eventSource\":\"aws:sqs\",\"eventSourceARN\":\"" + Messages.STANDARD + "\","
                + "\"awsRegion\":\"eu-central-1\"}";
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
