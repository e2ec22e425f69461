package io.github.eventfork.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.topology.FunctionSettings;
import org.junit.jupiter.api.Test;

class TopologyCommandTest {

    private final Shell shell = new Shell();

    @Test
    void a_table_has_a_line_for_each_fork() {
        assertThat(shell.execute("topology")).isZero();
        assertThat(shell.out())
                .containsExactly(
                        "Topic user-events",
                        "",
                        "fork       queue      dead-letter queue  receives  hidden  kept       lets in",
                        "analytics  analytics  analytics-dlq      3         30 s    4 d, 14 d  {\"event\":[\"signup\",\"login\"]}",
                        "chat       chat       chat-dlq           3         30 s    4 d, 14 d  {\"event\":[\"signup\"]}");
    }

    @Test
    void sam_is_the_template_that_the_topology_renders() {
        assertThat(shell.execute("topology", "--format", "sam")).isZero();
        assertThat(String.join("\n", shell.out()) + "\n")
                .isEqualTo(shell.topology.toSamTemplate(TopologyCommandTest::function));
    }

    @Test
    void eventbridge_is_the_same_behind_a_bus() {
        assertThat(shell.execute("topology", "--format", "eventbridge")).isZero();
        assertThat(String.join("\n", shell.out()) + "\n")
                .isEqualTo(shell.topology.toEventBridgeTemplate(TopologyCommandTest::function));
    }

    @Test
    void mermaid_is_the_picture() {
        assertThat(shell.execute("topology", "--format", "mermaid")).isZero();
        assertThat(String.join("\n", shell.out()) + "\n").isEqualTo(shell.topology.toMermaid());
    }

    private static FunctionSettings function(io.github.eventfork.Fork fork) {
        return FunctionSettings.of("com.example.Function", "target/functions.jar");
    }
}
