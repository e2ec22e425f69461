package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.EventType;
import io.github.eventfork.Fork;
import io.github.eventfork.Idempotency;
import io.github.eventfork.IdempotencyKey;
import io.github.eventfork.Outcome;
import io.github.eventfork.envelope.Envelope;
import io.github.eventfork.payload.PayloadReader;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.LambdaHarness;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.PollerHarness;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Decoding is part of the pipeline: what can't be read is rejected, with a text to act on and no value in it. */
@Promise(4)
class Promise04DecodingTest {

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
        for (Anywhere adapter : Anywhere.values()) {
            try (ForkHarness harness = adapter.running(fork)) {
                harness.deliver(Message.sns("signup", payload).messageId("m-1"));
                harness.advance(Duration.ofMinutes(15));

                // then it was rejected, never run, and the text names fork, message, type, place and what to do
                assertThat(seen.ids()).isEmpty();
                assertThat(rejection(harness))
                        .as("%s", adapter)
                        .startsWith("Fork 'fork' rejected message m-1 (type 'signup', attempt 1): ")
                        .contains(place)
                        .contains("Fix the publisher")
                        .doesNotContain(SECRET);
                assertThat(harness.deadLetters())
                        .as("%s", adapter)
                        .extracting(InMemoryQueue.Item::from)
                        .containsExactly("m-1");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_event_that_no_route_wants_is_rejected_and_so_lost_nowhere(Pollers pollers) {
        try (PollerHarness harness = pollers.of(fork).build()) {
            harness.deliver(Message.sns("logout", "{}").messageId("m-1"));
            harness.advance(seconds(1));

            assertThat(rejection(harness)).contains("(type 'logout', attempt 1): no route wants this type.");
            assertThat(harness.deadLetters()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_event_without_a_type_is_unrouted_even_if_there_is_a_route_for_any(Pollers pollers) {
        Fork any = Given.fork().onAny(String.class, seen::add).build();
        try (PollerHarness harness = pollers.of(any).build()) {
            harness.deliver(Message.raw("{}").messageId("m-1"));
            harness.advance(seconds(1));

            assertThat(seen.ids()).isEmpty();
            assertThat(rejection(harness)).contains("it has no event type");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_body_that_is_not_the_pinned_envelope_is_rejected(Pollers pollers) {
        Fork pinned = Given.fork()
                .envelope(Envelope.Kind.SNS)
                .on("signup", Signup.class, seen::add)
                .build();
        try (PollerHarness harness = pollers.of(pinned).build()) {
            harness.deliver(Message.raw("signup", "{\"user\":{}}").messageId("m-1"));
            harness.advance(seconds(1));

            assertThat(rejection(harness)).contains("no string 'Type'").contains("Fork 'fork'");
        }
    }

    @ParameterizedTest
    @EnumSource
    void control_characters_in_a_type_reach_no_log_line(Pollers pollers) {
        try (PollerHarness harness = pollers.of(fork).build()) {
            harness.deliver(signup("m-1").attribute("event", "sign\nup\u001b[31m"));
            harness.advance(seconds(1));

            assertThat(rejection(harness)).contains("sign\\u000aup\\u001b[31m").doesNotContain("\n");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_payload_reader_that_throws_anything_else_is_a_rejection_without_its_text(Pollers pollers) {
        Fork fork = Given.fork()
                .payloads(throwing(new IllegalArgumentException("no such user: " + SECRET)))
                .on("signup", String.class, seen::add)
                .build();

        assertRejected(pollers, fork, "the PayloadReader threw java.lang.IllegalArgumentException");
    }

    @ParameterizedTest
    @EnumSource
    void a_type_function_that_throws_is_a_rejection_without_its_text(Pollers pollers) {
        Fork fork = Given.fork()
                .type(EventType.from(envelope -> {
                    throw new IllegalArgumentException("no such type: " + SECRET);
                }))
                .on("signup", String.class, seen::add)
                .build();

        assertRejected(pollers, fork, "the type function threw java.lang.IllegalArgumentException");
    }

    @ParameterizedTest
    @EnumSource
    @Promise({4, 7})
    void behind_an_undecodable_head_of_a_fifo_lane_nothing_runs_before_its_copy_stands(Pollers pollers) {
        // given a dead-letter queue that answers after 3 s
        try (PollerHarness harness = pollers.of(fork).fifo().build()) {
            harness.queue().faults().next(Call.DEAD_LETTER, Fault.delayed(seconds(3)));
            Given.deliverTogether(harness, undecodable("a-1"), decodable("a-2"), decodable("a-3"));

            harness.advance(seconds(2));
            assertThat(seen.ids()).isEmpty();

            // when it has answered
            harness.advance(seconds(2));

            // then the head is a dead letter, and the others ran at their first receive
            assertThat(seen.ids()).containsExactly("a-2", "a-3");
            assertThat(harness.deadLetters())
                    .extracting(InMemoryQueue.Item::from)
                    .containsExactly("a-1");
        }
    }

    @ParameterizedTest
    @EnumSource
    @Promise({4, 7})
    void an_undecodable_head_that_nobody_can_dead_letter_takes_its_lane_back_and_is_not_skipped(Pollers pollers) {
        // given a FIFO queue without a dead-letter queue
        try (PollerHarness harness =
                pollers.of(fork).fifo().withoutDeadLetterQueue().build()) {
            Given.deliverTogether(harness, undecodable("a-1"), decodable("a-2"));
            harness.advance(Duration.ofMinutes(10));

            // then the follower waits as long as the head is there
            assertThat(seen.ids()).isEmpty();
            assertThat(harness.queue().messages())
                    .extracting(InMemoryQueue.Item::messageId)
                    .containsExactly("a-1", "a-2");
        }
    }

    @ParameterizedTest
    @EnumSource
    @Promise({4, 7, 15})
    void on_lambda_an_undecodable_head_is_reported_with_its_lane_until_sqs_moves_it_away(Functions functions) {
        try (LambdaHarness harness = functions.of(fork).fifo().build()) {
            assertThat(harness.invoke(undecodable("a-1"), decodable("a-2"))).containsExactly("a-1", "a-2");
            assertThat(seen.ids()).isEmpty();

            // when it is at its last receive
            assertThat(harness.invoke(
                            undecodable("b-1").receiveCount(3).group("b"),
                            decodable("b-2").group("b")))
                    .containsExactly("b-1");
            assertThat(seen.ids()).containsExactly("b-2");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_body_longer_than_sqs_allows_is_rejected_unread(Pollers pollers) {
        try (PollerHarness harness = pollers.of(fork).build()) {
            harness.deliver(Message.raw("signup", "x".repeat(1_048_577)).messageId("m-1"));
            harness.advance(seconds(1));

            assertThat(rejection(harness)).contains("the body is longer than the 1 MiB that SQS allows");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_key_function_that_throws_is_a_rejection_without_its_text(Pollers pollers) {
        assertRejected(
                pollers,
                Given.fork()
                        .on("signup", String.class, seen::add)
                        .idempotency(Idempotency.in(new WatchedStore(System::nanoTime))
                                .by(IdempotencyKey.from(event -> {
                                    throw new IllegalArgumentException("no such key: " + SECRET);
                                })))
                        .build(),
                "the key function threw java.lang.IllegalArgumentException");
    }

    private void assertRejected(Pollers pollers, Fork fork, String why) {
        try (PollerHarness poller = pollers.of(fork).build()) {
            poller.deliver(signup("m-1"));
            poller.advance(seconds(1));

            assertThat(poller.outcomes("m-1"))
                    .singleElement()
                    .isInstanceOfSatisfying(
                            Outcome.Rejected.class,
                            rejected ->
                                    assertThat(rejected.reason()).contains(why).doesNotContain(SECRET));
            assertThat(poller.deadLetters())
                    .extracting(InMemoryQueue.Item::from)
                    .containsExactly("m-1");
        }
    }

    private static String rejection(ForkHarness harness) {
        return harness.outcomes("m-1").stream()
                .map(outcome -> ((Outcome.Rejected) outcome).reason())
                .findFirst()
                .orElseThrow();
    }

    private static Message undecodable(String messageId) {
        return Message.sns("signup", "{").messageId(messageId).group("a");
    }

    private static Message decodable(String messageId) {
        return Message.sns("signup", "{\"user\":{\"email\":\"a\",\"age\":1}}")
                .messageId(messageId)
                .group("a");
    }

    private static PayloadReader throwing(RuntimeException problem) {
        return new PayloadReader() {
            @Override
            public <T> T read(String text, Class<T> type) {
                throw problem;
            }
        };
    }
}
