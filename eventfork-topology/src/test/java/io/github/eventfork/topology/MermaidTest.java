package io.github.eventfork.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.filter.FilterPolicy;
import io.github.eventfork.filter.FilterPolicy.Scope;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MermaidTest {

    @Test
    void a_picture_shows_topic_policies_queues_dead_letter_queues_and_forks() {
        // given
        Topology topology = Topology.of("user-events")
                .forks(Forks.on("analytics", "signup", "login"), Forks.onAny("audit"))
                .fork(Forks.withAttempts("chat", 1), queue -> queue.withName("talk"));

        // then
        assertThat(topology.toMermaid()).isEqualTo("""
                        flowchart LR
                            topic(["user-events"])
                            topic -->|"event is signup or login"| queue1[("analytics")]
                            queue1 --> fork1["analytics"]
                            queue1 -.->|"after 5 receives"| dead1[("analytics-dlq")]
                            topic -->|"every event"| queue2[("audit")]
                            queue2 --> fork2["audit"]
                            queue2 -.->|"after 5 receives"| dead2[("audit-dlq")]
                            topic -->|"event is signup"| queue3[("talk")]
                            queue3 --> fork3["chat"]
                            queue3 -.->|"after 1 receive"| dead3[("talk-dlq")]
                        """);
    }

    @Test
    void no_text_in_a_policy_is_taken_for_syntax() {
        // given
        FilterPolicy policy =
                new FilterPolicy("{\"a\\\"]|#;<b>\":[\"`x`\\n%%{end}\",\"é\"]}", Scope.MESSAGE_ATTRIBUTES);
        Topology topology =
                Topology.of("user-events").fork(Forks.on("chat", "signup"), queue -> queue.withFilterPolicy(policy));

        // then
        assertThat(topology.toMermaid())
                .contains("|\"a#34;#93;#124;#35;#59;#60;b#62; is #96;x#96;#65533;#37;#37;#123;end#125; or é\"|");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"event\":[\"signup\",\"1\",1]}        | event is signup or 1",
                "{\"a\":[{\"prefix\":\"x\"}]}            | a begins with x",
                "{\"a\":[{\"suffix\":\"x\"}]}            | a ends with x",
                "{\"a\":[{\"equals-ignore-case\":\"x\"}]} | a is x in any case",
                "{\"a\":[{\"cidr\":\"10.0.0.0/8\"}]}     | a is in 10.0.0.0/8",
                "{\"a\":[{\"exists\":true}]}             | a is there",
                "{\"a\":[{\"exists\":false}]}            | a is not there",
                "{\"a\":[{\"numeric\":[\">=\",1,\"<\",5]}]} | a is >= 1 and < 5",
                "{\"a\":[{\"anything-but\":\"x\"}]}      | a is not x",
                "{\"a\":[{\"anything-but\":[\"x\",\"y\"]}]} | a is not x nor y",
                "{\"a\":[{\"anything-but\":{\"prefix\":\"x\"}}]} | a does not begin with x",
                "{\"a\":[{\"anything-but\":{\"suffix\":\"x\"}}]} | a is {\"anything-but\":{\"suffix\":\"x\"}}",
                "{\"a\":[{\"wildcard\":\"x*\"}]}         | a is {\"wildcard\":\"x*\"}",
                "{\"a\":[\"x\",{\"prefix\":\"y\"},null]} | a is x or null or begins with y",
                "{\"a\":[\"x\"],\"b\":[\"y\"]}           | a is x and b is y",
                "{\"$or\":[{\"a\":[\"x\"]},{\"b\":[\"y\"],\"c\":[1]}]} | (a is x or b is y and c is 1)"
            })
    void a_policy_is_said_in_words(String policy, String words) {
        assertThat(String.join(" and ", PolicyWords.of(new FilterPolicy(policy, Scope.MESSAGE_ATTRIBUTES))))
                .isEqualTo(words);
    }

    @Test
    void a_policy_on_the_body_says_so() {
        assertThat(PolicyWords.of(new FilterPolicy("{\"user\":{\"plan\":[\"pro\"],\"age\":[1]}}", Scope.MESSAGE_BODY)))
                .isEqualTo(List.of("body.user.plan is pro", "body.user.age is 1"));
    }
}
