package io.github.eventfork.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What takes hours on a clock; what ElasticMQ does with it is in {@link SqsRowsTest}. */
class ReceiptsTest {
    private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");

    private final ManualClock clock = new ManualClock();

    /** One message in every queue, which can be deleted and changed without end; the queues' own timeout is 30 s. */
    private final SqsService elasticMq = call -> {
        ObjectNode body = SqsEndpoint.JSON.createObjectNode();
        switch (call.action()) {
            case "ReceiveMessage" -> body.putArray("Messages").addObject().put("ReceiptHandle", "inner");
            case "GetQueueAttributes" -> body.putObject("Attributes").put("VisibilityTimeout", "30");
            default ->
                assertThat(call.parameters().path("ReceiptHandle").asText()).isEqualTo("inner");
        }
        return SqsAnswer.success(body);
    };

    private final Receipts receipts = new Receipts(elasticMq, new QueueAttributes(elasticMq), clock);

    @Test
    void visibility_ends_12_h_after_receipt_at_the_latest() throws IOException {
        // given
        String receipt = received("q");

        // when
        clock.now = START.plus(Duration.ofHours(1));

        // then
        assertThat(change("q", receipt, 39_600).succeeded()).isTrue();
        assertThat(message(change("q", receipt, 39_601)))
                .isEqualTo("Value 39601 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for"
                        + " the message is beyond the limit [43200 seconds]");
    }

    @Test
    void all_12_h_may_be_asked_for_within_the_second_of_receipt() throws IOException {
        String receipt = received("q");

        clock.now = START.plusMillis(999);
        assertThat(change("q", receipt, 43_200).succeeded()).isTrue();
        clock.now = START.plusMillis(1_000);
        assertThat(change("q", receipt, 43_200).succeeded()).isFalse();
    }

    @Test
    void on_a_fifo_queue_a_receipt_expires_with_the_queues_own_timeout() throws IOException {
        String receipt = received("q.fifo");

        clock.now = START.plusMillis(29_999);
        assertThat(delete("q.fifo", receipt).succeeded()).isTrue();
        clock.now = START.plusMillis(30_000);
        assertThat(message(delete("q.fifo", receipt))).endsWith("Reason: The receipt handle has expired.");
    }

    @Test
    void on_a_fifo_queue_a_receipt_expires_when_its_last_change_says() throws IOException {
        // given a receipt for 30 s, changed after 10 s to 60 s more, then after 20 s to 5 s more
        String receipt = received("q.fifo");
        clock.now = START.plusSeconds(10);
        change("q.fifo", receipt, 60);
        clock.now = START.plusSeconds(69);
        assertThat(change("q.fifo", receipt, 5).succeeded()).isTrue();

        // when
        clock.now = START.plusSeconds(74);

        // then
        assertThat(delete("q.fifo", receipt).succeeded()).isFalse();
    }

    @Test
    void a_delete_leaves_a_receipt_the_time_that_it_was_given() throws IOException {
        // given a receipt for 30 s, changed to 60 s
        String receipt = received("q.fifo");
        change("q.fifo", receipt, 60);
        assertThat(delete("q.fifo", receipt).succeeded()).isTrue();

        // when more than 30 s have passed
        clock.now = START.plusSeconds(59);

        // then it is no expired one, whatever became of the first delete
        assertThat(delete("q.fifo", receipt).succeeded()).isTrue();
        clock.now = START.plusSeconds(60);
        assertThat(message(delete("q.fifo", receipt))).endsWith("Reason: The receipt handle has expired.");
    }

    @Test
    void on_a_standard_queue_a_receipt_never_expires() throws IOException {
        String receipt = received("q");

        clock.now = START.plus(Duration.ofDays(14));

        assertThat(delete("q", receipt).succeeded()).isTrue();
    }

    @Test
    void what_is_remembered_of_changes_is_swept_out_once_it_is_spent() {
        // given 100,000 receipts of FIFO queues, each for a second, each extended by one
        ChangedDeadlines deadlines = new ChangedDeadlines();
        for (int i = 0; i < 100_000; i++) {
            Instant now = START.plusSeconds(i);
            deadlines.change(Receipt.issue("q.fifo", now, now.plusSeconds(1), "inner" + i), now.plusSeconds(2), now);

            // then
            assertThat(deadlines.size()).isLessThanOrEqualTo(1_001);
        }
    }

    @Test
    void a_shortened_deadline_is_remembered_as_long_as_the_receipt_says_more() {
        // given a receipt for an hour, given back after a second
        ChangedDeadlines deadlines = new ChangedDeadlines();
        Receipt receipt = Receipt.issue("q.fifo", START, START.plusSeconds(3_600), "inner");
        deadlines.change(receipt, START.plusSeconds(1), START.plusSeconds(1));

        // when others come and go for half an hour
        for (int i = 0; i < 5_000; i++) {
            Instant now = START.plusMillis(i * 360L);
            deadlines.change(Receipt.issue("q.fifo", now, now, "inner" + i), now, now);
        }

        // then
        assertThat(deadlines.of(receipt)).isEqualTo(START.plusSeconds(1));
    }

    private String received(String queue) throws IOException {
        return receipts.answer(call("ReceiveMessage", queue, ""))
                .body()
                .path("Messages")
                .path(0)
                .path("ReceiptHandle")
                .asText();
    }

    private SqsAnswer delete(String queue, String receipt) throws IOException {
        return receipts.answer(call("DeleteMessage", queue, receipt));
    }

    private SqsAnswer change(String queue, String receipt, int seconds) throws IOException {
        SqsCall call = call("ChangeMessageVisibility", queue, receipt);
        call.parameters().put("VisibilityTimeout", seconds);
        return receipts.answer(call);
    }

    private static SqsCall call(String action, String queue, String receipt) {
        ObjectNode parameters = SqsEndpoint.JSON
                .createObjectNode()
                .put("QueueUrl", "http://127.0.0.1/000000000000/" + queue)
                .put("ReceiptHandle", receipt);
        return new SqsCall(action, parameters, Map.of());
    }

    private static String message(SqsAnswer answer) {
        return answer.body().path("message").asText();
    }

    private static final class ManualClock extends Clock {
        private Instant now = START;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
