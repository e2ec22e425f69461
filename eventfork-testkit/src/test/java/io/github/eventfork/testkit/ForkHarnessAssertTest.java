package io.github.eventfork.testkit;

import static io.github.eventfork.testkit.EventforkAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.eventfork.Fork;
import io.github.eventfork.Idempotency;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.RetryLaterException;
import io.github.eventfork.RetryPolicy;
import io.github.eventfork.Unrouted;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
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
        assertThatThrownBy(() -> assertThat(harness).nothingElse()).hasMessage("""
                Expected that nothing else happened, but there is also
                00:00.000  m-1  handled
                What happened to m-1:
                00:00.000  m-1  sent
                00:00.000  m-1  received (1)
                00:00.000  m-1  claimed
                00:00.000  m-1  started: 'signup', attempt 1
                00:00.000  m-1  ended
                00:00.000  m-1  handled
                00:00.020  m-1  deleted
                00:00.020  m-1  acknowledged
                In the queue: nothing
                In the dead-letter queue: nothing""");
    }

    @Test
    void a_dead_letter_that_nothing_accounts_for_is_something_else() {
        // given
        deliver(Message.sns("fails", "\"a\"").messageId("m-7"));
        harness.advance(Duration.ofMinutes(1));

        // then
        assertThatThrownBy(() -> assertThat(harness).failed("m-7").failed("m-7").nothingElse())
                .hasMessageStartingWith("Expected that nothing else happened, but there are dead letters of m-7\n")
                .hasMessageEndingWith("In the queue: nothing\nIn the dead-letter queue: m-7");
    }

    @Test
    void messages_are_handled_in_an_order() {
        // given
        Message[] messages = IntStream.rangeClosed(1, 4)
                .mapToObj(i -> Message.sns("signup", "\"a\"").messageId("m-" + i))
                .toArray(Message[]::new);
        deliver(messages);

        // then others may be in between, and all that are named are accounted for
        assertThat(harness)
                .handledInOrder("m-1", "m-2", "m-4")
                .handledInOrder("m-3")
                .nothingElse();
    }

    @Test
    void a_failing_assertion_on_an_order_shows_the_order_that_was() {
        // given
        deliver(Message.sns("signup", "\"a\"").messageId("m-1"));
        harness.advance(Duration.ofSeconds(5));
        deliver(
                Message.sns("signup", "\"a\"").messageId("m-2"),
                Message.sns("signup", "\"a\"").messageId("m-3"));

        // then
        assertThatThrownBy(() -> assertThat(harness).handledInOrder("m-2", "m-1"))
                .hasMessage("""
                Expected that messages were handled in the order m-2, m-1, but it was m-1, m-2
                What happened to m-2, m-1:
                00:00.000  m-1  sent
                00:00.000  m-1  received (1)
                00:00.000  m-1  claimed
                00:00.000  m-1  started: 'signup', attempt 1
                00:00.000  m-1  ended
                00:00.000  m-1  handled
                00:00.020  m-1  deleted
                00:00.020  m-1  acknowledged
                00:10.000  m-2  sent
                00:10.000  m-2  received (1)
                00:10.000  m-2  claimed
                00:10.000  m-2  started: 'signup', attempt 1
                00:10.000  m-2  ended
                00:10.000  m-2  handled
                00:10.020  m-2  deleted
                00:10.020  m-2  acknowledged
                In the queue: nothing
                In the dead-letter queue: nothing""");
    }

    @Test
    void an_order_wants_a_message_as_often_as_it_names_it() {
        // given
        deliver(Message.sns("signup", "\"a\"").messageId("m-1"));

        // then
        assertThatThrownBy(() -> assertThat(harness).handledInOrder("m-1", "m-1"))
                .hasMessageStartingWith("Expected that messages were handled in the order m-1, m-1, but it was m-1\n");
    }

    @Test
    void failure_give_back_and_dead_letter_are_one_story() {
        // given
        deliver(Message.sns("fails", "\"a\"").messageId("m-7"));
        harness.advance(Duration.ofMinutes(1));

        // then
        assertThat(harness).givenBack("m-7", DELAY).deadLettered("m-7").nothingElse();
        assertThatThrownBy(() -> assertThat(harness).givenBack("m-7", DELAY.plusSeconds(1)))
                .hasMessageStartingWith("Expected that message m-7 was given back for 11s, but it was not\n");
    }

    @Test
    void a_give_back_does_not_account_for_work_that_was_done_before() {
        // given a message that was handled, and failed when it came again
        deliver(Message.sns("signup", "\"a\"").messageId("m-7"));
        deliver(Message.sns("fails", "\"a\"").messageId("m-7"));

        // then the failure is what led to it
        assertThat(harness).givenBack("m-7", DELAY).handled("signup").nothingElse();
        assertThat(harness)
                .failed("m-7")
                .givenBack("m-7", DELAY)
                .handled("signup")
                .nothingElse();
        assertThatThrownBy(() -> assertThat(harness).givenBack("m-7", DELAY).nothingElse())
                .hasMessageStartingWith(
                        "Expected that nothing else happened, but there is also\n00:00.000  m-7  handled\n");
        assertThatThrownBy(() -> assertThat(harness).givenBack("m-7", DELAY).failed("m-7"))
                .hasMessageStartingWith("Expected that a handler failed on message m-7, but no outcome says so");
    }

    @Test
    void a_handler_that_a_closing_poller_interrupts_was_stopped_and_given_back_at_once() {
        PollerHarness stopping = slow(1);
        stopping.close();

        assertThat(stopping).stopped("m-7").nothingElse();
        assertThat(stopping).givenBack("m-7", Duration.ZERO).nothingElse();
        assertThatThrownBy(() -> assertThat(stopping).failed("m-7"))
                .hasMessageStartingWith("Expected that a handler failed on message m-7, but no outcome says so");
    }

    @Test
    void a_dead_letter_accounts_for_the_stop_that_led_to_it() {
        PollerHarness stopping = slow(2);
        stopping.close();

        assertThat(stopping).deadLettered("m-7").nothingElse();
    }

    /** A poller of two attempts, whose handler has a message at this receive and takes longer than the poller has to close. */
    private static PollerHarness slow(int receive) {
        VirtualRuntime time = VirtualRuntime.handlersOnThreads(1);
        PollerHarness slow = ForkHarness.poller(Fork.named("mailing-list")
                        .on("signup", String.class, event -> time.sleep(Duration.ofMinutes(5)))
                        .retry(RetryPolicy.fixed(DELAY).withAttempts(2))
                        .build())
                .time(time)
                .build();
        slow.deliver(Message.sns("signup", "\"a\"").messageId("m-7").receiveCount(receive));
        return slow;
    }

    @Test
    void of_two_failures_a_give_back_accounts_for_the_last_before_it() {
        // given a message that fails, is tried again in hand, fails, and is given back when the poller closes
        PollerHarness ordered = ForkHarness.poller(Fork.named("mailing-list")
                        .on("signup", String.class, event -> {
                            throw new IllegalStateException("attempt " + event.attempt());
                        })
                        .retry(RetryPolicy.fixed(DELAY))
                        .build())
                .fifo()
                .build();
        ordered.deliver(Message.sns("signup", "\"a\"").messageId("m-7").group("g"));
        ordered.advance(DELAY.plusSeconds(4));
        ordered.close();

        // then
        assertThat(ordered)
                .givenBack("m-7", DELAY.minusSeconds(4))
                .failed("m-7")
                .nothingElse();
        assertThatThrownBy(() -> assertThat(ordered)
                        .givenBack("m-7", DELAY.minusSeconds(4))
                        .nothingElse())
                .hasMessageStartingWith("Expected that nothing else happened, but there is also\n"
                        + "00:00.000  m-7  failed: java.lang.IllegalStateException: attempt 1\nWhat");
    }

    @Test
    void a_give_back_accounts_for_a_rejection_that_nobody_can_dead_letter() {
        // given a function without a settler
        LambdaHarness function = ForkHarness.lambda(Fork.named("mailing-list")
                        .on("never", String.class, event -> {
                            throw new RejectedEventException("no such list");
                        })
                        .build())
                .build();
        function.deliver(Message.sns("never", "\"a\"").messageId("m-7"));

        // then
        assertThat(function).givenBack("m-7", Duration.ZERO).nothingElse();
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
    void a_failing_assertion_shows_what_happened_to_its_message() {
        // given
        deliver(
                Message.sns("signup", "\"a\"").messageId("m-6"),
                Message.sns("fails", "\"a\"").messageId("m-7"));

        // then
        assertThatThrownBy(() -> assertThat(harness).deadLettered("m-7")).hasMessage("""
                Expected that message m-7 is in the dead-letter queue once, but it is not there
                What happened to m-7:
                00:00.000  m-7  sent
                00:00.000  m-7  received (1)
                00:00.000  m-7  claimed
                00:00.000  m-7  started: 'fails', attempt 1
                00:00.000  m-7  ended
                00:00.000  m-7  failed: java.lang.IllegalStateException: down
                00:00.020  m-7  hidden for 10s
                00:00.020  m-7  given back for 10s
                In the queue: m-7 (hidden)
                In the dead-letter queue: nothing""");
    }

    @Test
    void a_failing_assertion_shows_a_whole_story_in_columns() {
        // given a call that fails, a retry hours later, and a reason of two lines
        PollerHarness faulty = ForkHarness.poller(Fork.named("mailing-list")
                        .on("signup", String.class, event -> {
                            throw event.attempt() == 1
                                    ? new RetryLaterException(Duration.ofHours(2), "tonight")
                                    : new IllegalStateException("one line\nand another");
                        })
                        .retry(RetryPolicy.fixed(DELAY).withAttempts(2))
                        .unrouted(Unrouted.DISCARD)
                        .build())
                .build();
        faulty.queue().faults().next(Call.CHANGE_VISIBILITY, Fault.failing(new IOException("reset")));
        faulty.deliver(Message.raw("signup", "\"a\"").messageId("m-12"));
        faulty.advance(Duration.ofHours(3));
        faulty.deliver(Message.raw("login", "\"a\"").messageId("m-3"));
        faulty.advance(DELAY);

        // then
        assertThatThrownBy(() -> assertThat(faulty).handled("signup")).hasMessage("""
                Expected that an event of type 'signup' was handled, but no outcome says so, or another assertion had it before
                What happened:
                  00:00.000  m-12  sent
                  00:00.000  m-12  received (1)
                  00:00.000  m-12  started: 'signup', attempt 1
                  00:00.000  m-12  ended
                  00:00.000  m-12  failed: io.github.eventfork.RetryLaterException: tonight
                  00:00.020  m-12  change visibility failed: java.io.IOException: reset
                  00:00.082  m-12  hidden for 2h
                  00:00.082  m-12  given back for 2h
                2:00:00.082  m-12  received (2)
                2:00:00.082  m-12  started: 'signup', attempt 2
                2:00:00.082  m-12  ended
                2:00:00.082  m-12  failed: java.lang.IllegalStateException: one line
                                   and another
                2:00:00.102  m-12  copied to the dead-letter queue
                2:00:00.122  m-12  deleted
                2:00:00.122  m-12  dead-lettered
                3:00:00.000  m-3   sent
                3:00:00.000  m-3   received (1)
                3:00:00.000  m-3   discarded
                3:00:00.020  m-3   deleted
                3:00:00.020  m-3   acknowledged
                In the queue: nothing
                In the dead-letter queue: m-12""");
    }

    @Test
    void a_failing_assertion_shows_the_last_hundred_lines() {
        // given
        deliver(IntStream.range(0, 20)
                .mapToObj(i -> Message.sns("signup", "\"a\""))
                .toArray(Message[]::new));

        // then
        assertThatThrownBy(() -> assertThat(harness).handled("login"))
                .hasMessageContaining("What happened (after 60 lines more):\n")
                .satisfies(failure ->
                        Assertions.assertThat(failure.getMessage().lines()).hasSize(104));
    }

    @Test
    void an_assertion_on_a_message_that_never_was_shows_all() {
        // given
        deliver(Message.sns("signup", "\"a\""));

        // then
        assertThatThrownBy(() -> assertThat(harness).duplicate("m-2"))
                .hasMessageStartingWith("Expected that message m-2 was a duplicate, but no outcome says so, or another"
                        + " assertion had it before\nWhat happened:\n00:00.000  m-1  sent\n");
    }

    @Test
    void an_assertion_on_what_happened_passes() {
        // given
        deliver(Message.sns("fails", "\"a\"").messageId("m-7"));

        // then
        assertThatCode(() -> assertThat(harness).failed("m-7").nothingElse()).doesNotThrowAnyException();
    }
}
