package io.github.eventfork.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.Message;

/** What goes wrong, as clients of the SDK that don't try again see it. */
class FaultsOnTheWireTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ClientOverrideConfiguration ONCE = ClientOverrideConfiguration.builder()
            .retryStrategy(DefaultRetryStrategy.doNotRetry())
            .build();

    private LocalAws local;
    private SnsClient sns;
    private SqsClient sqs;
    private String topic;
    private String queue;

    @BeforeEach
    void open() {
        local = LocalAws.start();
        sns = LocalClients.sns(local, ONCE);
        sqs = LocalClients.sqs(local, ONCE);
        topic = sns.createTopic(request -> request.name("t")).topicArn();
        queue = sqs.createQueue(request -> request.queueName("q")).queueUrl();
        sns.subscribe(
                request -> request.topicArn(topic).protocol("sqs").endpoint("arn:aws:sqs:us-east-1:000000000000:q"));
    }

    @AfterEach
    void close() {
        sns.close();
        sqs.close();
        local.close();
    }

    @Test
    void failing_and_throttled_calls_to_sqs_are_service_errors_and_nothing_is_done() {
        local.faults().next("SendMessage", Fault.failing(), Fault.throttled());

        AwsServiceException failing = catchThrowableOfType(AwsServiceException.class, () -> send("m"));
        AwsServiceException throttled = catchThrowableOfType(AwsServiceException.class, () -> send("m"));

        assertThat(failing.statusCode()).isEqualTo(500);
        assertThat(failing.awsErrorDetails().errorCode()).isEqualTo("InternalError");
        assertThat(throttled.statusCode()).isEqualTo(403);
        assertThat(throttled.isThrottlingException()).isTrue();
        assertThat(local.spy().queue("q")).isEmpty();
    }

    @Test
    void a_lost_send_has_no_answer_but_stands_in_the_queue() {
        local.faults().next("SendMessage", Fault.lost());

        assertThatExceptionOfType(SdkClientException.class).isThrownBy(() -> send("m"));

        assertThat(local.spy().queue("q")).extracting(Standing::body).containsExactly("m");
    }

    @Test
    void a_forgotten_delete_is_answered_and_the_message_comes_again() {
        // given
        send("m");
        local.faults().next("DeleteMessage", Fault.forgotten());

        // when
        Message message = receive(1).get(0);
        sqs.deleteMessage(request -> request.queueUrl(queue).receiptHandle(message.receiptHandle()));

        // then
        assertThat(local.spy().queue("q")).extracting(Standing::messageId).containsExactly(message.messageId());
        sqs.deleteMessage(request -> request.queueUrl(queue).receiptHandle(message.receiptHandle()));
        assertThat(local.spy().queue("q")).isEmpty();
    }

    @Test
    void entries_of_a_batch_fail_without_the_senders_fault() {
        // given
        sendTen();
        local.faults().next("DeleteMessageBatch", Fault.answering("InternalError", 3));

        // when
        List<Message> messages = receive(10);
        DeleteMessageBatchResponse answer =
                sqs.deleteMessageBatch(request -> request.queueUrl(queue).entries(entries(messages)));

        // then
        assertThat(answer.successful()).hasSize(9);
        assertThat(answer.failed())
                .extracting(BatchResultErrorEntry::id, BatchResultErrorEntry::code, BatchResultErrorEntry::senderFault)
                .containsExactly(tuple("3", "InternalError", false));
        assertThat(local.spy().queue("q"))
                .extracting(Standing::messageId)
                .containsExactly(messages.get(3).messageId());
    }

    @Test
    void a_slow_answer_is_ended_by_close() {
        local.faults().always("GetQueueUrl", Fault.delayed(Duration.ofDays(1)));
        CompletableFuture<Void> asked =
                CompletableFuture.runAsync(() -> sqs.getQueueUrl(request -> request.queueName("q")));
        local.spy().await(PATIENCE, spy -> spy.iamActions().toString().contains("GetQueueUrl"));
        assertThat(asked).isNotDone();

        local.close();

        assertThat(asked).failsWithin(PATIENCE);
    }

    @Test
    void publications_fail_are_throttled_and_are_lost() {
        local.faults().next("Publish", Fault.failing(), Fault.throttled(), Fault.lost());

        AwsServiceException failing = catchThrowableOfType(AwsServiceException.class, () -> publish("1"));
        AwsServiceException throttled = catchThrowableOfType(AwsServiceException.class, () -> publish("2"));
        assertThatExceptionOfType(SdkClientException.class).isThrownBy(() -> publish("3"));
        publish("4");

        assertThat(failing.statusCode()).isEqualTo(500);
        assertThat(failing.awsErrorDetails().errorCode()).isEqualTo("InternalError");
        assertThat(throttled.statusCode()).isEqualTo(429);
        assertThat(throttled.awsErrorDetails().errorCode()).isEqualTo("Throttled");
        assertThat(throttled.isThrottlingException()).isTrue();
        assertThat(local.spy().published()).extracting(Published::message).containsExactly("3", "4");
        assertThat(local.spy().queue("q")).hasSize(2);
    }

    @Test
    void a_copy_that_is_sent_twice_makes_two_messages_of_one_notification() {
        local.faults().sentTwice(1);

        publish("m");

        assertThat(local.spy().published()).hasSize(1);
        List<Standing> standing = local.spy().queue("q");
        assertThat(standing).hasSize(2);
        assertThat(standing.get(0).body()).isEqualTo(standing.get(1).body()).contains("\"m\"");
        assertThat(standing.get(0).messageId()).isNotEqualTo(standing.get(1).messageId());
    }

    @Test
    void a_message_that_is_received_twice_is_the_same_and_counted_twice() {
        // given
        send("m");
        local.faults().receivedTwice(1);

        // when
        Message first = receive(1).get(0);
        local.faults().none();
        Message second = receive(1).get(0);

        // then
        assertThat(second.messageId()).isEqualTo(first.messageId());
        assertThat(local.spy().queue("q")).extracting(Standing::receiveCount).containsExactly(2);
        assertThat(receive(1)).isEmpty();
        sqs.deleteMessage(request -> request.queueUrl(queue).receiptHandle(second.receiptHandle()));
        assertThat(local.spy().queue("q")).isEmpty();
    }

    @Test
    void in_disorder_what_is_published_or_received_together_comes_in_any_order() {
        // given
        local.faults().disorder();
        List<String> inOrder = IntStream.range(0, 10).mapToObj(String::valueOf).toList();

        // when
        sns.publishBatch(request -> request.topicArn(topic)
                .publishBatchRequestEntries(inOrder.stream()
                        .map(text -> PublishBatchRequestEntry.builder()
                                .id(text)
                                .message("m" + text)
                                .build())
                        .toList()));

        // then they stand in another order, and are received in a third
        List<String> standing = local.spy().queue("q").stream()
                .map(FaultsOnTheWireTest::payload)
                .toList();
        List<String> received =
                receive(10).stream().map(message -> payload(message.body())).toList();
        assertThat(standing).containsExactlyInAnyOrderElementsOf(inOrder).isNotEqualTo(inOrder);
        assertThat(received).containsExactlyInAnyOrderElementsOf(inOrder).isNotEqualTo(standing);
    }

    @Test
    void a_fifo_queue_keeps_its_order_and_hands_nothing_out_twice() {
        // given
        local.faults().duplicates(1).disorder();
        String fifo = sqs.createQueue(request -> request.queueName("o.fifo")
                        .attributesWithStrings(Map.of("FifoQueue", "true", "ContentBasedDeduplication", "true")))
                .queueUrl();
        for (int i = 0; i < 10; i++) {
            String body = "m" + i;
            sqs.sendMessage(request -> request.queueUrl(fifo).messageBody(body).messageGroupId("g"));
        }

        // when
        List<Message> received = sqs.receiveMessage(
                        request -> request.queueUrl(fifo).maxNumberOfMessages(10))
                .messages();

        // then
        assertThat(received)
                .extracting(Message::body)
                .containsExactly("m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9");
        assertThat(local.spy().queue("o.fifo")).noneMatch(Standing::visible);
    }

    @Test
    void calls_of_the_older_query_protocol_pass() throws Exception {
        local.faults().always(Fault.failing());

        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(queue + "?Action=SendMessage&MessageBody=m"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(local.spy().queue("q")).hasSize(1);
    }

    @Test
    void chance_is_the_same_for_the_same_seed() {
        Set<List<Boolean>> outcomes = new HashSet<>();
        for (long seed : new long[] {11, 11, 12}) {
            try (LocalAws seeded = LocalAws.builder().seed(seed).start();
                    SqsClient client = LocalClients.sqs(seeded, ONCE)) {
                seeded.faults().byChance("ListQueues", 0.5, Fault.failing());
                outcomes.add(IntStream.range(0, 30).mapToObj(i -> fails(client)).toList());
            }
        }
        assertThat(outcomes).hasSize(2);
    }

    private static boolean fails(SqsClient client) {
        try {
            client.listQueues();
            return false;
        } catch (AwsServiceException e) {
            return true;
        }
    }

    private void send(String body) {
        sqs.sendMessage(request -> request.queueUrl(queue).messageBody(body));
    }

    private void sendTen() {
        IntStream.range(0, 10).forEach(i -> send("m" + i));
    }

    private void publish(String message) {
        sns.publish(request -> request.topicArn(topic).message(message));
    }

    private List<Message> receive(int most) {
        return sqs.receiveMessage(request -> request.queueUrl(queue).maxNumberOfMessages(most))
                .messages();
    }

    private static List<DeleteMessageBatchRequestEntry> entries(List<Message> messages) {
        return IntStream.range(0, messages.size())
                .mapToObj(index -> DeleteMessageBatchRequestEntry.builder()
                        .id(String.valueOf(index))
                        .receiptHandle(messages.get(index).receiptHandle())
                        .build())
                .toList();
    }

    private static String payload(Standing standing) {
        return payload(standing.body());
    }

    /** Of the message m7 in an envelope, 7. */
    private static String payload(String envelope) {
        return envelope.replaceAll("(?s).*\"Message\" : \"m(\\d)\".*", "$1");
    }
}
