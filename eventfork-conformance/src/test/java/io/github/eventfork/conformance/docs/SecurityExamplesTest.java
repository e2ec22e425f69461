package io.github.eventfork.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Fork;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The example of docs/security.md. */
class SecurityExamplesTest {

    private record Signup(String email) {}

    private final List<String> lists = new ArrayList<>();

    @Test
    void a_fork_is_pinned_to_its_topic() {
        Fork pinned = Fork.named("mailing-list")
                .fromTopic("arn:aws:sns:eu-west-1:123456789012:user-events")
                .on("signup", Signup.class, event -> lists.add(event.payload().email()))
                .build();

        assertThat(pinned.topic()).contains("arn:aws:sns:eu-west-1:123456789012:user-events");
    }
}
