package io.github.eventfork.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplateTest {

    @Test
    void the_template_that_stands_in_the_repository_is_what_the_forks_render() throws IOException {
        assertThat(Path.of("template.yaml"))
                .as("after a change of the forks, render it anew: see the javadoc of %s", Template.class)
                .hasContent(Template.sam())
                .hasBinaryContent(Template.sam().getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void list_and_chat_which_take_few_calls_at_a_time_get_ten_and_two() {
        // when
        Stream<String> capped = Pattern.compile("BatchSize: (\\d+)\\s+ScalingConfig:\\s+MaximumConcurrency: (\\d+)")
                .matcher(Template.sam())
                .results()
                .map(found -> found.group(2) + " batches of " + found.group(1));

        // then in the order of the forks
        assertThat(capped).containsExactly("2 batches of 5", "2 batches of 1");
    }

    @Test
    void the_command_that_renders_it_anew_writes_that_file(@TempDir Path folder) throws IOException {
        // given
        Path file = folder.resolve("template.yaml");

        // when
        Template.main(new String[] {file.toString()});

        // then
        assertThat(Files.readString(file)).isEqualTo(Template.sam());
    }
}
