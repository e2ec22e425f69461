package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Fork;
import io.github.eventfork.Outcome;
import io.github.eventfork.envelope.Envelope;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.PollerHarness;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Decoding is part of the pipeline: what can't be read is rejected, with a text to act on and no value in it. */
@Promise(4)
class DecodingTest {

    private static final String SECRET = "s3cret-of-ada";

    record User(String email, int age) {}

    record Signup(User user) {}

    private final Given.Seen seen = new Given.Seen();
    private final Fork fork = Given.fork().on("signup", Signup.class, seen::add).build();

    static Stream<Arguments> unreadable() {
        return Stream.of(
                Arguments.of("{\"user\":{\"email\":{\"x\":\"" + SECRET + "\"},\"age\":1}}", "$.user.email"),
                Arguments.of("{\"user\":{\"email\":\"a\",\"age\":\"" + SECRET + "\"}}", "$.user.age"),
                Arguments.of("{\"user\":\"" + SECRET + "\"}", "$.user"),
                Arguments.of("{\"user\":{\"email\":\"" + SECRET, "not JSON"),
                Arguments.of(SECRET, "not JSON"),
                Arguments.of("null", "null"));
    }

    @ParameterizedTest
    @MethodSource("unreadable")
    void an_unreadable_payload_is_rejected_with_its_place_and_without_its_values(String payload, String place) {
        try (PollerHarness harness = ForkHarness.poller(fork).build()) {
            harness.deliver(Message.sns("signup", payload).messageId("m-1"));
            harness.advance(seconds(1));

            // then it was rejected once, never run, and the text names fork, message, type, place and what to do
            assertThat(seen.ids()).isEmpty();
            assertThat(harness.outcomes("m-1"))
                    .singleElement()
                    .isInstanceOfSatisfying(
                            Outcome.Rejected.class,
                            rejected -> assertThat(rejected.reason())
                                    .startsWith("Fork 'fork' rejected message m-1 (type 'signup', attempt 1): ")
                                    .contains(place)
                                    .contains("Fix the publisher")
                                    .doesNotContain(SECRET));
            assertThat(harness.deadLetters())
                    .extracting(InMemoryQueue.Item::from)
                    .containsExactly("m-1");
        }
    }

    @Test
    void an_event_that_no_route_wants_is_rejected_and_so_lost_nowhere() {
        try (PollerHarness harness = ForkHarness.poller(fork).build()) {
            harness.deliver(Message.sns("logout", "{}").messageId("m-1"));
            harness.advance(seconds(1));

            assertThat(rejection(harness)).contains("(type 'logout', attempt 1): no route wants this type.");
            assertThat(harness.deadLetters()).hasSize(1);
        }
    }

    @Test
    void an_event_without_a_type_is_unrouted_even_if_there_is_a_route_for_any() {
        Fork any = Given.fork().onAny(String.class, seen::add).build();
        try (PollerHarness harness = ForkHarness.poller(any).build()) {
            harness.deliver(Message.raw("{}").messageId("m-1"));
            harness.advance(seconds(1));

            assertThat(seen.ids()).isEmpty();
            assertThat(rejection(harness)).contains("it has no event type");
        }
    }

    @Test
    void a_body_that_is_not_the_pinned_envelope_is_rejected() {
        Fork pinned = Given.fork()
                .envelope(Envelope.Kind.SNS)
                .on("signup", Signup.class, seen::add)
                .build();
        try (PollerHarness harness = ForkHarness.poller(pinned).build()) {
            harness.deliver(Message.raw("signup", "{\"user\":{}}").messageId("m-1"));
            harness.advance(seconds(1));

            assertThat(rejection(harness)).contains("no string 'Type'").contains("Fork 'fork'");
        }
    }

    @Test
    void control_characters_in_a_type_reach_no_log_line() {
        try (PollerHarness harness = ForkHarness.poller(fork).build()) {
            harness.deliver(signup("m-1").attribute("event", "sign\nup\u001b[31m"));
            harness.advance(seconds(1));

            assertThat(rejection(harness)).contains("sign\\u000aup\\u001b[31m").doesNotContain("\n");
        }
    }

    private static String rejection(PollerHarness harness) {
        return harness.outcomes("m-1").stream()
                .map(outcome -> ((Outcome.Rejected) outcome).reason())
                .findFirst()
                .orElseThrow();
    }
}
