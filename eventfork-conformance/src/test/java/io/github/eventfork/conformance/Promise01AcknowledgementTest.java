package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.grouped;
import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.eventfork.AlreadyHandledException;
import io.github.eventfork.Fork;
import io.github.eventfork.Health;
import io.github.eventfork.Idempotency;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.RetryLaterException;
import io.github.eventfork.Settlement;
import io.github.eventfork.Unrouted;
import io.github.eventfork.idempotency.IdempotencyStore;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
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
import io.github.eventfork.testkit.VirtualRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A delivery is acknowledged only when its work is done, or when its copy stands in the dead-letter queue. */
@Promise(1)
class Promise01AcknowledgementTest {

    /** A queue that far away can fail the first call of a poller, too. */
    private static final Duration A_WAY_OFF = Duration.ofMillis(10);

    private static final List<String> GROUPS = List.of("a", "b", "c", "d");

    record Login(int user) {}

    @ParameterizedTest
    @CsvSource({"ENGINE, 3, false", "ENGINE, 4, true", "SQS_POLLER, 3, false", "SQS_POLLER, 4, true"})
    void a_last_receive_that_is_lost_on_its_way_is_moved_away_unrun_unless_there_are_more_receives_than_attempts(
            Pollers poller, int maxReceiveCount, boolean runs) {
        // given a fork that tries three times, a message at its third receive, and an answer that never comes
        PollerHarness harness = poller.of(
                        Given.fork().on("signup", String.class, event -> {}).build())
                .maxReceiveCount(maxReceiveCount)
                .build();
        harness.pause();
        harness.advance(seconds(21));
        harness.queue().faults().next(Call.RECEIVE, Fault.lost());
        harness.queue().send(signup("m-1").receiveCount(3));

        // when
        harness.resume();
        harness.advance(Duration.ofMinutes(5));

        // then SQS says no reason, and nobody can tell that it never ran; with a receive more it did
        assertThat(harness.timeline().started()).isEqualTo(runs ? List.of("m-1") : List.of());
        assertThat(harness.timeline().steps(Step.MovedAway.class)).hasSize(runs ? 0 : 1);
        assertThat(harness.queue().log().deadLetters()).isEmpty();
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    void nothing_is_deleted_but_what_is_done_and_what_has_a_copy(Anywhere adapter) {
        // given an event for every way in which a handler can end
        Fork fork = Given.fork()
                .unrouted(Unrouted.DISCARD)
                .on("login", Login.class, event -> {})
                .on("signup", String.class, event -> {
                    switch (event.delivery().messageId()) {
                        case "failing" -> throw new IllegalStateException("no connection");
                        case "later" -> throw new RetryLaterException(Duration.ofMinutes(5), "closed");
                        case "done-before" -> throw new AlreadyHandledException("it is there");
                        case "never" -> throw new RejectedEventException("the list is closed");
                        default -> {}
                    }
                })
                .build();
        try (ForkHarness harness = adapter.running(fork)) {
            harness.deliver(
                    signup("good"),
                    signup("failing"),
                    signup("later"),
                    signup("done-before"),
                    signup("never"),
                    Message.sns("login", "{").messageId("unreadable"),
                    Message.sns("logout", "{}").messageId("unwanted"));
            harness.advance(Duration.ofMillis(500));

            // then what is to be tried again is there, and what never will be is there or a dead letter
            boolean redrives = adapter.leavesRetriesToTheQueue(harness);
            assertThat(harness.queue().messages())
                    .extracting(InMemoryQueue.Item::messageId)
                    .containsExactlyInAnyOrderElementsOf(
                            redrives
                                    ? List.of("failing", "later", "never", "unreadable")
                                    : List.of("failing", "later"));
            assertThat(harness.deadLetters())
                    .extracting(InMemoryQueue.Item::from)
                    .containsExactlyInAnyOrderElementsOf(redrives ? List.of() : List.of("never", "unreadable"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_is_handled_is_deleted_once(Pollers pollers) {
        try (PollerHarness harness = poller(pollers, Given.fork().on("signup", String.class, event -> {}))) {
            harness.deliver(signup("m-1"));
            harness.advance(seconds(1));

            assertThat(harness.queue().log().deletes())
                    .extracting(QueueLog.Delete::messageId)
                    .containsExactly("m-1");
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_the_fork_discards_is_deleted(Pollers pollers) {
        try (PollerHarness harness = poller(
                pollers, Given.fork().on("signup", String.class, event -> {}).unrouted(Unrouted.DISCARD))) {
            harness.deliver(Message.sns("logout", "{}"));
            harness.advance(seconds(1));

            assertThat(harness.queue().messages()).isEmpty();
            assertThat(harness.deadLetters()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_was_done_before_is_deleted_without_running(Pollers pollers) {
        Given.Seen seen = new Given.Seen();
        try (PollerHarness harness = poller(
                pollers,
                Given.fork()
                        .on("signup", String.class, seen::add)
                        .idempotency(Idempotency.in(new InMemoryIdempotencyStore())))) {
            harness.deliver(signup("m-1"), signup("m-2").eventId("event-of-m-1"));
            harness.advance(seconds(5));

            assertThat(seen.ids()).containsExactly("m-1");
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_failed_stays_in_the_queue(Pollers pollers) {
        try (PollerHarness harness = poller(pollers, failing())) {
            harness.deliver(signup("m-1"));
            harness.advance(Duration.ofMillis(500));

            assertThat(harness.queue().log().deletes()).isEmpty();
            assertThat(harness.queue().messages()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_failure_at_the_last_attempt_is_copied_before_it_is_deleted_and_the_copy_says_why(Pollers pollers) {
        try (PollerHarness harness = poller(pollers, failing())) {
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

    @ParameterizedTest
    @EnumSource
    void a_dead_letter_that_could_not_be_sent_leaves_the_message_where_it_is(Pollers pollers) {
        try (PollerHarness harness = poller(pollers, rejecting())) {
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

    @ParameterizedTest
    @EnumSource
    @Promise({1, 21})
    void what_a_handler_ends_while_the_poller_closes_is_deleted_before_it_is_closed(Pollers pollers) {
        // given a handler that takes 5 s, and a queue that fails the first delete
        PollerHarness[] running = new PollerHarness[1];
        running[0] = pollers.of(Given.fork()
                        .on("signup", String.class, event -> running[0].time().sleep(seconds(5)))
                        .build())
                .handlersOnThreads()
                .build();
        running[0].queue().faults().next(Call.DELETE, Fault.failing());
        running[0].deliver(signup("m-1"));
        running[0].advance(seconds(1));

        // when the poller is closed meanwhile
        running[0].close();

        // then what was done is gone, and will not be done again
        assertThat(running[0].health().status()).isEqualTo(Health.Status.CLOSED);
        assertThat(running[0].queue().messages()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @Promise({1, 3})
    void what_was_done_is_deleted_although_another_message_stopped_the_poller(Pollers pollers) {
        // given a delete that waits for company, when an error hits that no adapter survives
        PollerHarness harness = pollers.of(Given.fork()
                        .on("signup", String.class, event -> {
                            if (event.delivery().messageId().equals("fatal")) {
                                throw new OutOfMemoryError("of the test");
                            }
                        })
                        .build())
                .build();
        harness.deliver(signup("done"), signup("fatal"));
        assertThat(harness.health().status()).isEqualTo(Health.Status.STOPPED);
        assertThat(harness.queue().log().deletes()).isEmpty();

        harness.advance(seconds(1));

        assertThat(harness.queue().messages())
                .extracting(InMemoryQueue.Item::messageId)
                .containsExactly("fatal");
    }

    @ParameterizedTest
    @EnumSource
    void a_dead_letter_whose_copy_was_never_answered_leaves_the_message_where_it_is(Pollers pollers) {
        // given a dead-letter queue that can't be reached, however often it is tried
        try (PollerHarness harness = poller(pollers, rejecting())) {
            harness.queue().faults().always(Call.DEAD_LETTER, Fault.failing());

            harness.deliver(signup("m-1"));
            harness.advance(Duration.ofMinutes(1));

            // then nothing was deleted
            assertThat(harness.queue().log().count(Call.DEAD_LETTER)).isGreaterThan(1);
            assertThat(harness.queue().log().deletes()).isEmpty();
            assertThat(harness.queue().messages())
                    .extracting(InMemoryQueue.Item::messageId)
                    .containsExactly("m-1");
        }
    }

    @ParameterizedTest
    @EnumSource
    @Promise({1, 16})
    void on_lambda_a_dead_letter_that_could_not_be_sent_is_reported(Functions functions) {
        try (LambdaHarness harness = functions.of(rejecting().build()).settler().build()) {
            harness.queue().faults().always(Call.DEAD_LETTER, Fault.answering(Entry.FINAL));

            assertThat(harness.invoke(signup("m-1"), signup("m-2"))).containsExactly("m-1", "m-2");
            assertThat(harness.queue().log().deletes()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_last_attempt_is_the_queues_last_receive_if_that_comes_first(Pollers pollers) {
        // given a fork of three attempts on a queue of two receives
        try (PollerHarness harness =
                pollers.of(failing().build()).maxReceiveCount(2).build()) {
            harness.deliver(signup("m-1"));
            harness.advance(seconds(20));

            // then its dead letter says why, because it is no move of SQS's own
            assertThat(harness.timeline().started()).hasSize(2);
            assertThat(harness.queue().log().movedAway()).isEmpty();
            assertThat(harness.queue().log().deadLetters())
                    .singleElement()
                    .satisfies(letter -> assertThat(letter.note())
                            .hasValueSatisfying(note -> assertThat(note).contains("failed at attempt 2 of 2")));
        }
    }

    @ParameterizedTest
    @EnumSource
    void without_a_dead_letter_queue_a_rejected_message_stays_and_does_not_spin(Pollers pollers) {
        try (PollerHarness harness = pollers.of(rejecting().build())
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
    @Tag("slow")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    @Promise({1, 6})
    void whatever_calls_fail_no_message_is_lost_or_overtaken(long seed) {
        Pollers pollers = seed <= 6 ? Pollers.ENGINE : Pollers.SQS_POLLER;
        List<String> handled = new ArrayList<>();
        PollerHarness.Builder builder = pollers.of(failingEverySeventhRun(handled))
                .visibilityTimeout(seconds(10))
                .maxReceiveCount(100)
                .roundTrip(A_WAY_OFF)
                .seed(seed);
        try (PollerHarness harness = (fifo(seed) ? builder.fifo() : builder).build()) {
            harness.queue().faults().byChance(Call.DEAD_LETTER, 0.9, Fault.answering(Entry.FINAL));
            assertNoneIsLostOrOvertakenWhateverFails(harness, handled, seed);
        }
    }

    @ParameterizedTest
    @Tag("slow")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    @Promise({1, 6, 16})
    void on_lambda_whatever_calls_fail_no_message_is_lost_or_overtaken(long seed) {
        Functions functions = seed <= 6 ? Functions.ENGINE : Functions.FORK_FUNCTION;
        List<String> handled = new ArrayList<>();
        LambdaHarness.Builder builder = functions
                .of(failingEverySeventhRun(handled))
                .settler()
                .visibilityTimeout(seconds(60))
                .maxReceiveCount(100)
                .roundTrip(A_WAY_OFF)
                .seed(seed);
        try (LambdaHarness harness = (fifo(seed) ? builder.fifo() : builder).build()) {
            assertNoneIsLostOrOvertakenWhateverFails(harness, handled, seed);
        }
    }

    private static boolean fifo(long seed) {
        return seed % 2 == 0;
    }

    /** Some messages are to be dead letters, and are handled after all if the dead-letter queue refuses them. */
    private static Fork failingEverySeventhRun(List<String> handled) {
        int[] runs = {0};
        Map<String, Integer> hard = new HashMap<>();
        return Given.fork()
                .on("signup", String.class, event -> {
                    if (++runs[0] % 7 == 0) {
                        throw new IllegalStateException("every seventh run fails");
                    }
                    String id = event.delivery().messageId();
                    if (id.endsWith("7") && hard.merge(id, 1, Integer::sum) <= 3) {
                        throw new IllegalStateException("its first three runs fail");
                    }
                    handled.add(id);
                })
                .build();
    }

    private static void assertNoneIsLostOrOvertakenWhateverFails(ForkHarness harness, List<String> handled, long seed) {
        // given a queue of which any call fails, is lost, is late, or is answered in part or not yet, by chance
        for (Call call : Call.values()) {
            for (Fault fault : List.of(
                    Fault.failing(),
                    Fault.lost(),
                    Fault.delayed(seconds(3)),
                    Fault.delayed(seconds(12)),
                    Fault.leavingOut(1),
                    Fault.answering(Entry.RETRIABLE, 0, 2))) {
                harness.queue().faults().byChance(call, 0.06, fault);
            }
        }

        // when 100 messages of four groups pass
        harness.deliver(IntStream.range(0, 100)
                .mapToObj(i -> grouped(GROUPS.get(i % 4) + "-" + (100 + i)))
                .toArray(Message[]::new));
        harness.advance(Duration.ofMinutes(40));
        harness.queue().faults().none();
        harness.advance(Duration.ofMinutes(20));

        // then each was handled or is a dead letter, none is left over, and where there is an order it was kept; of
        // those
        // alone that are no dead letters, because such a one may be seen again if its delete was not known to stand
        Set<String> dead =
                harness.deadLetters().stream().map(InMemoryQueue.Item::from).collect(Collectors.toSet());
        Set<String> ended = new TreeSet<>(handled);
        ended.addAll(dead);
        assertThat(ended).as("seed %s", seed).hasSize(100);
        assertThat(harness.queue().messages()).as("seed %s", seed).isEmpty();
        for (String group : fifo(seed) ? GROUPS : List.<String>of()) {
            assertThat(handled.stream()
                            .filter(id -> id.startsWith(group) && !dead.contains(id))
                            .distinct())
                    .as("seed %s", seed)
                    .isSorted();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_process_that_vanishes_in_the_middle_of_its_work_leaves_its_messages_to_others(Pollers pollers) {
        // given a handler in the middle of its work, and one message that waits
        Hold[] hold = new Hold[1];
        PollerHarness harness = pollers.of(Given.fork()
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

    /** A process dies, and another takes over its queue. */
    @Nested
    class A_crash {

        private final List<String> effects = new ArrayList<>();
        private VirtualRuntime runtime;
        private InMemoryQueue queue;
        private IdempotencyStore store;
        private int runs;

        @ParameterizedTest
        @Tag("slow")
        @EnumSource
        @Promise({1, 9})
        void at_any_instruction_loses_nothing_and_does_at_most_one_thing_twice(Mortal kind) {
            int contact = 1;
            while (dies(kind, contact)) {
                contact++;
            }
            assertThat(contact).as("how many ways to die there are").isGreaterThan(20);
        }

        /** Whether there is such a contact to die at; if so, all that is promised is asserted. */
        private boolean dies(Mortal kind, int contact) {
            // given a message for every way in which one can end
            begin();
            Stream.of(
                            signup("good"),
                            signup("good-again").eventId("event-of-good"),
                            signup("fails-once"),
                            signup("poisoned"),
                            signup("rejected"),
                            Message.sns("login", "{").messageId("unreadable"),
                            Message.sns("logout", "{}").messageId("unwanted"),
                            signup("good-too"))
                    .forEach(queue::send);

            // when a process dies at this contact, and another takes over
            Life life = Life.endingAt(contact);
            kind.start(fork(life), queue, runtime, life);
            while (!life.over() && runtime.elapsed().compareTo(Duration.ofMinutes(3)) < 0) {
                runtime.advance(seconds(1));
            }
            if (!life.over()) {
                return false;
            }
            kind.start(fork(Life.endless()), queue, runtime, Life.endless());
            runtime.advance(Duration.ofMinutes(5));

            // then nothing is left over, and each message ended as it should
            String death = "death at contact " + contact;
            assertThat(queue.messages()).as(death).isEmpty();
            assertThat(queue.deadLetterQueue().orElseThrow().messages())
                    .as(death)
                    .extracting(InMemoryQueue.Item::from)
                    .containsOnly("poisoned", "rejected", "unreadable");
            assertThat(effects)
                    .as(death)
                    .hasSizeBetween(3, 4)
                    .containsOnly("event-of-good", "event-of-fails-once", "event-of-good-too");
            return true;
        }

        private void begin() {
            effects.clear();
            runs = 0;
            runtime = VirtualRuntime.seeded(1);
            store = new InMemoryIdempotencyStore(100, runtime::nanoTime);
            queue = InMemoryQueue.named("fork", runtime)
                    .visibilityTimeout(seconds(30))
                    .deadLetterQueue(InMemoryQueue.named("fork-dlq", runtime).build(), 3)
                    .build();
        }

        private Fork fork(Life life) {
            return Given.fork()
                    .unrouted(Unrouted.DISCARD)
                    .idempotency(Idempotency.in(life.of(store)))
                    .on("login", Login.class, event -> {})
                    .on("signup", String.class, life.of(event -> {
                        switch (event.delivery().messageId()) {
                            case "poisoned" -> throw new IllegalStateException("poisoned");
                            case "rejected" -> throw new RejectedEventException("never");
                            default -> {
                                if (event.delivery().messageId().equals("fails-once") && ++runs == 1) {
                                    throw new IllegalStateException("once");
                                }
                                effects.add(event.id());
                            }
                        }
                    }))
                    .build();
        }
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

    private static PollerHarness poller(Pollers pollers, Fork.Builder fork) {
        return pollers.of(fork.build()).visibilityTimeout(seconds(30)).build();
    }
}
