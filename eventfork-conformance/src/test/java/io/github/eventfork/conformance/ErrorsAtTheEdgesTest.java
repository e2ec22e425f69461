package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Delivery;
import io.github.eventfork.Event;
import io.github.eventfork.EventType;
import io.github.eventfork.Fork;
import io.github.eventfork.ForkListener;
import io.github.eventfork.Idempotency;
import io.github.eventfork.Outcome;
import io.github.eventfork.Settlement;
import io.github.eventfork.idempotency.Claim;
import io.github.eventfork.idempotency.IdempotencyStore;
import io.github.eventfork.payload.PayloadReader;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.PollerHarness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What ErrorsAndInterruptsTest and DecodingTest claim, at the edges. */
class ErrorsAtTheEdgesTest {

    private final Given.Seen seen = new Given.Seen();
    private final List<Boolean> flags = new ArrayList<>();
    private PollerHarness harness;

    @Test
    @Promise(3)
    void a_payload_that_overflows_the_stack_fails_its_record_as_the_handler_would() {
        Fork fork = Given.fork()
                .payloads(throwing(new StackOverflowError()))
                .on("signup", String.class, seen::add)
                .build();
        try (PollerHarness poller = ForkHarness.poller(fork).build()) {
            poller.deliver(signup("m-1"));
            poller.advance(seconds(1));

            // then it failed, and is tried again after the delay of the policy
            assertThat(poller.outcomes("m-1"))
                    .singleElement()
                    .isInstanceOfSatisfying(
                            Outcome.Failed.class,
                            failed -> assertThat(failed.cause()).isInstanceOf(StackOverflowError.class));
            assertThat(poller.queue().log().visibilityChanges())
                    .extracting(change -> change.timeout())
                    .containsExactly(Given.DELAY);
        }
    }

    @Test
    @Promise({3, 13})
    void a_lease_that_is_lost_when_the_handler_has_returned_interrupts_nobody() {
        // given a store that takes 20 s to complete a claim
        Fork fork = Given.fork()
                .on("signup", String.class, seen::add)
                .idempotency(Idempotency.in(new Store() {
                    @Override
                    public boolean complete(String key, String token, Duration rememberFor) {
                        try {
                            harness.time().sleep(seconds(20));
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        flags.add(Thread.currentThread().isInterrupted());
                        return true;
                    }
                }))
                .build();
        harness = ForkHarness.poller(fork)
                .visibilityTimeout(seconds(30))
                .handlersOnThreads()
                .build();
        harness.queue().faults().always(Call.CHANGE_VISIBILITY, Fault.answering(Entry.FINAL));

        // when the lease is lost meanwhile
        harness.deliver(signup("m-1"));
        harness.advance(seconds(21));

        // then its thread was left alone
        assertThat(seen.ids()).containsExactly("m-1");
        assertThat(flags).containsExactly(false);
        harness.close();
    }

    @Test
    @Promise(3)
    void an_interrupt_that_the_store_leaves_behind_does_not_reach_the_handler() {
        Fork fork = Given.fork()
                .on(
                        "signup",
                        String.class,
                        event -> flags.add(Thread.currentThread().isInterrupted()))
                .idempotency(Idempotency.in(new Store() {
                    @Override
                    public Claim claim(String key, Duration hold) {
                        Thread.currentThread().interrupt();
                        return new Claim.Acquired("token");
                    }
                }))
                .build();
        try (PollerHarness poller = ForkHarness.poller(fork).build()) {
            poller.deliver(signup("m-1"));
            poller.advance(seconds(1));

            assertThat(flags).containsExactly(false);
        }
    }

    @Test
    @Promise(3)
    void what_a_listener_throws_is_dropped_be_it_an_error() {
        Fork fork = Given.fork()
                .on("signup", String.class, seen::add)
                .listen(new ForkListener() {
                    @Override
                    public Scope started(Event<?> event) {
                        throw new AssertionError("started");
                    }

                    @Override
                    public void finished(Delivery delivery, Outcome outcome) {
                        throw new NoClassDefFoundError("finished");
                    }

                    @Override
                    public void settled(Delivery delivery, Settlement settlement) {
                        throw new StackOverflowError("settled");
                    }
                })
                .build();
        try (PollerHarness poller = ForkHarness.poller(fork).build()) {
            poller.deliver(signup("m-1"), signup("m-2"));
            poller.advance(seconds(1));

            assertThat(seen.ids()).containsExactly("m-1", "m-2");
            assertThat(poller.outcomes("m-1")).containsExactly(new Outcome.Handled());
            assertThat(poller.queue().messages()).isEmpty();
        }
    }

    @Test
    @Promise(4)
    void a_payload_reader_that_throws_anything_else_is_a_rejection_without_its_text() {
        Fork fork = Given.fork()
                .payloads(throwing(new IllegalArgumentException("no such user: s3cret")))
                .on("signup", String.class, seen::add)
                .build();

        assertRejected(fork, "the PayloadReader threw java.lang.IllegalArgumentException");
    }

    @Test
    @Promise(4)
    void a_type_function_that_throws_is_a_rejection_without_its_text() {
        Fork fork = Given.fork()
                .type(EventType.from(envelope -> {
                    throw new IllegalArgumentException("no such type: s3cret");
                }))
                .on("signup", String.class, seen::add)
                .build();

        assertRejected(fork, "the type function threw java.lang.IllegalArgumentException");
    }

    private void assertRejected(Fork fork, String why) {
        try (PollerHarness poller = ForkHarness.poller(fork).build()) {
            poller.deliver(signup("m-1"));
            poller.advance(seconds(1));

            assertThat(poller.outcomes("m-1"))
                    .singleElement()
                    .isInstanceOfSatisfying(
                            Outcome.Rejected.class,
                            rejected ->
                                    assertThat(rejected.reason()).contains(why).doesNotContain("s3cret"));
            assertThat(poller.deadLetters())
                    .extracting(InMemoryQueue.Item::from)
                    .containsExactly("m-1");
        }
    }

    private static PayloadReader throwing(Throwable problem) {
        return new PayloadReader() {
            @Override
            public <T> T read(String text, Class<T> type) {
                if (problem instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) problem;
            }
        };
    }

    /** A store that grants and believes everything. */
    private static class Store implements IdempotencyStore {
        @Override
        public Claim claim(String key, Duration hold) {
            return new Claim.Acquired("token");
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
}
