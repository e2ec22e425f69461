package io.github.eventfork.local;

import static java.util.concurrent.CompletableFuture.runAsync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.eventfork.local.http.HttpDoor;
import io.github.eventfork.local.http.HttpLimits;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/** SQS as it is spoken on the wire, in both protocols. */
class SqsEndpointTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final RawSqs NOBODY = (method, target, headers, body) -> {
        throw new IOException("nobody is there");
    };

    @SuppressWarnings("NullAway.Init")
    private static LocalClients aws;

    @BeforeAll
    static void start() {
        aws = new LocalClients();
    }

    @AfterAll
    static void stop() {
        aws.close();
    }

    @Test
    void a_success_is_json_with_a_request_id() throws Exception {
        HttpResponse<String> response = json("AmazonSQS.CreateQueue", "{\"QueueName\":\"wire\"}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/x-amz-json-1.0");
        assertThat(response.headers().firstValue("x-amzn-RequestId")).isPresent();
        assertThat(response.body()).isEqualTo("{\"QueueUrl\":\"" + aws.local.endpoint() + "/000000000000/wire\"}");
    }

    @Test
    void an_error_carries_the_code_of_the_older_protocol() throws Exception {
        HttpResponse<String> response = json("AmazonSQS.GetQueueUrl", "{\"QueueName\":\"none\"}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("x-amzn-query-error"))
                .hasValue("AWS.SimpleQueueService.NonExistentQueue;Sender");
        assertThat(response.body())
                .isEqualTo("{\"__type\":\"com.amazonaws.sqs#QueueDoesNotExist\","
                        + "\"message\":\"The specified queue does not exist.\"}");
    }

    @Test
    void the_sdk_knows_a_missing_queue_by_class_and_by_code() {
        assertThatExceptionOfType(QueueDoesNotExistException.class)
                .isThrownBy(() -> aws.sqs.getQueueUrl(request -> request.queueName("none")))
                .satisfies(thrown -> assertThat(thrown.awsErrorDetails().errorCode())
                        .isEqualTo("AWS.SimpleQueueService.NonExistentQueue"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AmazonSQS.Frobnicate          | {}               | UnknownOperationException",
                "DynamoDB_20120810.ListTables  | {}               | UnknownOperationException",
                "AmazonSQS.ListQueues          | {\"a\":          | SerializationException",
                "AmazonSQS.ListQueues          | []               | SerializationException",
                "AmazonSQS.ListQueues          | ''               | SerializationException",
                "AmazonSQS.ReceiveMessage      | {}               | MissingRequiredParameterException",
                "AmazonSQS.SendMessage         | {\"QueueUrl\":\"u\"} | MissingRequiredParameterException",
            })
    void a_call_that_is_none_is_refused(String target, String body, String shape) throws Exception {
        HttpResponse<String> response = json(target, body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("#" + shape + "\"");
    }

    @Test
    void a_call_past_8_mib_is_refused() throws Exception {
        assertThat(json(
                                "AmazonSQS.SendMessage",
                                "x".repeat(HttpLimits.standard().bodyBytes() + 1))
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void a_message_of_1_mib_arrives_even_if_every_character_is_escaped() throws Exception {
        var queue = aws.queue();
        String body = "\\u003c".repeat(1_048_576);

        HttpResponse<String> response = json(
                "AmazonSQS.SendMessage", "{\"QueueUrl\":\"" + queue.url() + "\",\"MessageBody\":\"" + body + "\"}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(aws.bodies(queue)).containsExactly("<".repeat(1_048_576));
    }

    @Test
    void the_trace_header_of_a_call_goes_with_its_message() throws Exception {
        var queue = aws.queue();

        HTTP.send(
                request("AmazonSQS.SendMessage", "{\"QueueUrl\":\"" + queue.url() + "\",\"MessageBody\":\"b\"}")
                        .header("X-Amzn-Trace-Id", "Root=1-5759e988-bd862e3fe1be46a994272793")
                        .build(),
                BodyHandlers.ofString());

        assertThat(aws.received(queue).get(0).attributesAsStrings())
                .containsEntry("AWSTraceHeader", "Root=1-5759e988-bd862e3fe1be46a994272793");
    }

    @Test
    void the_older_protocol_is_spoken_too_by_action_and_by_path() throws Exception {
        var queue = aws.queue();

        assertThat(form("/", "Action=ListQueues&Version=2012-11-05").body())
                .startsWith("<ListQueuesResponse")
                .contains(queue.url());
        String path = URI.create(queue.url()).getPath();
        assertThat(form(path, "Action=SendMessage&MessageBody=old").body()).startsWith("<SendMessageResponse");
        assertThat(aws.bodies(queue)).containsExactly("old");
    }

    @Test
    void of_a_signed_request_the_service_decides_that_it_was_signed_for() throws Exception {
        String action = "Action=AddPermission";

        assertThat(signed("sqs", action).body()).doesNotContain("http://sns.amazonaws.com");
        assertThat(signed("sns", action).body()).contains("http://sns.amazonaws.com");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CreateQueue                  | {\"QueueName\":{}}                                    | QueueName must be a string",
                "CreateQueue                  | {\"QueueName\":\"q\",\"Attributes\":[]}               | Attributes must be a map of strings",
                "CreateQueue                  | {\"QueueName\":\"q\",\"Attributes\":{\"DelaySeconds\":1}} | Attributes must be a map of strings",
                "CreateQueue                  | {\"QueueName\":\"q\",\"tags\":\"t\"}                   | tags must be a map of strings",
                "ReceiveMessage               | {\"QueueUrl\":7}                                      | QueueUrl must be a string",
                "ReceiveMessage               | {\"MaxNumberOfMessages\":\"1\"}                       | MaxNumberOfMessages must be a whole number",
                "ReceiveMessage               | {\"WaitTimeSeconds\":1.5}                             | WaitTimeSeconds must be a whole number",
                "ReceiveMessage               | {\"AttributeNames\":\"All\"}                          | AttributeNames must be a list of strings",
                "ReceiveMessage               | {\"AttributeNames\":[[]]}                             | AttributeNames must be a list of strings",
                "SendMessage                  | {\"MessageBody\":[\"b\"]}                             | MessageBody must be a string",
                "SendMessage                  | {\"MessageAttributes\":{\"a\":\"b\"}}                 | MessageAttributes must be a map of message attributes",
                "SendMessage                  | {\"MessageAttributes\":{\"a\":{\"DataType\":1}}}      | MessageAttributes must be a map of message attributes",
                "DeleteMessageBatch           | {\"Entries\":{}}                                      | Entries must be a list of entries",
                "DeleteMessageBatch           | {\"Entries\":[\"e\"]}                                 | Entries must be a list of entries",
                "ChangeMessageVisibilityBatch | {\"Entries\":[{\"VisibilityTimeout\":[]}]}            | VisibilityTimeout must be a whole number"
            })
    void json_of_another_type_than_the_api_has_is_a_bad_request(String action, String body, String problem)
            throws Exception {
        HttpResponse<String> response = json("AmazonSQS." + action, body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("#SerializationException\"", problem);
    }

    @Test
    void no_answer_from_behind_closes_the_connection() throws Exception {
        // given
        try (HttpDoor front = door()) {
            ElasticMq nowhere = new ElasticMq(NOBODY);
            front.start(new Routes(sns(front), new SqsEndpoint(nowhere), nowhere)::answer);

            // then
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> HTTP.send(
                            request(LoopbackPort.endpoint(front.port()), "AmazonSQS.ListQueues", "{}")
                                    .build(),
                            BodyHandlers.ofString()));
        }
    }

    @Test
    void a_failure_inside_is_an_internal_error_that_tells_nothing_of_the_message() throws Exception {
        // given
        try (HttpDoor front = door()) {
            ElasticMq nowhere = new ElasticMq(NOBODY);
            SqsService broken = call -> {
                throw new IllegalStateException(call.parameters().toString());
            };
            front.start(new Routes(sns(front), new SqsEndpoint(broken), nowhere)::answer);

            // when
            HttpResponse<String> response = HTTP.send(
                    request(
                                    LoopbackPort.endpoint(front.port()),
                                    "AmazonSQS.SendMessage",
                                    "{\"MessageBody\":\"secret\"}")
                            .build(),
                    BodyHandlers.ofString());

            // then
            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(response.headers().firstValue("x-amzn-query-error")).hasValue("InternalFailure;Receiver");
            assertThat(response.body()).doesNotContain("secret");
        }
    }

    @Test
    void sixty_long_polls_at_once_leave_room_for_a_message_to_end_one() {
        var queue = aws.queue();
        var polls = IntStream.range(0, 60)
                .mapToObj(i -> HTTP.sendAsync(
                        request(
                                        "AmazonSQS.ReceiveMessage",
                                        "{\"QueueUrl\":\"" + queue.url() + "\",\"WaitTimeSeconds\":20}")
                                .build(),
                        BodyHandlers.ofString()))
                .toList();

        runAsync(() ->
                aws.sqs.sendMessage(request -> request.queueUrl(queue.url()).messageBody("b")));

        await().until(() -> polls.stream()
                .anyMatch(poll -> poll.isDone() && poll.join().body().contains("\"b\"")));
        for (int i = 0; i < 59; i++) {
            aws.sqs.sendMessage(request -> request.queueUrl(queue.url()).messageBody("end"));
        }
        polls.forEach(poll -> assertThat(poll.join().statusCode()).isEqualTo(200));
    }

    private static SnsEndpoint sns(HttpDoor front) {
        QueueSender closed = new QueueSender(call -> SqsAnswer.success(call.parameters()), Account.LOCAL);
        closed.close();
        return new SnsEndpoint(SnsActions.of(
                Account.LOCAL, LoopbackPort.endpoint(front.port()), closed, (topic, message, taken) -> {}));
    }

    private static HttpResponse<String> json(String target, String body) throws Exception {
        return HTTP.send(request(target, body).build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String target, String body) {
        return request(aws.local.endpoint(), target, body);
    }

    private static HttpRequest.Builder request(URI endpoint, String target, String body) {
        return HttpRequest.newBuilder(endpoint)
                .header("Content-Type", "application/x-amz-json-1.0")
                .header("X-Amz-Target", target)
                .POST(BodyPublishers.ofString(body));
    }

    private static HttpResponse<String> form(String path, String form) throws Exception {
        return HTTP.send(formRequest(path, form, Map.of()), BodyHandlers.ofString());
    }

    private static HttpResponse<String> signed(String service, String form) throws Exception {
        String authorization = "AWS4-HMAC-SHA256 Credential=AKIA/20260131/eu-west-1/" + service
                + "/aws4_request, SignedHeaders=host, Signature=00";
        return HTTP.send(formRequest("/", form, Map.of("Authorization", authorization)), BodyHandlers.ofString());
    }

    private static HttpRequest formRequest(String path, String form, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        aws.local.endpoint().resolve(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form));
        headers.forEach(request::header);
        return request.build();
    }

    private static HttpDoor door() throws IOException {
        return HttpDoor.bind("test", LoopbackPort.address(0), Set.of(), HttpLimits.standard());
    }
}
