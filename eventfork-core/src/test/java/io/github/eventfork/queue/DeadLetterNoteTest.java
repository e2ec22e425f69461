package io.github.eventfork.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Delivery;
import io.github.eventfork.Settlement;
import io.github.eventfork.envelope.Attributes;
import io.github.eventfork.queue.MessageQueue.Copy;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeadLetterNoteTest {

    private static final int MOST_BYTES = 1_048_576;

    @Test
    void a_note_says_why_where_and_when() {
        Delivery delivery = Delivery.of("orders", "m-1", "{}")
                .firstReceived(Instant.parse("2026-11-30T12:00:00Z"))
                .build();

        assertThat(note(delivery, "stays a\u0000d"))
                .contains("{\"reason\":\"stays a\\u0000d\",\"fork\":\"mail\",\"attempt\":3,"
                        + "\"received\":\"2026-11-30T12:00:00Z\",\"queue\":\"orders\"}");
    }

    @Test
    void a_reason_is_cut_after_2000_characters() {
        assertThat(note(body(""), "x".repeat(2_000))).get().asString().contains("\"" + "x".repeat(2_000) + "\"");
        assertThat(note(body(""), "x".repeat(2_001))).get().asString().contains("\"" + "x".repeat(2_000) + "\"");
    }

    @Test
    void a_copy_counts_its_body_and_of_each_attribute_name_type_and_value_in_utf_8() {
        Delivery delivery = Delivery.of("orders", "m-1", "äb")
                .attributes(Attributes.builder()
                        .string("kind", "ö")
                        .binary("raw", new byte[5])
                        .build())
                .build();

        assertThat(DeadLetterNote.bytes(new Copy(delivery, Optional.empty())))
                .isEqualTo(3 + (4 + 32 + 2) + (3 + 32 + 5));
        assertThat(DeadLetterNote.bytes(new Copy(delivery, Optional.of("{}"))))
                .isEqualTo(3 + (4 + 32 + 2) + (3 + 32 + 5) + (9 + 32 + 2));
    }

    @Test
    void a_message_that_fills_the_1_mib_to_the_last_byte_with_our_note_has_it_and_no_larger_one() {
        int note = 9 + 32 + note(body(""), "why").orElseThrow().length();

        assertThat(note(body("x".repeat(MOST_BYTES - note)), "why")).isPresent();
        assertThat(note(body("x".repeat(MOST_BYTES - note + 1)), "why")).isEmpty();
    }

    @Test
    void a_tenth_attribute_has_room_and_one_of_ours_makes_room_for_itself() {
        assertThat(note(attributes(9, false), "why")).isPresent();
        assertThat(note(attributes(10, false), "why")).isEmpty();
        assertThat(note(attributes(9, true), "why")).isPresent();
    }

    private static Optional<String> note(Delivery delivery, String reason) {
        return DeadLetterNote.of(delivery, new Settlement.DeadLetter(reason, "mail", 3), "orders");
    }

    private static Delivery body(String body) {
        return Delivery.of("orders", "m-1", body).build();
    }

    private static Delivery attributes(int others, boolean ours) {
        Attributes.Builder attributes = Attributes.builder();
        for (int i = 0; i < others; i++) {
            attributes.string("a-" + i, "x");
        }
        if (ours) {
            attributes.string(Attributes.NOTE, "{}");
        }
        return Delivery.of("orders", "m-1", "{}").attributes(attributes.build()).build();
    }
}
