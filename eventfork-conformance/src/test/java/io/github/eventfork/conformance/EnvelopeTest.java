package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Event;
import io.github.eventfork.Fork;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.PollerHarness;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A body is an SNS notification only by the strict rule; attributes read the same whichever way they came. */
@Promise(5)
class EnvelopeTest {

    private final List<Event<String>> events = new ArrayList<>();
    private final Fork fork = Given.fork()
            .on("signup", String.class, events::add)
            .on("order", String.class, events::add)
            .build();

    @Test
    void a_users_payload_that_looks_like_a_notification_stays_raw() {
        String payload = "{\"Type\":\"Notification\",\"Message\":\"look at me\"}";

        deliver(Message.raw("signup", payload));

        assertThat(events)
                .singleElement()
                .satisfies(event -> assertThat(event.payload()).isEqualTo(payload));
    }

    @Test
    void attributes_read_the_same_wrapped_and_raw() {
        // given the same attributes, once in an SNS notification and once on the SQS message
        deliver(
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

    @Test
    void a_cloud_event_and_an_eventbridge_event_bring_their_own_type() {
        deliver(
                Message.cloudEvent("signup", "{\"a\":1}"),
                Message.eventBridge("signup", "{\"a\":1}"),
                Message.eventBridge("signup", "{\"a\":1}").inSns());

        assertThat(events).extracting(Event::payload).containsExactly("{\"a\":1}", "{\"a\":1}", "{\"a\":1}");
    }

    private void deliver(Message... messages) {
        try (PollerHarness harness = ForkHarness.poller(fork).build()) {
            harness.deliver(messages);
            harness.advance(seconds(1));
        }
    }
}
