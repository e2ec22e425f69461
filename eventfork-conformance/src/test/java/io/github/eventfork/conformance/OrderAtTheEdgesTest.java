package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.EventHandler;
import io.github.eventfork.Fork;
import io.github.eventfork.RetryLaterException;
import io.github.eventfork.Settlement;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.Hold;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.LambdaHarness;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.PollerHarness;
import io.github.eventfork.testkit.QueueLog;
import io.github.eventfork.testkit.Step;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What OrderTest claims, at the edges. */
class OrderAtTheEdgesTest {

    private final Given.Seen seen = new Given.Seen();
    private Hold hold;

    @Test
    @Promise({6, 12, 13})
    void a_stuck_head_whose_lease_is_lost_leaves_the_rest_of_its_lane_to_others() {
        // given a head that never returns, and two behind it
        Fork fork = fork(event -> {
            if (event.delivery().messageId().equals("a-1")) {
                hold.awaitIgnoringInterrupts();
            }
        });
        try (PollerHarness harness = ForkHarness.poller(fork)
                .fifo()
                .processingLimit(Duration.ofMinutes(2))
                .handlersOnThreads()
                .build()) {
            hold = harness.hold();
            Given.deliverTogether(harness, of("a", "a-1"), of("a", "a-2"), of("a", "a-3"));

            // when its lease has run out after the processing limit
            harness.advance(Duration.ofMinutes(3));

            // then the two were given back untouched
            assertThat(seen.ids()).containsOnly("a-1");
            assertThat(harness.timeline().settlements("a-2")).contains(new Settlement.GiveBack(Duration.ZERO));
            assertThat(harness.timeline().settlements("a-3")).contains(new Settlement.GiveBack(Duration.ZERO));
            hold.release();
            harness.advance(seconds(1));
        }
    }

    @Test
    @Promise({6, 21})
    void what_the_last_poll_brings_runs_if_one_behind_it_in_its_lane_is_at_its_last_receive() {
        // given a FIFO poller that knows its queue's facts, and whose poll is on its way
        PollerHarness harness = ForkHarness.poller(fork(event -> {}))
                .fifo()
                .roundTrip(seconds(2))
                .build();
        harness.advance(Duration.ofMillis(2_500));
        harness.queue().send(of("a", "a-1"));
        harness.queue().send(of("a", "a-2").receiveCount(3));
        harness.queue().send(of("a", "a-3"));

        harness.close();
        assertThat(harness.queue().log().receives())
                .singleElement()
                .satisfies(receive -> assertThat(receive.messageIds()).containsExactly("a-1", "a-2", "a-3"));

        // then nothing was passed over, and what need not run was given back
        assertThat(seen.ids()).containsExactly("a-1", "a-2");
        assertThat(harness.queue().messages())
                .extracting(InMemoryQueue.Item::messageId)
                .containsExactly("a-3");
    }

    @Test
    @Promise(7)
    void a_head_that_fails_at_its_last_receive_with_nobody_to_dead_letter_it_leaves_the_lane_to_its_followers() {
        LambdaHarness harness =
                ForkHarness.lambda(fork(failingAt("a-1"))).fifo().build();

        assertThat(harness.invoke(of("a", "a-1").receiveCount(3), of("a", "a-2"), of("a", "a-3")))
                .containsExactly("a-1");
        assertThat(seen.ids()).containsExactly("a-1", "a-2", "a-3");
    }

    @Test
    @Promise(7)
    void a_head_that_is_refused_as_a_dead_letter_before_its_last_receive_takes_its_followers_back() {
        // given a dead-letter queue that takes nothing, and a head that has used up its attempts in hand
        try (PollerHarness harness =
                ForkHarness.poller(fork(failingAt("a-1"))).fifo().build()) {
            harness.queue().faults().always(Call.DEAD_LETTER, Fault.answering(Entry.FINAL));
            Given.deliverTogether(harness, of("a", "a-1"), of("a", "a-2"));
            harness.advance(seconds(10));

            // then it comes again, and so nothing behind it has run
            assertThat(seen.ids()).containsExactly("a-1", "a-1", "a-1");
            assertThat(harness.timeline().settlements("a-1")).containsExactly(new Settlement.GiveBack(seconds(30)));
            assertThat(harness.timeline().settlements("a-2")).containsExactly(new Settlement.GiveBack(Duration.ZERO));
        }
    }

    @Test
    @Promise({7, 10})
    void a_head_that_can_not_wait_so_long_in_hand_is_given_back_before_its_followers_and_they_after_it_in_order() {
        // given a head that wants to be tried again in 13 hours, longer than any lease can be kept
        Fork fork = fork(event -> {
            if (event.delivery().messageId().equals("a-1")) {
                throw new RetryLaterException(Duration.ofHours(13), "closed for the night");
            }
        });
        try (PollerHarness harness = ForkHarness.poller(fork).fifo().build()) {
            Given.deliverTogether(harness, of("a", "a-1"), of("a", "a-2"), of("a", "a-3"));
            harness.advance(seconds(1));

            // then all are given back at once, the head first
            assertThat(seen.ids()).containsExactly("a-1");
            assertThat(harness.queue().log().visibilityChanges())
                    .extracting(QueueLog.VisibilityChange::messageId)
                    .containsExactly("a-1", "a-2", "a-3");
        }
    }

    @Test
    @Promise({7, 10})
    void waiting_in_hand_is_no_attempt() {
        // given a head whose idempotency key is held by another for 30 s, and which then fails once
        int[] runs = {0};
        FailingStore store = new FailingStore();
        Fork fork = Given.fork()
                .on("signup", String.class, event -> {
                    if (++runs[0] == 1) {
                        throw new IllegalStateException("the first time");
                    }
                })
                .idempotency(io.github.eventfork.Idempotency.in(store))
                .build();
        try (PollerHarness harness = ForkHarness.poller(fork).build()) {
            harness.deliver(signup("m-1"));
            harness.advance(seconds(30));
            store.down = false;
            harness.advance(seconds(20));

            // then its first run was attempt 1, and its second attempt 2
            assertThat(harness.timeline().steps(Step.Started.class))
                    .extracting(Step.Started::attempt)
                    .containsExactly(1, 2);
            assertThat(harness.deadLetters()).isEmpty();
        }
    }

    private static final class FailingStore implements io.github.eventfork.idempotency.IdempotencyStore {
        private boolean down = true;

        @Override
        public io.github.eventfork.idempotency.Claim claim(String key, Duration hold) {
            if (down) {
                throw new IllegalStateException("the store is down");
            }
            return new io.github.eventfork.idempotency.Claim.Acquired("token");
        }

        @Override
        public boolean renew(String key, String token, Duration hold) {
            return true;
        }

        @Override
        public boolean complete(String key, String token, Duration rememberFor) {
            return true;
        }

        @Override
        public boolean release(String key, String token) {
            return true;
        }
    }

    private static Message of(String group, String messageId) {
        return signup(messageId).group(group);
    }

    private static EventHandler<String> failingAt(String messageId) {
        return event -> {
            if (event.delivery().messageId().equals(messageId)) {
                throw new IllegalStateException("poisoned");
            }
        };
    }

    private Fork fork(EventHandler<String> handler) {
        return Given.fork()
                .on("signup", String.class, event -> {
                    seen.add(event);
                    handler.handle(event);
                })
                .build();
    }
}
