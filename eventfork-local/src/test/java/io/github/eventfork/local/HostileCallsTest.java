package io.github.eventfork.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.groups.Tuple.tuple;

import io.github.eventfork.local.LocalClients.Queue;
import io.github.eventfork.local.http.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What other hosts, web pages and broken clients send to SNS and SQS, over the wire; whatever server is behind. */
class HostileCallsTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @SuppressWarnings("NullAway.Init")
    private static LocalClients aws;

    @SuppressWarnings("NullAway.Init")
    private static String topic;

    @SuppressWarnings("NullAway.Init")
    private static Queue queue;

    @BeforeAll
    static void start() {
        aws = new LocalClients();
        topic = aws.topic();
        queue = aws.queue();
        aws.sqs.sendMessage(request -> request.queueUrl(queue.url()).messageBody("kept"));
    }

    @AfterAll
    static void stop() {
        aws.close();
    }

    /** {@code ORIGIN}: from a page; {@code HOST}: by rebinding of a name; {@code IMAGE}: as an image of a page. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /?Action=CreateTopic&Name=forged                           | ORIGIN",
                "GET /?Action=CreateTopic&Name=forged                           | HOST",
                "GET /?Action=CreateTopic&Name=forged                           | IMAGE",
                "GET /?Action=CreateQueue&QueueName=forged                      | ORIGIN",
                "GET /?Action=CreateQueue&QueueName=forged                      | IMAGE",
                "GET /?Action=Publish&Message=forged&TopicArn=TOPIC             | HOST",
                "GET /?Action=Publish&Message=forged&TopicArn=TOPIC             | IMAGE",
                "GET /?Action=ReceiveMessage&QueueUrl=QUEUE                     | ORIGIN",
                "GET QUEUE?Action=ReceiveMessage                                | HOST",
                "GET QUEUE?Action=PurgeQueue                                    | IMAGE",
                "GET QUEUE?Action=DeleteQueue                                   | ORIGIN",
                "GET QUEUE?Action=SendMessage&MessageBody=forged                | HOST",
                "POST / Action=CreateTopic&Name=forged                          | ORIGIN",
                "POST / Action=DeleteTopic&TopicArn=TOPIC                       | HOST",
                "POST / Action=PurgeQueue&QueueUrl=QUEUE                        | IMAGE",
                "AmazonSQS.CreateQueue {\"QueueName\":\"forged\"}               | HOST",
                "AmazonSQS.DeleteQueue {\"QueueUrl\":\"QUEUE\"}                 | HOST",
                "AmazonSQS.ReceiveMessage {\"QueueUrl\":\"QUEUE\"}              | ORIGIN",
                "AmazonSQS.SendMessage {\"QueueUrl\":\"QUEUE\",\"MessageBody\":\"forged\"} | ORIGIN",
            })
    void what_a_page_or_another_host_asks_gets_403_and_changes_nothing(String call, String from) throws Exception {
        String port = ":" + aws.local.endpoint().getPort();
        String headers = switch (from) {
            case "ORIGIN" -> "Host: 127.0.0.1" + port + "\r\nOrigin: https://example.org\r\n";
            case "IMAGE" -> "Host: 127.0.0.1" + port + "\r\nUser-Agent: Mozilla/5.0\r\nSec-Fetch-Site: cross-site\r\n";
            default -> "Host: example.org" + port + "\r\n";
        };

        assertThat(status(request(call, headers))).isEqualTo(403);

        assertNothingHasChanged();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET //AUTHORITY/", "GET http://AUTHORITY/", "CONNECT AUTHORITY", "POST //AUTHORITY/x"})
    void it_is_no_proxy_and_connects_to_nobody(String line) throws Exception {
        // given
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            other.setSoTimeout(300);
            String authority = "127.0.0.1:" + other.getLocalPort();

            // when
            int status = status(line.replace("AUTHORITY", authority) + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n");

            // then
            assertThat(status).isEqualTo(400);
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(other::accept);
        }
        assertNothingHasChanged();
    }

    /** {@code URL} stands for the queue's URL, in quotes. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "CreateQueue              | {\"QueueName\":{}}",
                "CreateQueue              | {\"QueueName\":\"forged\",\"Attributes\":[]}",
                "CreateQueue              | {\"QueueName\":\"forged\",\"Attributes\":{\"DelaySeconds\":{}}}",
                "CreateQueue              | {\"QueueName\":\"forged\",\"tags\":7}",
                "GetQueueUrl              | {\"QueueName\":7}",
                "ListQueues               | {\"MaxResults\":\"x\"}",
                "ListQueues               | {\"QueueNamePrefix\":[]}",
                "SendMessage              | {\"QueueUrl\":URL,\"MessageBody\":{}}",
                "SendMessage              | {\"QueueUrl\":URL,\"MessageBody\":7}",
                "SendMessage              | {\"QueueUrl\":[URL],\"MessageBody\":\"forged\"}",
                "SendMessage              | {\"QueueUrl\":URL,\"MessageBody\":\"forged\",\"DelaySeconds\":\"x\"}",
                "SendMessage              | {\"QueueUrl\":URL,\"MessageBody\":\"forged\",\"DelaySeconds\":1.5}",
                "SendMessage              | {\"QueueUrl\":URL,\"MessageBody\":\"forged\",\"DelaySeconds\":99999999999}",
                "SendMessage              | {\"QueueUrl\":URL,\"MessageBody\":\"forged\",\"MessageAttributes\":7}",
                "SendMessage              | {\"QueueUrl\":URL,\"MessageBody\":\"forged\",\"MessageAttributes\":{\"a\":7}}",
                "SendMessage              | {\"QueueUrl\":URL,\"MessageBody\":\"forged\",\"MessageAttributes\":{\"a\":{\"DataType\":[]}}}",
                "SendMessageBatch         | {\"QueueUrl\":URL,\"Entries\":{}}",
                "SendMessageBatch         | {\"QueueUrl\":URL,\"Entries\":[7]}",
                "SendMessageBatch         | {\"QueueUrl\":URL,\"Entries\":[{\"Id\":1,\"MessageBody\":\"forged\"}]}",
                "SendMessageBatch         | {\"QueueUrl\":URL,\"Entries\":[{\"Id\":\"1\",\"MessageBody\":[]}]}",
                "ReceiveMessage           | {\"QueueUrl\":URL,\"MaxNumberOfMessages\":\"ten\"}",
                "ReceiveMessage           | {\"QueueUrl\":URL,\"WaitTimeSeconds\":{}}",
                "ReceiveMessage           | {\"QueueUrl\":URL,\"AttributeNames\":\"All\"}",
                "ReceiveMessage           | {\"QueueUrl\":URL,\"MessageAttributeNames\":[{}]}",
                "DeleteMessage            | {\"QueueUrl\":URL,\"ReceiptHandle\":{}}",
                "DeleteMessageBatch       | {\"QueueUrl\":URL,\"Entries\":\"x\"}",
                "ChangeMessageVisibility  | {\"QueueUrl\":URL,\"ReceiptHandle\":\"r\",\"VisibilityTimeout\":true}",
                "SetQueueAttributes       | {\"QueueUrl\":URL,\"Attributes\":{\"VisibilityTimeout\":0}}",
                "TagQueue                 | {\"QueueUrl\":URL,\"Tags\":[\"a\"]}",
                "UntagQueue               | {\"QueueUrl\":URL,\"TagKeys\":{}}",
                "AddPermission            | {\"QueueUrl\":URL,\"Label\":7,\"AWSAccountIds\":[],\"Actions\":[]}",
                "StartMessageMoveTask     | {\"SourceArn\":{}}",
                "CancelMessageMoveTask    | {\"TaskHandle\":[]}",
            })
    void what_is_of_the_wrong_type_gets_400_in_the_form_of_aws(String action, String body) throws Exception {
        HttpResponse<String> response = json(action, body.replace("URL", "\"" + queue.url() + "\""));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body())
                .contains("\"__type\":\"com.amazon.coral.service#SerializationException\"")
                .contains(" must be ");
        assertNothingHasChanged();
    }

    @Test
    void null_is_as_good_as_nothing() throws Exception {
        assertThat(json("ListQueues", "{\"MaxResults\":null,\"QueueNamePrefix\":null}")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_name_given_at_start_is_answered() throws Exception {
        try (LocalAws named =
                LocalAws.builder().hostName("host.docker.internal").start()) {
            int port = named.endpoint().getPort();
            try (RawClient client = new RawClient(port)) {
                client.send("GET /?Action=ListTopics HTTP/1.1\r\nHost: Host.Docker.Internal:" + port + "\r\n\r\n");

                assertThat(client.status()).isEqualTo(200);
            }
        }
        assertThatIllegalArgumentException().isThrownBy(() -> LocalAws.builder().hostName("host:80"));
    }

    @Test
    void rights_are_noted_of_no_more_names_than_there_may_be() throws IOException {
        // given
        IamActions actions = new IamActions();
        IamNeeds needs = new IamNeeds(Account.LOCAL);

        // when
        for (int i = 0; i < 3 * IamActions.MOST_RESOURCES; i++) {
            actions.needed(needs.of(purge("used")));
            actions.needed(needs.of(purge("none-" + i)));
        }
        actions.needed(needs.of(purge("x".repeat(IamActions.LONGEST_ARN))));

        // then what is used stays
        assertThat(actions.all()).hasSize(IamActions.MOST_RESOURCES).containsKey(needs.queueArn("used"));
        assertThat(actions.all().keySet()).allMatch(name -> name.length() <= IamActions.LONGEST_ARN);
    }

    private static SqsCall purge(String name) {
        return new SqsCall("PurgeQueue", SqsEndpoint.JSON.createObjectNode().put("QueueUrl", "/" + name), Map.of());
    }

    private static void assertNothingHasChanged() {
        assertThat(aws.sqs.listQueues().queueUrls()).containsExactly(queue.url());
        assertThat(aws.sns.listTopics().topics())
                .extracting(each -> each.topicArn())
                .containsExactly(topic);
        assertThat(aws.local.spy().published()).isEmpty();
        assertThat(aws.local.spy().queue(nameOf(queue)))
                .extracting(Standing::body, Standing::receiveCount)
                .containsExactly(tuple("kept", 0));
    }

    private static String nameOf(Queue queue) {
        return queue.url().substring(queue.url().lastIndexOf('/') + 1);
    }

    private static String request(String call, String headers) {
        String filled = call.replace("TOPIC", topic)
                .replace("QUEUE", URI.create(queue.url()).getPath());
        String[] parts = filled.split(" ", 3);
        if (parts[0].equals("GET")) {
            return "GET " + parts[1] + " HTTP/1.1\r\n" + headers + "\r\n";
        }
        boolean form = parts[0].equals("POST");
        String body = form ? parts[2] : parts[1];
        return "POST / HTTP/1.1\r\n" + headers
                + (form
                        ? "Content-Type: application/x-www-form-urlencoded\r\n"
                        : "Content-Type: application/x-amz-json-1.0\r\nX-Amz-Target: " + parts[0] + "\r\n")
                + "Content-Length: " + body.getBytes(UTF_8).length + "\r\n\r\n" + body;
    }

    private static int status(String request) throws IOException {
        try (RawClient client = new RawClient(aws.local.endpoint().getPort())) {
            return client.send(request).status();
        }
    }

    private static HttpResponse<String> json(String action, String body) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(aws.local.endpoint())
                        .header("Content-Type", "application/x-amz-json-1.0")
                        .header("X-Amz-Target", "AmazonSQS." + action)
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
