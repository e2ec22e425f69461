package io.github.eventfork.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaskTest {

    private final Mask mask = new Mask("0123-us1", "José O'Brien", "Jose.Obrien+x@example.org", "王小明");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"detail\":\"jose.obrien+x@example.org looks fake\"}    | : *** looks fake",
                "{\"detail\":\"jose.obrien%2Bx%40example.org is bad\"}     | : *** is bad",
                "{\"detail\":\"someone.else@example.net is bad\"}          | : *** is bad",
                "{\"detail\":\"member Jos\\u00e9 O'BRIEN is there\"}       | : member *** is there",
                "{\"detail\":\"no Brien, no josé\"}                        | : no ***, no ***",
                "{\"message\":\"key 0123-us1 is revoked\"}                 | : key *** is revoked",
                "{\"message\":\"王小明先生 is no name\"}                     | : ***先生 is no name",
                "{\"error\":\"see https://hooks.example/T/B/x now\"}       | : see *** now",
                "{\"error\":\"5bfcf2d8e394674550332640d72db509 is taken\"} | : *** is taken",
                "{\"error\":\"organised by an example\"}                   | : organised by an ***",
                "{\"title\":\"Bad\",\"detail\":\"worse\",\"status\":400}   | : Bad: worse",
                "invalid_payload                                           | : invalid_payload"
            })
    void what_a_service_said_is_shown_without_what_it_quotes(String body, String shown) {
        assertThat(mask.said(body)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "<html><body>Ada</body></html>",
                "{\"detail\":\"cut o",
                "{\"other\":\"Ada\"}",
                "[\"Ada\"]",
                "{\"detail\":{\"email\":\"x\"}}",
                "\"Ada\""
            })
    void what_can_not_be_told_from_what_was_sent_is_not_shown(String body) {
        assertThat(mask.said(body)).isEmpty();
    }

    @Test
    void it_is_one_line_of_200_letters_at_most() {
        assertThat(mask.said("{\"detail\":\"a\\nb\\tc\\u0007d\"}")).isEqualTo(": a b c d");
        assertThat(mask.said("{\"detail\":\"" + "word ".repeat(1_000) + "\"}"))
                .hasSize(205)
                .endsWith("...");
    }

    @Test
    void where_nothing_is_to_be_hidden_nothing_is() {
        assertThat(new Mask("", "").said("{\"detail\":\"all of it\"}")).isEqualTo(": all of it");
    }

    @Test
    void however_much_is_to_be_hidden_each_of_it_is() {
        // given a name of a million letters, which would take minutes as one pattern of alternatives
        String name = IntStream.range(0, 130_000).mapToObj(i -> "n" + i).collect(Collectors.joining(" "));
        assertThat(name).hasSizeGreaterThan(800_000);

        // when
        Mask mask = new Mask("token", name, "王小明 ".repeat(50_000));

        // then
        assertThat(mask.said("{\"detail\":\"N7 and n129999, not n130000; 王小明 at n65000\"}"))
                .isEqualTo(": *** and ***, not n130000; *** at ***");
    }

    @Test
    void what_moves_a_cursor_or_turns_a_line_round_is_escaped() {
        assertThat(mask.said("{\"detail\":\"a\u009b31m b\u202ec\u2028d\"}"))
                .isEqualTo(": a\\u009b31m b\\u202ec\\u2028d");
    }
}
