package io.github.eventfork.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** One row for each thing that a consumer or publisher feels of SQS, on a standard and on a FIFO queue. */
class SqsRowsTest {
    private static final String GARBAGE = "The input receipt handle \"garbage\" is not a valid receipt handle.";
    private static final String ILLEGAL = "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD"
            + " | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF";

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

    /** A queue of its own for each row. */
    private record Queue(boolean fifo, String url, String arn) {
        static Queue create(boolean fifo, Map<QueueAttributeName, String> attributes) {
            String name = LocalClients.name("rows") + (fifo ? ".fifo" : "");
            var all = new HashMap<>(attributes);
            if (fifo) {
                all.put(QueueAttributeName.FIFO_QUEUE, "true");
                all.putIfAbsent(QueueAttributeName.CONTENT_BASED_DEDUPLICATION, "true");
            }
            String url =
                    sqs().createQueue(q -> q.queueName(name).attributes(all)).queueUrl();
            return new Queue(fifo, url, "arn:aws:sqs:us-east-1:000000000000:" + name);
        }

        void send(String body) {
            sqs().sendMessage(m -> m.queueUrl(url).messageBody(body).messageGroupId(fifo ? "g" : null));
        }

        /** Received, and invisible for a minute. */
        Message sentAndReceived() {
            send("body");
            return received(60).get(0);
        }

        /** Received, and visible again: after a change to no time at all, or at once. */
        Message sentAndExpired() {
            Message message = sentAndReceived();
            change(message.receiptHandle(), 0);
            return message;
        }

        List<Message> received(int visibilitySeconds) {
            return sqs().receiveMessage(r -> r.queueUrl(url)
                            .maxNumberOfMessages(10)
                            .visibilityTimeout(visibilitySeconds)
                            .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
                    .messages();
        }

        void delete(String receipt) {
            sqs().deleteMessage(d -> d.queueUrl(url).receiptHandle(receipt));
        }

        List<BatchResultErrorEntry> deleteBatch(String... receipts) {
            return sqs().deleteMessageBatch(d -> d.queueUrl(url)
                            .entries(IntStream.range(0, receipts.length)
                                    .mapToObj(i -> DeleteMessageBatchRequestEntry.builder()
                                            .id("e" + i)
                                            .receiptHandle(receipts[i])
                                            .build())
                                    .toList()))
                    .failed();
        }

        void change(String receipt, int seconds) {
            sqs().changeMessageVisibility(
                            c -> c.queueUrl(url).receiptHandle(receipt).visibilityTimeout(seconds));
        }

        List<BatchResultErrorEntry> changeBatch(String receipt, int seconds) {
            return sqs().changeMessageVisibilityBatch(c -> c.queueUrl(url)
                            .entries(ChangeMessageVisibilityBatchRequestEntry.builder()
                                    .id("e0")
                                    .receiptHandle(receipt)
                                    .visibilityTimeout(seconds)
                                    .build()))
                    .failed();
        }

        List<BatchResultErrorEntry> sendBatch(Stream<Consumer<SendMessageBatchRequestEntry.Builder>> entries) {
            List<SendMessageBatchRequestEntry> built = new ArrayList<>();
            entries.forEach(entry -> built.add(SendMessageBatchRequestEntry.builder()
                    .id("e" + built.size())
                    .messageBody("body")
                    .messageGroupId(fifo ? "g" : null)
                    .applyMutation(entry)
                    .build()));
            return sqs().sendMessageBatch(s -> s.queueUrl(url).entries(built)).failed();
        }

        String attribute(QueueAttributeName name) {
            return sqs().getQueueAttributes(g -> g.queueUrl(url).attributeNames(name))
                    .attributes()
                    .getOrDefault(name, "");
        }

        int messages() {
            return Integer.parseInt(attribute(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
                    + Integer.parseInt(attribute(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE));
        }
    }

    private static SqsClient sqs() {
        return aws.sqs;
    }

    private interface Call {
        void on(Queue queue);
    }

    /** What the SDK heard. {@code {receipt}} in the text stands for a handle of ours. */
    private record Refusal(int status, String code, String text) {}

    private record Row(String name, boolean fifo, Call call, Optional<Refusal> refusal) {
        @Override
        public String toString() {
            return (fifo ? "FIFO: " : "standard: ") + name;
        }
    }

    private static final class Rows {
        private final List<Row> rows = new ArrayList<>();

        void both(String name, Call call, Refusal refusal) {
            standard(name, call, refusal);
            fifo(name, call, refusal);
        }

        void both(String name, Call call) {
            rows.add(new Row(name, false, call, Optional.empty()));
            rows.add(new Row(name, true, call, Optional.empty()));
        }

        void standard(String name, Call call) {
            rows.add(new Row(name, false, call, Optional.empty()));
        }

        void fifo(String name, Call call) {
            rows.add(new Row(name, true, call, Optional.empty()));
        }

        void standard(String name, Call call, Refusal refusal) {
            rows.add(new Row(name, false, call, Optional.of(refusal)));
        }

        void fifo(String name, Call call, Refusal refusal) {
            rows.add(new Row(name, true, call, Optional.of(refusal)));
        }
    }

    static Stream<Arguments> rows() {
        Rows rows = new Rows();
        receipts(rows);
        visibility(rows);
        batches(rows);
        messages(rows);
        fifo(rows);
        receives(rows);
        queues(rows);
        return rows.rows.stream().map(Arguments::of);
    }

    private static void receipts(Rows rows) {
        Refusal garbage = new Refusal(400, "ReceiptHandleIsInvalid", GARBAGE);
        rows.both("a garbage receipt deletes nothing", q -> q.delete("garbage"), garbage);
        rows.both("a garbage receipt changes nothing", q -> q.change("garbage", 1), garbage);
        rows.both("a receipt of another queue is none of this one", q -> {
            Queue other = Queue.create(q.fifo(), Map.of());
            String receipt = other.sentAndReceived().receiptHandle();
            assertThat(refusal(() -> q.delete(receipt)).code()).isEqualTo("ReceiptHandleIsInvalid");
            assertThat(other.messages()).isEqualTo(1);
        });
        rows.both("a delete deletes", q -> {
            q.delete(q.sentAndReceived().receiptHandle());
            assertThat(q.messages()).isZero();
        });
        rows.both("a delete again succeeds", q -> {
            String receipt = q.sentAndReceived().receiptHandle();
            q.delete(receipt);
            q.delete(receipt);
            assertThat(q.deleteBatch(receipt)).isEmpty();
        });
        rows.standard("a delete after expiry really deletes", q -> {
            q.delete(q.sentAndExpired().receiptHandle());
            assertThat(q.messages()).isZero();
        });
        rows.standard("a delete with an older receipt succeeds, and the message stays", q -> {
            String older = q.sentAndExpired().receiptHandle();
            assertThat(q.received(60)).hasSize(1);
            q.delete(older);
            assertThat(q.deleteBatch(older)).isEmpty();
            assertThat(q.messages()).isEqualTo(1);
        });
        rows.fifo(
                "a delete after expiry is refused",
                q -> q.delete(q.sentAndExpired().receiptHandle()),
                invalidValue("Value {receipt} for parameter ReceiptHandle is invalid."
                        + " Reason: The receipt handle has expired."));
        rows.fifo("a delete after expiry leaves the message", q -> {
            String receipt = q.sentAndExpired().receiptHandle();
            assertThat(q.deleteBatch(receipt)).singleElement().satisfies(failed -> {
                assertThat(failed.code()).isEqualTo("InvalidParameterValue");
                assertThat(failed.senderFault()).isTrue();
            });
            assertThat(q.messages()).isEqualTo(1);
        });
        rows.fifo("a receipt lives for the queue's own visibility timeout", q -> {
            sqs().setQueueAttributes(
                            s -> s.queueUrl(q.url()).attributes(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "1")));
            q.send("body");
            String receipt = sqs().receiveMessage(r -> r.queueUrl(q.url()))
                    .messages()
                    .get(0)
                    .receiptHandle();
            await().until(() -> q.attribute(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)
                    .equals("1"));
            assertThat(refusal(() -> q.delete(receipt)).text()).endsWith("The receipt handle has expired.");
        });
        rows.fifo("a receipt lives as long as its visibility was extended", q -> {
            q.send("body");
            String receipt = q.received(1).get(0).receiptHandle();
            q.change(receipt, 60);
            await().pollDelay(Duration.ofMillis(1_100)).until(() -> true);
            q.delete(receipt);
            assertThat(q.messages()).isZero();
        });
        rows.both("a batch of deletes answers each entry for itself", q -> {
            String receipt = q.sentAndReceived().receiptHandle();
            assertThat(q.deleteBatch("garbage", receipt))
                    .containsExactly(BatchResultErrorEntry.builder()
                            .id("e0")
                            .code("ReceiptHandleIsInvalid")
                            .message(GARBAGE)
                            .senderFault(true)
                            .build());
            assertThat(q.messages()).isZero();
        });
    }

    private static void visibility(Rows rows) {
        Refusal beyond = invalidValue("Value 43201 for parameter VisibilityTimeout is invalid. Reason: Total"
                + " VisibilityTimeout for the message is beyond the limit [43200 seconds]");
        Refusal gone = invalidValue("Value {receipt} for parameter ReceiptHandle is invalid. Reason: Message does not"
                + " exist or is not available for visibility timeout change.");
        rows.both("a change makes a message visible at once", q -> {
            q.change(q.sentAndReceived().receiptHandle(), 0);
            assertThat(q.received(60)).hasSize(1);
        });
        rows.both(
                "a change beyond 12 h is refused",
                q -> q.change(q.sentAndReceived().receiptHandle(), 43_201),
                beyond);
        rows.both("a change to 12 h is taken", q -> q.change(q.sentAndReceived().receiptHandle(), 43_200));
        rows.both(
                "a change to less than nothing is refused",
                q -> q.change(q.sentAndReceived().receiptHandle(), -1),
                invalidValue(
                        "Value -1 for parameter VisibilityTimeout is invalid. Reason: Must be >= 0 and <= 43200."));
        rows.both(
                "a receive for more than 12 h is refused",
                q -> q.received(43_201),
                invalidValue("Value 43201 for parameter VisibilityTimeout is invalid."
                        + " Reason: Must be >= 0 and <= 43200, if provided."));
        rows.both(
                "a change of a deleted message is refused",
                q -> {
                    String receipt = q.sentAndReceived().receiptHandle();
                    q.delete(receipt);
                    q.change(receipt, 1);
                },
                gone);
        rows.both("a change of a deleted message is refused in a batch", q -> {
            String receipt = q.sentAndReceived().receiptHandle();
            q.delete(receipt);
            assertThat(q.changeBatch(receipt, 1))
                    .containsExactly(BatchResultErrorEntry.builder()
                            .id("e0")
                            .code("InvalidParameterValue")
                            .message(gone.text().replace("{receipt}", receipt))
                            .senderFault(true)
                            .build());
        });
        rows.both(
                "a change in a batch is refused beyond 12 h",
                q -> assertThat(q.changeBatch(q.sentAndReceived().receiptHandle(), 43_201))
                        .singleElement()
                        .extracting(BatchResultErrorEntry::message)
                        .isEqualTo(beyond.text()));
        rows.standard("a change after expiry succeeds, and hides the message", q -> {
            q.change(q.sentAndExpired().receiptHandle(), 60);
            assertThat(q.received(60)).isEmpty();
        });
        rows.fifo(
                "a change after expiry is refused",
                q -> q.change(q.sentAndExpired().receiptHandle(), 60),
                invalidValue("Value {receipt} for parameter ReceiptHandle is invalid."
                        + " Reason: The receipt handle has expired."));
        rows.fifo("a change in a batch extends a receipt's life", q -> {
            q.send("body");
            String receipt = q.received(1).get(0).receiptHandle();
            assertThat(q.changeBatch(receipt, 60)).isEmpty();
            await().pollDelay(Duration.ofMillis(1_100)).until(() -> true);
            q.delete(receipt);
            assertThat(q.messages()).isZero();
        });
    }

    private static void batches(Rows rows) {
        rows.both(
                "a batch of no deletes is refused",
                Queue::deleteBatch,
                batchError(
                        "EmptyBatchRequest",
                        "There should be at least one DeleteMessageBatchRequestEntry in the request."));
        rows.both(
                "a batch of no messages is refused",
                q -> q.sendBatch(Stream.of()),
                batchError(
                        "EmptyBatchRequest",
                        "There should be at least one SendMessageBatchRequestEntry in the request."));
        rows.both(
                "a batch of 11 is refused",
                q -> q.deleteBatch(Stream.generate(() -> "r").limit(11).toArray(String[]::new)),
                batchError(
                        "TooManyEntriesInBatchRequest",
                        "Maximum number of entries per request are 10. You have sent 11."));
        rows.both(
                "ids that come twice are refused",
                q -> q.sendBatch(Stream.of(e -> e.id("a"), e -> e.id("a"))),
                batchError("BatchEntryIdsNotDistinct", "Id a repeated."));
        for (String id : List.of("a b", "a:b", "", "x".repeat(81))) {
            rows.both(
                    "the id '" + id + "' is refused",
                    q -> q.sendBatch(Stream.of(e -> e.id(id))),
                    batchError(
                            "InvalidBatchEntryId",
                            "A batch entry id can only contain alphanumeric characters, hyphens and underscores."
                                    + " It can be at most 80 letters long."));
        }
        rows.both(
                "an id of 80 letters is taken",
                q -> assertThat(q.sendBatch(Stream.of(e -> e.id("x".repeat(80)))))
                        .isEmpty());
        rows.both(
                "a batch of more bytes than 1 MiB is refused",
                q -> q.sendBatch(Stream.of(
                        e -> e.messageBody("é".repeat(262_144)), e -> e.messageBody("é".repeat(262_143) + "abc"))),
                batchError(
                        "BatchRequestTooLong",
                        "Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes."));
        rows.both(
                "a batch of 1 MiB is taken",
                q -> assertThat(q.sendBatch(Stream.of(
                                e -> e.messageBody("é".repeat(262_144)), e -> e.messageBody("a".repeat(524_288)))))
                        .isEmpty());
        rows.both("a message in a batch that is too long fails alone", q -> {
            limitTo1024(q);
            assertThat(q.sendBatch(Stream.of(e -> e.messageBody("é".repeat(513)), e -> {})))
                    .containsExactly(BatchResultErrorEntry.builder()
                            .id("e0")
                            .code("InvalidParameterValue")
                            .message("One or more parameters cannot be validated."
                                    + " Reason: Message must be shorter than 1024 bytes.")
                            .senderFault(true)
                            .build());
            assertThat(q.messages()).isEqualTo(1);
        });
        rows.both(
                "a message in a batch with illegal characters fails alone",
                q -> assertThat(q.sendBatch(Stream.of(e -> e.messageBody("\u0001"), e -> {})))
                        .singleElement()
                        .satisfies(failed -> {
                            assertThat(failed.code()).isEqualTo("InvalidMessageContents");
                            assertThat(failed.senderFault()).isTrue();
                        }));
    }

    private static void messages(Rows rows) {
        rows.both("a message of 1 MiB is taken", q -> q.send("é".repeat(524_288)));
        rows.both(
                "a message of one byte more is refused",
                q -> q.send("é".repeat(524_288) + "a"),
                invalidValue(
                        "One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes."));
        rows.both(
                "a message longer than its queue takes is refused, its attributes counted",
                q -> {
                    limitTo1024(q);
                    sendWith(q, "x".repeat(1_000), Map.of("name", text("String", "v".repeat(15))));
                },
                invalidValue("One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes."));
        rows.both("a message just as long as its queue takes is taken", q -> {
            limitTo1024(q);
            sendWith(q, "x".repeat(1_000), Map.of("name", text("String", "v".repeat(14))));
        });
        rows.both("bytes of an attribute are counted as bytes", q -> {
            limitTo1024(q);
            MessageAttributeValue binary = MessageAttributeValue.builder()
                    .dataType("Binary")
                    .binaryValue(SdkBytes.fromByteArray(new byte[14]))
                    .build();
            sendWith(q, "x".repeat(1_000), Map.of("name", binary));
        });
        rows.both(
                "an empty message is refused",
                q -> q.send(""),
                new Refusal(400, "MissingParameter", "The request must contain the parameter MessageBody."));
        for (String illegal : List.of("\u0000", "\u0008", "\uFFFE")) {
            rows.both(
                    "the character " + (int) illegal.charAt(0) + " is refused",
                    q -> q.send("a" + illegal),
                    new Refusal(400, "InvalidMessageContents", ILLEGAL));
        }
        rows.both("tab, line ends and all of Unicode's planes are taken", q -> {
            String body = "\t\r\n \u007F\uD7FF\uE000\uFFFD" + Character.toString(0x10FFFF);
            q.send(body);
            assertThat(q.received(60).get(0).body()).isEqualTo(body);
        });
        rows.both(
                "an empty attribute is refused",
                q -> sendWith(q, "body", Map.of("a", text("String", ""))),
                invalidValue("Message (user) attribute 'a' must contain a non-empty value of type 'String'."));
        rows.both(
                "eleven attributes are refused",
                q -> sendWith(q, "body", attributes(11)),
                invalidValue("Number of message attributes [11] exceeds the allowed maximum [10]."));
        rows.both("ten attributes are taken", q -> sendWith(q, "body", attributes(10)));
        rows.both(
                "a group with a space is refused",
                q -> sqs().sendMessage(m -> m.queueUrl(q.url()).messageBody("b").messageGroupId("a b")),
                invalidValue(
                        "Value a b for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include"
                                + " alphanumeric and punctuation characters. 1 to 128 in length."));
        rows.standard(
                "a delay of more than 15 minutes is refused",
                q -> sqs().sendMessage(m -> m.queueUrl(q.url()).messageBody("b").delaySeconds(901)),
                invalidValue("Value 901 for parameter DelaySeconds is invalid."
                        + " Reason: DelaySeconds must be >= 0 and <= 900."));
        rows.standard(
                "a deduplication id is refused",
                q -> sqs().sendMessage(m -> m.queueUrl(q.url()).messageBody("b").messageDeduplicationId("d")),
                invalidValue("Value d for parameter MessageDeduplicationId is invalid."
                        + " Reason: The request include parameter that is not valid for this queue type."));
        rows.standard("a message group is kept", q -> {
            sqs().sendMessage(m -> m.queueUrl(q.url()).messageBody("b").messageGroupId("tenant"));
            assertThat(q.received(60).get(0).attributes())
                    .containsEntry(MessageSystemAttributeName.MESSAGE_GROUP_ID, "tenant");
        });
        rows.both(
                "the sender is a principal",
                q -> assertThat(q.sentAndReceived().attributes())
                        .containsEntry(MessageSystemAttributeName.SENDER_ID, AnswerForm.SENDER));
    }

    private static void fifo(Rows rows) {
        rows.fifo(
                "a message without a group is refused",
                q -> sqs().sendMessage(m -> m.queueUrl(q.url()).messageBody("b")),
                new Refusal(400, "MissingParameter", "The request must contain the parameter MessageGroupId."));
        rows.fifo(
                "a batch with a message without a group is refused whole",
                q -> q.sendBatch(Stream.of(e -> {}, e -> e.messageGroupId(null))),
                invalidValue("The request must contain the parameter MessageGroupId."));
        String noDeduplication =
                "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly";
        Map<QueueAttributeName, String> byId = Map.of(QueueAttributeName.CONTENT_BASED_DEDUPLICATION, "false");
        rows.fifo(
                "a message without a deduplication id is refused",
                q -> Queue.create(true, byId).send("b"),
                invalidValue(noDeduplication));
        rows.fifo(
                "a batch with a message without a deduplication id is refused whole",
                q -> Queue.create(true, byId).sendBatch(Stream.of(e -> e.messageDeduplicationId("d"), e -> {})),
                invalidValue(noDeduplication));
        rows.fifo(
                "a delay of one message is refused",
                q -> sqs().sendMessage(m ->
                        m.queueUrl(q.url()).messageBody("b").messageGroupId("g").delaySeconds(2)),
                invalidValue("Value 2 for parameter DelaySeconds is invalid."
                        + " Reason: The request include parameter that is not valid for this queue type."));
        rows.fifo(
                "no delay of one message is taken",
                q -> sqs().sendMessage(m ->
                        m.queueUrl(q.url()).messageBody("b").messageGroupId("g").delaySeconds(0)));
        rows.fifo("sequence numbers have 20 digits and grow", q -> {
            String first = sqs().sendMessage(
                            m -> m.queueUrl(q.url()).messageBody("1").messageGroupId("g"))
                    .sequenceNumber();
            String second = sqs().sendMessage(
                            m -> m.queueUrl(q.url()).messageBody("2").messageGroupId("g"))
                    .sequenceNumber();
            assertThat(first).matches("\\d{20}").isLessThan(second);
            assertThat(q.received(60))
                    .extracting(m -> m.attributes().get(MessageSystemAttributeName.SEQUENCE_NUMBER))
                    .containsExactly(first, second);
        });
        rows.fifo("a message sent twice is there once", q -> {
            q.send("same");
            q.send("same");
            assertThat(q.messages()).isEqualTo(1);
        });
        rows.fifo("a group with a message in flight gives out nothing more", q -> {
            q.send("1");
            q.send("2");
            assertThat(sqs().receiveMessage(r -> r.queueUrl(q.url())).messages())
                    .hasSize(1);
            assertThat(q.received(60)).isEmpty();
        });
        rows.fifo("an attempt id brings the same messages again", q -> {
            q.send("1");
            assertThat(attempt(q)).extracting(Message::body).containsExactly("1");
            assertThat(attempt(q)).extracting(Message::body).containsExactly("1");
        });
        rows.fifo("an attempt id is void once a message of it was deleted", q -> {
            q.send("1");
            q.delete(attempt(q).get(0).receiptHandle());
            assertThat(attempt(q)).isEmpty();
        });
        rows.standard(
                "an attempt id is refused",
                q -> attempt(q),
                invalidValue("The request includes parameter"
                        + " ReceiveRequestAttemptId that is not valid for this queue type"));
    }

    private static void receives(Rows rows) {
        rows.both(
                "a receive of 11 is refused",
                q -> sqs().receiveMessage(r -> r.queueUrl(q.url()).maxNumberOfMessages(11)),
                invalidValue("Value 11 for parameter MaxNumberOfMessages is invalid."
                        + " Reason: Must be between 1 and 10, if provided."));
        rows.both(
                "a wait of 21 s is refused",
                q -> sqs().receiveMessage(r -> r.queueUrl(q.url()).waitTimeSeconds(21)),
                invalidValue("Value 21 for parameter WaitTimeSeconds is invalid."
                        + " Reason: Must be >= 0 and <= 20, if provided."));
        rows.both(
                "an empty receive has no list",
                q -> assertThat(sqs().receiveMessage(r -> r.queueUrl(q.url())).hasMessages())
                        .isFalse());
        rows.both(
                "a batch without failures has no list of them",
                q -> assertThat(sqs().deleteMessageBatch(d -> d.queueUrl(q.url())
                                        .entries(DeleteMessageBatchRequestEntry.builder()
                                                .id("a")
                                                .receiptHandle(
                                                        q.sentAndReceived().receiptHandle())
                                                .build()))
                                .hasFailed())
                        .isFalse());
        rows.standard("a receive is full although it moved messages to the dead-letter queue", q -> {
            Queue dead = Queue.create(q.fifo(), Map.of());
            redrive(q, dead, 1);
            exhaust(q, 8);
            IntStream.range(0, 10).forEach(i -> q.send("fresh" + i));
            assertThat(q.received(60)).hasSize(10).allMatch(m -> m.body().startsWith("fresh"));
            await().untilAsserted(() -> assertThat(dead.messages()).isEqualTo(8));
        });
        rows.both("a receive is not empty although it moved as many as were asked for", q -> {
            Queue dead = Queue.create(q.fifo(), Map.of());
            redrive(q, dead, 1);
            exhaust(q, 10);
            q.send("fresh");
            assertThat(q.received(60)).extracting(Message::body).containsExactly("fresh");
            await().untilAsserted(() -> assertThat(dead.messages()).isEqualTo(10));
        });
        rows.both("a dead letter keeps its id and says where from", q -> {
            Queue dead = Queue.create(q.fifo(), Map.of());
            redrive(q, dead, 1);
            Message first = q.sentAndExpired();
            assertThat(q.received(60)).isEmpty();
            await().until(() -> dead.messages() == 1);
            Message letter = dead.received(60).get(0);
            assertThat(letter.messageId()).isEqualTo(first.messageId());
            assertThat(letter.attributes())
                    .containsEntry(MessageSystemAttributeName.DEAD_LETTER_QUEUE_SOURCE_ARN, q.arn());
        });
    }

    private static void queues(Rows rows) {
        Refusal none =
                new Refusal(400, "AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.");
        rows.both(
                "a queue that is not there",
                q -> sqs().receiveMessage(r -> r.queueUrl(q.url().replace("rows", "none"))),
                none);
        rows.both("a queue's name that is not there", q -> sqs().getQueueUrl(r -> r.queueName("none")), none);
        rows.both(
                "a deleted queue is not there",
                q -> {
                    sqs().deleteQueue(d -> d.queueUrl(q.url()));
                    q.send("b");
                },
                none);
        rows.both("a queue has the attributes that it was given", q -> {
            sqs().setQueueAttributes(s -> s.queueUrl(q.url())
                    .attributes(Map.of(
                            QueueAttributeName.POLICY, "{}",
                            QueueAttributeName.MESSAGE_RETENTION_PERIOD, "1209600")));
            assertThat(q.attribute(QueueAttributeName.POLICY)).isEqualTo("{}");
            assertThat(q.attribute(QueueAttributeName.MESSAGE_RETENTION_PERIOD)).isEqualTo("1209600");
            assertThat(q.attribute(QueueAttributeName.MAXIMUM_MESSAGE_SIZE)).isEqualTo("1048576");
            assertThat(sqs().getQueueAttributes(g -> g.queueUrl(q.url()).attributeNames(QueueAttributeName.ALL))
                            .attributes())
                    .containsEntry(QueueAttributeName.POLICY, "{}")
                    .containsEntry(QueueAttributeName.QUEUE_ARN, q.arn());
        });
        rows.both(
                "a size that no queue can have is refused",
                q -> sqs().setQueueAttributes(s ->
                        s.queueUrl(q.url()).attributes(Map.of(QueueAttributeName.MAXIMUM_MESSAGE_SIZE, "1023"))),
                new Refusal(400, "InvalidAttributeValue", "Invalid value for the parameter MaximumMessageSize."));
        rows.both(
                "an attribute that no queue has is refused",
                q -> sqs().setQueueAttributes(s -> s.queueUrl(q.url()).attributesWithStrings(Map.of("Colour", "blue"))),
                new Refusal(400, "InvalidAttributeName", "Unknown Attribute Colour."));
        rows.standard(
                "a batch of garbage receipts to a queue that is not there is refused whole",
                q -> sqs().deleteMessageBatch(d -> d.queueUrl(q.url() + "-not")
                        .entries(DeleteMessageBatchRequestEntry.builder()
                                .id("a")
                                .receiptHandle("garbage")
                                .build())),
                new Refusal(400, "AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist."));
        rows.both(
                "an attribute of a type that is none is refused",
                q -> sqs().sendMessage(m -> m.queueUrl(q.url())
                        .messageBody("m")
                        .messageGroupId("g")
                        .messageAttributes(Map.of(
                                "a",
                                MessageAttributeValue.builder()
                                        .dataType("Text")
                                        .stringValue("x")
                                        .build()))),
                new Refusal(
                        400,
                        "InvalidParameterValue",
                        "The message attribute 'a' has an invalid message attribute type, the set of supported type"
                                + " prefixes is Binary, Number, and String."));
        rows.standard(
                "a queue's name has no dot",
                q -> sqs().createQueue(c -> c.queueName("a.b")),
                new Refusal(
                        400,
                        "InvalidParameterValue",
                        "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"));
        rows.fifo(
                "a FIFO queue's name ends in .fifo",
                q -> sqs().createQueue(c -> c.queueName("b").attributes(Map.of(QueueAttributeName.FIFO_QUEUE, "true"))),
                new Refusal(
                        400,
                        "InvalidParameterValue",
                        "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores,"
                                + " must end with .fifo suffix and be 1 to 80 in length."));
        rows.standard("a queue is created again with the same attributes", q -> {
            String name = LocalClients.name("again");
            Map<QueueAttributeName, String> same = Map.of(QueueAttributeName.MAXIMUM_MESSAGE_SIZE, "2048");
            String url =
                    sqs().createQueue(c -> c.queueName(name).attributes(same)).queueUrl();
            assertThat(sqs().createQueue(c -> c.queueName(name).attributes(same))
                            .queueUrl())
                    .isEqualTo(url);
            assertThat(sqs().createQueue(c -> c.queueName(name)).queueUrl()).isEqualTo(url);
        });
        rows.standard(
                "a queue is not created again with another attribute",
                q -> sqs().createQueue(c -> c.queueName(
                                q.url().substring(q.url().lastIndexOf('/') + 1))
                        .attributes(Map.of(QueueAttributeName.MAXIMUM_MESSAGE_SIZE, "2048"))),
                new Refusal(
                        400,
                        "QueueAlreadyExists",
                        "A queue already exists with the same name and a different value for attribute"
                                + " MaximumMessageSize"));
        rows.both(
                "messages are moved out of dead-letter queues only",
                q -> sqs().startMessageMoveTask(s -> s.sourceArn(q.arn())),
                invalidValue("Source queue must be configured as a Dead Letter Queue."));
        rows.both(
                "messages are not moved out of nowhere",
                q -> sqs().startMessageMoveTask(s -> s.sourceArn(q.arn().replace("rows", "none"))),
                new Refusal(
                        404,
                        "ResourceNotFoundException",
                        "The resource that you specified for the SourceArn parameter doesn't exist."));
        rows.both("a dead-letter queue knows its sources, whenever they were told", q -> {
            Queue dead = Queue.create(q.fifo(), Map.of());
            redrive(q, dead, 1);
            assertThat(sqs().listDeadLetterSourceQueues(l -> l.queueUrl(dead.url()))
                            .queueUrls())
                    .containsExactly(q.url());
        });
        rows.standard(
                "messages are not moved to nowhere",
                q -> {
                    Queue dead = Queue.create(false, Map.of());
                    redrive(q, dead, 1);
                    sqs().startMessageMoveTask(s ->
                            s.sourceArn(dead.arn()).destinationArn(q.arn().replace("rows", "none")));
                },
                new Refusal(
                        404,
                        "ResourceNotFoundException",
                        "The resource that you specified for the DestinationArn parameter doesn't exist."));
        rows.standard(
                "messages of a queue are moved by one task at a time",
                q -> {
                    Queue dead = Queue.create(false, Map.of());
                    redrive(q, dead, 1);
                    IntStream.range(0, 20).forEach(i -> dead.send("m" + i));
                    for (int i = 0; i < 2; i++) {
                        sqs().startMessageMoveTask(s -> s.sourceArn(dead.arn()).maxNumberOfMessagesPerSecond(1));
                    }
                },
                invalidValue("There is already a task running. Only one active task is allowed for a source queue arn"
                        + " at a given time."));
        rows.fifo(
                "messages are not moved out of FIFO queues here",
                q -> {
                    Queue dead = Queue.create(true, Map.of());
                    redrive(q, dead, 1);
                    sqs().startMessageMoveTask(s -> s.sourceArn(dead.arn()));
                },
                batchError(
                        "UnsupportedOperation", "eventfork-local moves no messages out of FIFO queues, as SQS does."));
        rows.both("an empty redrive policy removes the policy", q -> {
            redrive(q, Queue.create(q.fifo(), Map.of()), 1);
            Message spent = q.sentAndExpired();
            sqs().setQueueAttributes(
                            s -> s.queueUrl(q.url()).attributes(Map.of(QueueAttributeName.REDRIVE_POLICY, "")));
            assertThat(q.attribute(QueueAttributeName.REDRIVE_POLICY)).isEmpty();
            assertThat(q.received(60)).extracting(Message::messageId).containsExactly(spent.messageId());
        });
        rows.both("a redrive policy moves what was received ten times, unless it says otherwise", q -> {
            String target = "{\"deadLetterTargetArn\":\""
                    + Queue.create(q.fifo(), Map.of()).arn() + "\"";
            sqs().setQueueAttributes(s ->
                    s.queueUrl(q.url()).attributes(Map.of(QueueAttributeName.REDRIVE_POLICY, target + "}")));
            assertThat(q.attribute(QueueAttributeName.REDRIVE_POLICY)).isEqualTo(target + ",\"maxReceiveCount\":10}");
        });
        rows.both("a dead-letter queue is of its sources' type", q -> {
            Queue other = Queue.create(!q.fifo(), Map.of());
            String policy = "{\"deadLetterTargetArn\":\"" + other.arn() + "\",\"maxReceiveCount\":1}";
            assertThat(refusal(() -> redrive(q, other, 1)))
                    .isEqualTo(invalidValue("Value " + policy + " for parameter RedrivePolicy is invalid."
                            + " Reason: Dead-letter queue must be same type of queue as the source."));
            assertThat(refusal(() -> Queue.create(q.fifo(), Map.of(QueueAttributeName.REDRIVE_POLICY, policy)))
                            .code())
                    .isEqualTo("InvalidParameterValue");
        });
        rows.standard("queues are listed page by page", q -> {
            String prefix = LocalClients.name("paged");
            for (String name : List.of("c", "a", "b")) {
                sqs().createQueue(c -> c.queueName(prefix + name));
            }
            List<String> pages = new ArrayList<>();
            sqs().listQueuesPaginator(l -> l.queueNamePrefix(prefix).maxResults(2))
                    .forEach(page -> pages.add(page.queueUrls().stream()
                            .map(url -> url.substring(url.length() - 1))
                            .toList()
                            .toString()));
            assertThat(pages).containsExactly("[a, b]", "[c]");
        });
        rows.standard(
                "a page of no queues is refused",
                q -> sqs().listQueues(l -> l.maxResults(0)),
                invalidValue("Value 0 for parameter MaxResults is invalid."
                        + " Reason: Must be between 1 and 1000, if provided."));
        rows.standard("messages are moved back to where they came from", q -> {
            Queue dead = Queue.create(q.fifo(), Map.of());
            redrive(q, dead, 1);
            q.sentAndExpired();
            assertThat(q.received(60)).isEmpty();
            await().until(() -> dead.messages() == 1);
            sqs().startMessageMoveTask(s -> s.sourceArn(dead.arn()));
            await().untilAsserted(() -> assertThat(q.received(60)).hasSize(1));
        });
    }

    @ParameterizedTest
    @MethodSource("rows")
    void sqs_answers_as_in_aws(Row row) {
        Queue queue = Queue.create(row.fifo(), Map.of());

        if (row.refusal().isEmpty()) {
            row.call().on(queue);
        } else {
            Refusal refused = refusal(() -> row.call().on(queue));
            String text = refused.text().replaceFirst("Value [A-Za-z0-9+/]{90,}=* for", "Value {receipt} for");
            assertThat(new Refusal(refused.status(), refused.code(), text))
                    .isEqualTo(row.refusal().get());
        }
    }

    private static Refusal refusal(Runnable call) {
        SqsException thrown = catchThrowableOfType(SqsException.class, call::run);
        assertThat(thrown).as("a refusal").isNotNull();
        return new Refusal(
                thrown.statusCode(),
                thrown.awsErrorDetails().errorCode(),
                thrown.awsErrorDetails().errorMessage());
    }

    private static Refusal invalidValue(String text) {
        return new Refusal(400, "InvalidParameterValue", text);
    }

    private static Refusal batchError(String code, String text) {
        return new Refusal(400, "AWS.SimpleQueueService." + code, text);
    }

    private static void limitTo1024(Queue queue) {
        sqs().setQueueAttributes(s ->
                s.queueUrl(queue.url()).attributes(Map.of(QueueAttributeName.MAXIMUM_MESSAGE_SIZE, "1024")));
    }

    private static void sendWith(Queue queue, String body, Map<String, MessageAttributeValue> attributes) {
        sqs().sendMessage(m -> m.queueUrl(queue.url())
                .messageBody(body)
                .messageGroupId(queue.fifo() ? "g" : null)
                .messageAttributes(attributes));
    }

    private static MessageAttributeValue text(String type, String value) {
        return MessageAttributeValue.builder().dataType(type).stringValue(value).build();
    }

    private static Map<String, MessageAttributeValue> attributes(int count) {
        Map<String, MessageAttributeValue> attributes = new HashMap<>();
        IntStream.range(0, count).forEach(i -> attributes.put("a" + i, text("String", "v")));
        return attributes;
    }

    private static List<Message> attempt(Queue queue) {
        return sqs().receiveMessage(r -> r.queueUrl(queue.url()).receiveRequestAttemptId("attempt"))
                .messages();
    }

    private static void redrive(Queue queue, Queue dead, int maxReceiveCount) {
        String policy = "{\"deadLetterTargetArn\":\"" + dead.arn() + "\",\"maxReceiveCount\":" + maxReceiveCount + "}";
        sqs().setQueueAttributes(
                        s -> s.queueUrl(queue.url()).attributes(Map.of(QueueAttributeName.REDRIVE_POLICY, policy)));
    }

    /** Leaves so many messages in the queue, each visible, and each received as often as it may be. */
    private static void exhaust(Queue queue, int count) {
        IntStream.range(0, count).forEach(i -> queue.send("spent" + i));
        List<Message> spent = new ArrayList<>();
        while (spent.size() < count) {
            spent.addAll(queue.received(60));
        }
        spent.forEach(message -> queue.change(message.receiptHandle(), 0));
    }
}
