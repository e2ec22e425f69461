package io.github.eventfork.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KnownQueuesTest {
    private static final JsonNode SAID = JsonNodeFactory.instance.objectNode().put("VisibilityTimeout", "30");

    private final KnownQueues queues = new KnownQueues();

    @Test
    void what_elasticmq_said_is_remembered_until_something_changes() {
        queues.learnt("q", SAID, queues.changes());
        assertThat(queues.find("q")).contains(SAID);

        queues.changed("q", Map.of("Policy", "{}"));
        assertThat(queues.find("q")).isEmpty();
        assertThat(queues.kept("q")).isEqualTo(Map.of("Policy", "{}"));
    }

    @Test
    void what_was_asked_before_a_change_and_answered_after_it_is_not_remembered() {
        // given one who asks
        long before = queues.changes();

        // when another changes the queue before the answer comes
        queues.changed("q", Map.of());
        queues.learnt("q", SAID, before);

        // then
        assertThat(queues.find("q")).isEmpty();
    }

    @Test
    void what_was_asked_before_a_queue_was_deleted_is_not_remembered_of_the_next_one() {
        long before = queues.changes();

        queues.forget("q");
        queues.learnt("q", SAID, before);

        assertThat(queues.find("q")).isEmpty();
    }
}
