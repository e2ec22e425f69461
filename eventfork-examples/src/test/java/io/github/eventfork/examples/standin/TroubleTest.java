package io.github.eventfork.examples.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.eventfork.examples.standin.Trouble.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TroubleTest {

    @ParameterizedTest
    @CsvSource({
        "mailing-list=limit:3s@20, mailing-list, LIMIT, PT3S, 20",
        "analytics=fail:500ms, analytics, FAIL, PT0.5S, 1",
        "chat-notifications=slow:10s, chat-notifications, SLOW, PT10S, 1",
        "chat-notifications=cut:1ms@2, chat-notifications, CUT, PT0.001S, 2"
    })
    void a_text_is_read_and_written(String text, String service, Kind kind, Duration length, long from) {
        assertThat(Trouble.parse(text))
                .isEqualTo(new Trouble(service, kind, length, from))
                .hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "mailing-list",
                "mailing-list=limit",
                "mailing-list=limit:3",
                "mailing-list=limit:3s@x",
                "=limit:3s"
            })
    void another_text_is_refused_with_an_example(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Trouble.parse(text))
                .withMessage("trouble reads as mailing-list=limit:3s or chat-notifications=fail:500ms@20, was '" + text
                        + "'");
    }

    @Test
    void another_kind_is_refused_with_those_that_there_are() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Trouble.parse("mailing-list=explode:3s"))
                .withMessage("there is no trouble 'explode': limit, fail, slow, cut");
    }
}
