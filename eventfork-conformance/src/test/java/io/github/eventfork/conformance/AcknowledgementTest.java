package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.eventfork.Fork;
import io.github.eventfork.Idempotency;
import io.github.eventfork.Settlement;
import io.github.eventfork.Unrouted;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.Hold;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.PollerHarness;
import io.github.eventfork.testkit.QueueLog;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A delivery is acknowledged only when its work is done, or when its copy stands in the dead-letter queue. */
@Promise(1)
class AcknowledgementTest {

    @Test
    void what_is_handled_is_deleted_once() {
        try (PollerHarness harness = poller(Given.fork().on("signup", String.class, event -> {}))) {
            harness.deliver(signup("m-1"));
            harness.advance(seconds(1));

            assertThat(harness.queue().log().deletes())
                    .extracting(QueueLog.Delete::messageId)
                    .containsExactly("m-1");
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @Test
    void what_the_fork_discards_is_deleted() {
        try (PollerHarness harness =
                poller(Given.fork().on("signup", String.class, event -> {}).unrouted(Unrouted.DISCARD))) {
            harness.deliver(Message.sns("logout", "{}"));
            harness.advance(seconds(1));

            assertThat(harness.queue().messages()).isEmpty();
            assertThat(harness.deadLetters()).isEmpty();
        }
    }

    @Test
    void what_was_done_before_is_deleted_without_running() {
        Given.Seen seen = new Given.Seen();
        try (PollerHarness harness = poller(Given.fork()
                .on("signup", String.class, seen::add)
                .idempotency(Idempotency.in(new InMemoryIdempotencyStore())))) {
            harness.deliver(signup("m-1"), signup("m-2").eventId("event-of-m-1"));
            harness.advance(seconds(5));

            assertThat(seen.ids()).containsExactly("m-1");
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @Test
    void what_failed_stays_in_the_queue() {
        try (PollerHarness harness = poller(failing())) {
            harness.deliver(signup("m-1"));
            harness.advance(Duration.ofMillis(500));

            assertThat(harness.queue().log().deletes()).isEmpty();
            assertThat(harness.queue().messages()).hasSize(1);
        }
    }

    @Test
    void a_failure_at_the_last_attempt_is_copied_before_it_is_deleted_and_the_copy_says_why() {
        try (PollerHarness harness = poller(failing())) {
            // when it has been tried three times
            harness.deliver(signup("m-1"));
            harness.advance(seconds(20));

            // then the dead letter was sent before the delete
            assertThat(harness.timeline().started()).containsExactly("m-1", "m-1", "m-1");
            QueueLog log = harness.queue().log();
            assertThat(log.calls())
                    .extracting(QueueLog.CallMade::call)
                    .filteredOn(Set.of(Call.DEAD_LETTER, Call.DELETE)::contains)
                    .containsExactly(Call.DEAD_LETTER, Call.DELETE);
            assertThat(log.deadLetters().get(0).note())
                    .hasValueSatisfying(note -> assertThat(note)
                            .contains("failed at attempt 3 of 3 with java.lang.IllegalStateException: no connection")
                            .contains("\"fork\":\"fork\"")
                            .contains("\"attempt\":3"));
            assertThat(harness.deadLetters())
                    .extracting(InMemoryQueue.Item::from)
                    .containsExactly("m-1");
        }
    }

    @Test
    void a_dead_letter_that_could_not_be_sent_leaves_the_message_where_it_is() {
        try (PollerHarness harness = poller(rejecting())) {
            harness.queue().faults().always(Call.DEAD_LETTER, Fault.answering(Entry.FINAL));

            harness.deliver(signup("m-1"));
            harness.advance(seconds(1));

            // then it is invisible for the visibility timeout, so that it does not spin
            assertThat(harness.queue().log().deletes()).isEmpty();
            assertThat(harness.timeline().settlements("m-1")).containsExactly(new Settlement.GiveBack(seconds(30)));
            assertThat(harness.queue().log().visibilityChanges())
                    .extracting(QueueLog.VisibilityChange::timeout)
                    .containsExactly(seconds(30));
        }
    }

    @Test
    void without_a_dead_letter_queue_a_rejected_message_stays_and_does_not_spin() {
        try (PollerHarness harness = ForkHarness.poller(rejecting().build())
                .visibilityTimeout(seconds(30))
                .withoutDeadLetterQueue()
                .build()) {
            harness.deliver(signup("m-1"));
            harness.advance(seconds(65));

            assertThat(harness.timeline().started()).hasSize(3);
            assertThat(harness.queue().messages()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatever_calls_fail_no_message_is_lost(long seed) {
        // given a queue of which any call fails, is lost or is answered in part, by chance, and a handler that fails
        Set<String> handled = new TreeSet<>();
        int[] runs = {0};
        Fork fork = Given.fork()
                .on("signup", String.class, event -> {
                    if (++runs[0] % 7 == 0) {
                        throw new IllegalStateException("every seventh run fails");
                    }
                    handled.add(event.delivery().messageId());
                })
                .build();
        try (PollerHarness harness = ForkHarness.poller(fork)
                .visibilityTimeout(seconds(10))
                .maxReceiveCount(100)
                .seed(seed)
                .build()) {
            for (Call call : new Call[] {Call.RECEIVE, Call.DELETE, Call.CHANGE_VISIBILITY, Call.DEAD_LETTER}) {
                harness.queue().faults().byChance(call, 0.3, seed % 2 == 0 ? Fault.lost() : Fault.failing());
            }

            // when 100 messages pass
            Message[] messages = Stream.iterate(1, i -> i + 1)
                    .limit(100)
                    .map(i -> signup("m-" + i))
                    .toArray(Message[]::new);
            harness.deliver(messages);
            harness.advance(Duration.ofMinutes(20));
            harness.queue().faults().none();
            harness.advance(Duration.ofMinutes(20));

            // then each was handled or is a dead letter, and none is left over
            Set<String> ended = new TreeSet<>(handled);
            harness.deadLetters().forEach(letter -> ended.add(letter.from()));
            assertThat(ended).as("seed %s", seed).hasSize(100);
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @Test
    void a_process_that_vanishes_in_the_middle_of_its_work_leaves_its_messages_to_others() {
        // given a handler in the middle of its work, and one message that waits
        Hold[] hold = new Hold[1];
        PollerHarness harness = ForkHarness.poller(Given.fork()
                        .on("signup", String.class, event -> hold[0].await())
                        .build())
                .visibilityTimeout(seconds(30))
                .concurrency(1)
                .handlersOnThreads()
                .build();
        hold[0] = harness.hold();
        harness.deliver(signup("m-1"), signup("m-2"));

        // when the queue hears nothing of this process any more
        harness.queue().faults().always(Fault.failing());
        harness.advance(seconds(31));

        // then both messages are visible to the next process
        assertThat(harness.queue().messages())
                .extracting(InMemoryQueue.Item::messageId, InMemoryQueue.Item::visible)
                .containsExactlyInAnyOrder(tuple("m-1", true), tuple("m-2", true));
    }

    private static Fork.Builder failing() {
        return Given.fork().on("signup", String.class, event -> {
            throw new IllegalStateException("no connection");
        });
    }

    private static Fork.Builder rejecting() {
        return Given.fork().rejecting(IllegalArgumentException.class).on("signup", String.class, event -> {
            throw new IllegalArgumentException("never");
        });
    }

    private static PollerHarness poller(Fork.Builder fork) {
        return ForkHarness.poller(fork.build()).visibilityTimeout(seconds(30)).build();
    }
}
