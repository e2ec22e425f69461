package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Fork;
import io.github.eventfork.Idempotency;
import io.github.eventfork.IdempotencyKey;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.PollerHarness;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One line at WARN for what failed or was rejected, nothing for what was handled, and never a value of a payload. */
@Promise({4, 23})
class LogTest {

    private static final String SECRET = "s3cret-of-ada";

    record Signup(String email, int age) {}

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream before = System.err;

    @BeforeEach
    void catchTheLog() {
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void letItGo() {
        System.setErr(before);
    }

    @Test
    void what_is_handled_leaves_no_line() {
        deliver(Message.sns("signup", payload("1")));

        assertThat(lines()).isEmpty();
    }

    @Test
    void a_failure_is_one_warning_with_fork_message_type_attempt_settlement_and_stack_trace() {
        deliver(Message.sns("failing", payload("1")).messageId("m-1"));

        assertThat(lines())
                .filteredOn(line -> line.contains(" WARN "))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .contains("Fork 'fork': message m-1 (type 'failing', attempt 1) failed")
                        .contains("settlement asked for: give back for PT2S"));
        assertThat(lines()).anySatisfy(line -> assertThat(line).contains("at io.github.eventfork.conformance.LogTest"));
    }

    @Test
    void a_rejection_is_one_warning_with_the_settlement() {
        deliver(Message.sns("rejecting", payload("1")).messageId("m-1"));

        assertThat(lines())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .contains("rejected message m-1 (type 'rejecting', attempt 1): the handler threw")
                        .contains("the list is closed")
                        .contains("Settlement asked for: dead letter"));
    }

    @Test
    void no_value_of_a_payload_reaches_the_log() {
        // when payloads can't be read, keys are values, and foreign exceptions quote them
        deliver(
                Message.sns("signup", payload("\"" + SECRET + "\"")),
                Message.sns("signup", "{\"email\":{\"" + SECRET + "\":1}}"),
                Message.sns("signup", SECRET),
                Message.sns("quoting", payload("1")),
                Message.sns("signup", payload("1")).cutOff());

        assertThat(lines()).isNotEmpty().noneMatch(line -> line.contains(SECRET));
    }

    private static String payload(String age) {
        return "{\"email\":\"" + SECRET + "@example.org\",\"age\":" + age + "}";
    }

    private List<String> lines() {
        return written.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static void deliver(Message... messages) {
        Fork fork = Given.fork()
                .rejecting(IllegalArgumentException.class)
                .on("signup", Signup.class, event -> {})
                .on("failing", Signup.class, event -> {
                    throw new IllegalStateException("no connection");
                })
                .on("rejecting", Signup.class, event -> {
                    throw new RejectedEventException("the list is closed");
                })
                .on("quoting", Signup.class, event -> {
                    throw new IllegalArgumentException(
                            "bad value " + event.payload().email());
                })
                .idempotency(Idempotency.in(new InMemoryIdempotencyStore())
                        .by(IdempotencyKey.jsonPointer("/email").orEventId()))
                .build();
        try (PollerHarness harness = ForkHarness.poller(fork).build()) {
            harness.deliver(messages);
            harness.advance(seconds(1));
        }
    }
}
