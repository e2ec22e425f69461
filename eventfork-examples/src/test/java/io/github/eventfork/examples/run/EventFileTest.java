package io.github.eventfork.examples.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventFileTest {

    @Test
    void a_message_is_published_as_its_json_text() throws IOException {
        assertThat(read("{\"event\":\"signup\",\"id\":\"1\",\"message\":{\"name\":\"José\", \"n\":1}}"))
                .containsExactly(
                        new Line.Event(1, Optional.of("signup"), Optional.of("1"), "{\"name\":\"José\",\"n\":1}"));
    }

    @Test
    void a_message_that_is_a_string_is_published_as_it_is() throws IOException {
        assertThat(read("{\"message\":\"{\\\"cut\"}"))
                .containsExactly(new Line.Event(1, Optional.empty(), Optional.empty(), "{\"cut"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "no JSON                               | it is not JSON",
                "{\"message\":1} {\"message\":2}       | it is not JSON",
                "[1]                                   | it is not a JSON object",
                "{\"event\":\"login\"}                 | it has no message",
                "{\"message\":\"\"}                    | it has no message",
                "{\"event\":1,\"message\":\"m\"}       | event and id must be strings that are not empty",
                "{\"event\":\"\",\"message\":\"m\"}    | event and id must be strings that are not empty",
                "{\"id\":null,\"message\":\"m\"}       | event and id must be strings that are not empty",
                "{\"mesage\":\"m\"}                    | it has another key than event, id and message"
            })
    void a_line_that_does_not_fit_is_malformed(String line, String why) throws IOException {
        assertThat(read(line)).containsExactly(new Line.Malformed(1, why));
    }

    @Test
    void a_message_longer_than_sns_takes_is_malformed() throws IOException {
        assertThat(read("{\"message\":\"" + "x".repeat(262_145) + "\"}"))
                .containsExactly(new Line.Malformed(1, "SNS takes 256 KiB, and it is longer"));
    }

    @Test
    void blank_lines_count_and_say_nothing() throws IOException {
        assertThat(read("\n  \n{\"message\":\"m\"}\n\nx"))
                .extracting(Line::number)
                .containsExactly(3, 5);
    }

    private static List<Line> read(String text) throws IOException {
        List<Line> lines = new ArrayList<>();
        try (EventFile file = EventFile.of(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))) {
            for (Optional<Line> next = file.next(); next.isPresent(); next = file.next()) {
                lines.add(next.get());
            }
        }
        return lines;
    }
}
