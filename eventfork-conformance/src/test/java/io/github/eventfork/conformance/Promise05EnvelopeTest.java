package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.eventfork.Event;
import io.github.eventfork.Fork;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.Message;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A body is an SNS notification only by the strict rule; attributes read the same whichever way they came. */
@Promise(5)
class Promise05EnvelopeTest {

    private final List<Event<String>> events = new ArrayList<>();
    private final Fork fork = Given.fork()
            .on("signup", String.class, events::add)
            .on("order", String.class, events::add)
            .build();

    static Stream<Message> lookalikes() {
        String shortOne = "{\"Type\":\"Notification\",\"Message\":\"look at me\"}";
        String whole = Message.sns("signup", "look at me").body();
        return Stream.of(
                Message.raw("signup", shortOne),
                Message.sns("signup", shortOne),
                Message.raw("signup", whole.replace("\"Type\"", "\"type\"")),
                Message.raw("signup", whole.replace("\"MessageId\"", "\"messageId\"")),
                Message.raw("signup", whole.replace("\"TopicArn\"", "\"topicArn\"")),
                Message.raw("signup", whole.replace("\"Message\"", "\"message\"")),
                Message.raw("signup", whole.replace("\"Timestamp\"", "\"timestamp\"")),
                Message.raw("signup", whole.replace("\"Timestamp\"", "\"Message\":\"twice\",\"Timestamp\"")),
                Message.raw("signup", whole.replace(":sns:", ":sqs:")),
                Message.raw("signup", whole.replace("\"Notification\"", "\"SubscriptionConfirmation\"")),
                Message.raw("signup", whole.replace("\"look at me\"", "{\"look\":\"at me\"}")),
                Message.raw("signup", whole + whole),
                Message.raw("signup", "[" + whole + "]"));
    }

    @ParameterizedTest
    @MethodSource("lookalikes")
    void a_users_payload_that_looks_like_a_notification_stays_as_it_is(Message lookalike) {
        String published = lookalike.attributes().isEmpty()
                ? "{\"Type\":\"Notification\",\"Message\":\"look at me\"}"
                : lookalike.body();

        for (Anywhere adapter : Anywhere.values()) {
            events.clear();
            deliver(adapter, lookalike);
            assertThat(events)
                    .as("%s", adapter)
                    .singleElement()
                    .satisfies(event -> assertThat(event.payload()).isEqualTo(published));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_notification_is_known_with_or_without_a_signature_and_whatever_else_is_in_it(Anywhere adapter) {
        // given what a FIFO topic sends, which is not signed, and a field that nobody knows yet
        String unsigned = Message.sns("signup", "hello")
                .body()
                .lines()
                .filter(line -> !line.contains("Sign"))
                .collect(Collectors.joining("\n"))
                .replace("\"Type\"", "\"SequenceNumber\" : \"1\", \"New\" : [ { } ], \"Type\"");

        deliver(adapter, Message.raw(unsigned));

        assertThat(events).extracting(Event::payload).containsExactly("hello");
    }

    @ParameterizedTest
    @EnumSource
    void an_event_tells_when_it_was_published_and_by_whom_as_its_notification_says(Anywhere adapter) {
        Message message = Message.sns("signup", "hello");
        assertThat(message.body()).contains("\"2026-01-31T12:34:56.789Z\"");

        deliver(adapter, message);

        assertThat(events)
                .extracting(Event::published, Event::source)
                .containsExactly(tuple(
                        Optional.of(Instant.parse("2026-01-31T12:34:56.789Z")),
                        Optional.of("arn:aws:sns:us-east-2:111122223333:user-events")));
    }

    @ParameterizedTest
    @EnumSource
    void attributes_read_the_same_wrapped_and_raw(Anywhere adapter) {
        // given the same attributes, once in an SNS notification and once on the SQS message
        deliver(
                adapter,
                Message.sns("order", "{}")
                        .attribute("price", "Number.eur", "1.50")
                        .attribute("tags", "String.Array", "[\"a\",1]"),
                Message.raw("order", "{}")
                        .attribute("price", "Number.eur", "1.50")
                        .attribute("tags", "String.Array", "[\"a\",1]"));

        // then both read alike
        assertThat(events).hasSize(2).allSatisfy(event -> {
            assertThat(event.attributes().number("price")).contains(new BigDecimal("1.50"));
            assertThat(event.attributes().text("price")).contains("1.50");
            assertThat(event.attributes().strings("tags")).contains(List.of("a", "1"));
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_binary_attribute_reads_the_same_wrapped_and_raw(Anywhere adapter) {
        String base64 = Base64.getEncoder().encodeToString(new byte[] {0, 1, -1});

        deliver(
                adapter,
                Message.sns("order", "{}").attribute("thumbnail", "Binary.png", base64),
                Message.raw("order", "{}").attribute("thumbnail", "Binary.png", base64));

        assertThat(events).hasSize(2).allSatisfy(event -> {
            assertThat(event.attributes().binary("thumbnail")).hasValue(new byte[] {0, 1, -1});
            assertThat(event.attributes().text("thumbnail")).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_cloud_event_and_an_eventbridge_event_bring_their_own_type(Anywhere adapter) {
        deliver(
                adapter,
                Message.cloudEvent("signup", "{\"a\":1}"),
                Message.eventBridge("signup", "{\"a\":1}"),
                Message.eventBridge("signup", "{\"a\":1}").inSns());

        assertThat(events).extracting(Event::payload).containsExactly("{\"a\":1}", "{\"a\":1}", "{\"a\":1}");
    }

    private void deliver(Anywhere adapter, Message... messages) {
        try (ForkHarness harness = adapter.running(fork)) {
            harness.deliver(messages);
            harness.advance(seconds(1));
        }
    }
}
