package io.github.eventfork;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogTextTest {

    @Test
    void line_breaks_escapes_and_direction_marks_are_written_out() {
        assertThat(LogText.of("a\r\nb\u001b[31mc\u202ed\u2028e"))
                .isEqualTo("a\\u000d\\u000ab\\u001b[31mc\\u202ed\\u2028e");
    }

    @Test
    void what_people_write_stays_as_it_is() {
        assertThat(LogText.of("Zoë 日本 \uD83D\uDE00")).isEqualTo("Zoë 日本 \uD83D\uDE00");
    }

    @Test
    void what_no_line_can_bear_is_cut() {
        assertThat(LogText.of("x".repeat(100_000))).hasSize(259).endsWith("...");
    }
}
