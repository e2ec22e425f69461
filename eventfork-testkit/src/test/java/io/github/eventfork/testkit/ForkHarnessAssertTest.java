package io.github.eventfork.testkit;

import static io.github.eventfork.testkit.EventforkAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.eventfork.Fork;
import io.github.eventfork.Idempotency;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.RetryPolicy;
import io.github.eventfork.Unrouted;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ForkHarnessAssertTest {

    private static final Duration DELAY = Duration.ofSeconds(10);

    private final PollerHarness harness = ForkHarness.poller(Fork.named("mailing-list")
                    .on("signup", String.class, event -> {})
                    .on("fails", String.class, event -> {
                        throw new IllegalStateException("down");
                    })
                    .on("never", String.class, event -> {
                        throw new RejectedEventException("no such list");
                    })
                    .idempotency(Idempotency.in(new InMemoryIdempotencyStore()))
                    .retry(RetryPolicy.fixed(DELAY).withAttempts(2))
                    .unrouted(Unrouted.DISCARD)
                    .build())
            .build();

    private void deliver(Message... messages) {
        harness.deliver(messages);
        harness.advance(Duration.ofSeconds(5));
    }

    @Test
    void each_assertion_accounts_for_one_outcome() {
        // given
        Message signup = Message.sns("signup", "\"a\"");
        deliver(
                signup,
                signup,
                signup.publishedAgain(),
                Message.sns("other", "1").messageId("m-9"));

        // then
        assertThat(harness)
                .handled("signup")
                .duplicate("m-2")
                .handled("signup")
                .discarded("m-9")
                .nothingElse();
    }

    @Test
    void an_outcome_that_is_asserted_twice_must_have_come_twice() {
        // given
        deliver(Message.sns("signup", "\"a\""));

        // then
        assertThatThrownBy(() -> assertThat(harness).handled("signup").handled("signup"))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void an_outcome_that_nothing_accounts_for_is_something_else() {
        // given
        deliver(Message.sns("signup", "\"a\""));

        // then
        assertThatThrownBy(() -> assertThat(harness).nothingElse()).hasMessageContaining("outcome: Handled");
    }

    @Test
    void failure_give_back_and_dead_letter_are_one_story() {
        // given
        deliver(Message.sns("fails", "\"a\"").messageId("m-7"));
        harness.advance(Duration.ofMinutes(1));

        // then
        assertThat(harness).givenBack("m-7", DELAY).deadLettered("m-7").nothingElse();
        assertThatThrownBy(() -> assertThat(harness).givenBack("m-7", DELAY.plusSeconds(1)))
                .hasMessageContaining("given back for PT11S");
    }

    @Test
    void a_rejection_is_told_by_its_reason() {
        // given
        deliver(Message.sns("never", "\"a\"").messageId("m-7"));

        // then
        assertThat(harness).rejected("no such list").nothingElse();
        assertThatThrownBy(() -> assertThat(harness).rejected("another reason")).isInstanceOf(AssertionError.class);
    }

    @Test
    void a_failing_assertion_shows_what_happened() {
        // given
        deliver(Message.sns("fails", "\"a\"").messageId("m-7"));

        // then
        assertThatThrownBy(() -> assertThat(harness).deadLettered("m-7"))
                .hasMessageContaining("0s  m-7  received (1)")
                .hasMessageContaining("m-7  handler started: type 'fails', attempt 1")
                .hasMessageContaining("m-7  settled: GiveBack[delay=PT10S]")
                .hasMessageContaining("In the queue: [m-7]");
    }

    @Test
    void an_assertion_on_what_happened_passes() {
        // given
        deliver(Message.sns("fails", "\"a\"").messageId("m-7"));

        // then
        assertThatCode(() -> assertThat(harness).failed("m-7").nothingElse()).doesNotThrowAnyException();
    }
}
