package io.github.eventfork.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogTextTest {

    @Test
    void line_breaks_escapes_and_direction_marks_are_written_out() {
        assertThat(LogText.of("a\r\nb\u001b[31mc\u202ed\u2028e"))
                .isEqualTo("a\\u000d\\u000ab\\u001b[31mc\\u202ed\\u2028e");
    }

    @Test
    void a_sign_beyond_the_first_plane_that_nobody_sees_is_written_out() {
        assertThat(LogText.of("a\uDB40\uDC01b\uDB40\uDC7F")).isEqualTo("a\\udb40\\udc01b\\udb40\\udc7f");
    }

    @Test
    void half_a_pair_of_surrogates_is_written_out() {
        assertThat(LogText.of("\uDE00a\uD83D")).isEqualTo("\\ude00a\\ud83d");
    }

    @Test
    void what_people_write_stays_as_it_is() {
        assertThat(LogText.of("Zoë 日本 \uD83D\uDE00")).isEqualTo("Zoë 日本 \uD83D\uDE00");
    }

    @Test
    void what_no_line_can_bear_is_cut() {
        assertThat(LogText.of("x".repeat(100_000))).hasSize(259).endsWith("...");
        assertThat(LogText.of("x".repeat(256))).isEqualTo("x".repeat(256));
    }

    @Test
    void no_sign_is_cut_in_half() {
        assertThat(LogText.of("x".repeat(255) + "\uD83D\uDE00y")).isEqualTo("x".repeat(255) + "...");
        assertThat(LogText.of("x".repeat(254) + "\uD83D\uDE00y")).isEqualTo("x".repeat(254) + "\uD83D\uDE00...");
    }
}
