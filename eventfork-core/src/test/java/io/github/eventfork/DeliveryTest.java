package io.github.eventfork;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.envelope.Attributes;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DeliveryTest {

    @Test
    void it_keeps_all_that_sqs_says() {
        Attributes attributes = Attributes.builder().string("event", "signup").build();
        Instant firstReceived = Instant.parse("2026-01-01T00:00:00Z");

        Delivery delivery = Delivery.of("orders.fifo", "m-1", "body")
                .receipt("receipt")
                .attributes(attributes)
                .receiveCount(2)
                .group("a")
                .deduplicationId("once")
                .traceHeader("Root=1")
                .firstReceived(firstReceived)
                .build();

        assertThat(delivery.queue()).isEqualTo("orders.fifo");
        assertThat(delivery.messageId()).isEqualTo("m-1");
        assertThat(delivery.body()).isEqualTo("body");
        assertThat(delivery.receipt()).isEqualTo("receipt");
        assertThat(delivery.attributes()).isEqualTo(attributes);
        assertThat(delivery.receiveCount()).isEqualTo(2);
        assertThat(delivery.group()).contains("a");
        assertThat(delivery.deduplicationId()).contains("once");
        assertThat(delivery.traceHeader()).contains("Root=1");
        assertThat(delivery.firstReceived()).contains(firstReceived);
        assertThat(delivery.fifo()).isTrue();
    }

    @Test
    void its_text_says_which_message_it_is_and_nothing_of_the_body() {
        assertThat(Delivery.of("orders", "m-1", "ada@example.org")
                        .receiveCount(0)
                        .build())
                .hasToString("Delivery[m-1 of orders, receive 1]");
    }
}
