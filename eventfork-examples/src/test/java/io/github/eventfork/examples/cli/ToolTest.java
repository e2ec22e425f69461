package io.github.eventfork.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ToolTest {

    private final Shell shell = new Shell();

    @ParameterizedTest
    @ValueSource(strings = {"--as lambda --port 4100", "run --as lambda --port 4100"})
    void without_a_command_it_runs(String arguments) {
        assertThat(shell.execute(arguments.split(" "))).isZero();
        assertThat(shell.out()).containsExactly("lambda at port 4100");
        assertThat(shell.err()).isEmpty();
    }

    @Test
    void other_names_by_which_it_may_be_called_can_be_given() {
        shell.execute("--allow-host", "host.docker.internal", "--allow-host", "BUILD");

        assertThat(shell.out()).containsExactly("poller at port 0, for [host.docker.internal, build]");
    }

    @Test
    void a_run_that_does_not_add_up_gives_exit_code_1() {
        assertThat(shell.execute("run", "--serve")).isEqualTo(1);
    }

    @Test
    void a_command_that_there_is_not_is_named_with_those_that_there_are() {
        assertThat(shell.execute("walk")).isEqualTo(2);
        assertThat(shell.err())
                .first()
                .isEqualTo(
                        "eventfork-examples: there is no command 'walk': run, publish, poll, topology, generate-completion");
    }

    @Test
    void options_of_run_before_another_command_are_refused_and_not_lost() {
        assertThat(shell.execute("--serve", "topology")).isEqualTo(2);
        assertThat(shell.err())
                .first()
                .isEqualTo("eventfork-examples: options come after the command: --serve stands before 'topology'");
        assertThat(shell.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "run --help", "publish --help", "poll --help", "topology --help"})
    void each_help_teaches_by_example_within_its_columns(String arguments) {
        assertThat(shell.execute(arguments.split(" "))).isZero();
        assertThat(shell.out())
                .anyMatch(line -> line.startsWith("Examples"))
                .anyMatch(line -> line.startsWith("  J "))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(Tool.WIDTH + 16));
    }

    @Test
    void help_says_which_event_goes_where() {
        // when
        shell.execute("--help");

        // then
        assertThat(shell.out())
                .contains(
                        "  signup goes to analytics, chat",
                        "  login goes to analytics",
                        "  any other event goes nowhere");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "publish --topic x --message m                              | a topic is named by its ARN",
                "publish --message m                                        | which topic?",
                "publish --endpoint http://localhost:1                      | Missing required argument",
                "publish --endpoint http://localhost:1 --file f --message m | are mutually exclusive",
                "publish --endpoint http://localhost:1 --event signup       | Missing required argument",
                "publish --message m --rate 0                               | '0' is no number from 1",
                "publish --topic arn:aws:sns:r:123456789012:t.fifo --message m | a FIFO topic needs a --group",
                "run --allow-host http://h                                 | a host's name is letters, digits",
                "poll --fork analytics                                      | Missing required option: '--queue=QUEUE'",
                "poll --fork nobody --queue q                               | there is no fork 'nobody': analytics, chat",
                "poll --fork analytics --queue :: --endpoint http://localhost:1 --health 0 | queue must be the name",
                "poll --fork analytics --queue q --health 70000             | '70000' is no number from 0 to 65535",
                "poll --fork analytics --queue q --concurrency 0            | '0' is no number from 1 to 10000",
                "topology --format yaml                                     | there is no 'yaml': table, sam"
            })
    void wrong_use_gives_what_is_wrong_and_exit_code_2(String arguments, String what) {
        assertThat(shell.execute(arguments.split(" "))).isEqualTo(2);
        assertThat(shell.err())
                .first()
                .asString()
                .startsWith("eventfork-examples: ")
                .contains(what);
        assertThat(shell.err()).last().isEqualTo("Try --help.");
        assertThat(shell.out()).isEmpty();
    }
}
