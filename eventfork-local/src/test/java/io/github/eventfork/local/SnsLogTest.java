package io.github.eventfork.local;

import static io.github.eventfork.local.LocalClients.invalidParameter;
import static io.github.eventfork.local.LocalClients.refusal;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.local.LocalClients.Queue;
import io.github.eventfork.local.LocalClients.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;

/** What stands in the log beside an answer; SLF4J's simple logger writes it to {@code System.err}. */
class SnsLogTest {
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
    void a_protocol_that_only_aws_has_is_refused_in_its_words_and_the_log_says_why() {
        // when
        String topic = aws.topic();
        Refusal[] answers = new Refusal[1];
        String log = logOf(() -> answers[0] = refusal(() -> aws.sns.subscribe(
                request -> request.topicArn(topic).protocol("email").endpoint("ada@example.org"))));

        // then
        assertThat(answers[0]).isEqualTo(invalidParameter("Amazon SNS does not support this protocol string: email"));
        assertThat(log).contains("InvalidParameter: SNS does, but eventfork-local delivers to SQS only");
        assertThat(log).doesNotContain("ada@example.org");
    }

    @Test
    void the_log_does_not_quote_a_telephone_number() {
        String log = logOf(() -> refusal(() ->
                aws.sns.publish(request -> request.phoneNumber("+15551234567").message("x"))));

        assertThat(log).contains("no text messages are sent from here").doesNotContain("5551234567");
    }

    @Test
    void what_sqs_refuses_is_logged_without_what_is_in_it() {
        // given a number that SNS takes and SQS does not, and whose refusal quotes it
        String topic = aws.topic();
        Queue raw = aws.subscribed(topic, Map.of("RawMessageDelivery", "true"));
        MessageAttributeValue large = MessageAttributeValue.builder()
                .dataType("Number")
                .stringValue("4242e200")
                .build();

        // when
        String log = logOf(() ->
                aws.publish(topic, message -> message.message("secret").messageAttributes(Map.of("n", large))));

        // then
        assertThat(aws.bodies(raw)).isEmpty();
        assertThat(log)
                .contains("was dropped for subscription " + topic, raw.arn())
                .doesNotContain("4242", "secret");
    }

    private static String logOf(Runnable call) {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(written, true, UTF_8));
        try {
            call.run();
        } finally {
            System.setErr(before);
        }
        return written.toString(UTF_8);
    }
}
