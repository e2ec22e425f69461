package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.eventfork.Delivery;
import io.github.eventfork.Event;
import io.github.eventfork.Fork;
import io.github.eventfork.ForkListener;
import io.github.eventfork.Health;
import io.github.eventfork.Idempotency;
import io.github.eventfork.Outcome;
import io.github.eventfork.Settlement;
import io.github.eventfork.conformance.WatchedStore.Call;
import io.github.eventfork.payload.PayloadReader;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.LambdaHarness;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.PollerHarness;
import io.github.eventfork.testkit.QueueLog;
import io.github.eventfork.testkit.Step;
import io.github.eventfork.testkit.VirtualRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** An error fails its record, or stops the adapter; a thread is interrupted only while its handler runs. */
@Promise(3)
class Promise03ErrorsTest {

    private final Given.Seen seen = new Given.Seen();
    private final List<Boolean> flags = new ArrayList<>();
    private PollerHarness harness;

    static Stream<Supplier<Error>> errorsOfARecord() {
        return Stream.of(StackOverflowError::new, AssertionError::new, NoClassDefFoundError::new);
    }

    @ParameterizedTest
    @MethodSource("errorsOfARecord")
    void an_error_fails_its_record_and_the_poller_goes_on(Supplier<Error> error) {
        for (Pollers pollers : Pollers.values()) {
            try (PollerHarness poller = pollers.of(throwing(error)).build()) {
                // given a route that works: so a class that is missing is missing in a branch of its handler
                poller.deliver(signup("first"));
                poller.deliver(signup("bad"), signup("good"));
                poller.advance(seconds(1));

                assertThat(poller.outcomes("bad")).singleElement().isInstanceOf(Outcome.Failed.class);
                assertThat(poller.outcomes("good")).containsExactly(new Outcome.Handled());
                assertThat(poller.health().status()).isEqualTo(Health.Status.RUNNING);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Promise({3, 10})
    void a_class_that_a_route_lacks_from_its_first_run_on_makes_no_dead_letter_and_stops_no_other_route(
            Pollers pollers) {
        // given a route whose handler finds a class missing each time, and one that works
        Fork fork = Given.fork()
                .on("signup", String.class, event -> {
                    seen.add(event);
                    throw new NoSuchMethodError("'void com.example.Client.send()'");
                })
                .on("login", String.class, seen::add)
                .build();
        try (PollerHarness poller = pollers.of(fork).build()) {
            poller.deliver(signup("bad"));
            poller.advance(Duration.ofHours(1));
            poller.deliver(Message.sns("login", "{}").messageId("good"));
            poller.advance(seconds(1));

            // then its message waits, is seldom tried, and keeps its receives
            assertThat(poller.timeline().steps(Step.Received.class)).containsOnly(new Step.Received(1));
            assertThat(seen.ids()).hasSizeLessThan(16).last().isEqualTo("good");
            assertThat(poller.deadLetters()).isEmpty();
            assertThat(poller.health().status()).isEqualTo(Health.Status.FAILING);
            assertThat(poller.health().problem())
                    .hasValueSatisfying(problem -> assertThat(problem).contains("com.example.Client.send()"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_class_that_only_a_branch_of_a_handler_lacks_fails_its_record_when_another_has_got_through(Pollers pollers) {
        // given a message that meets with the branch first
        try (PollerHarness poller =
                pollers.of(throwing(NoClassDefFoundError::new)).build()) {
            poller.deliver(signup("bad"));
            poller.advance(Duration.ofMinutes(1));
            assertThat(poller.health().status()).isEqualTo(Health.Status.FAILING);

            // when another takes the other branch
            poller.deliver(signup("good"));
            poller.advance(Duration.ofMinutes(5));

            // then the first has failed, is a dead letter after its attempts, and all is well again
            assertThat(poller.deadLetters()).hasSize(1);
            assertThat(poller.queue().messages()).isEmpty();
            assertThat(poller.health().status()).isEqualTo(Health.Status.RUNNING);
        }
    }

    @ParameterizedTest
    @MethodSource("errorsOfARecord")
    void on_lambda_an_error_fails_its_record_and_no_other(Supplier<Error> error) {
        for (Functions functions : Functions.values()) {
            try (LambdaHarness lambda = functions.of(throwing(error)).build()) {
                assertThat(lambda.invoke(signup("good"), signup("bad"), signup("good-too")))
                        .containsExactly("bad");
                assertThat(lambda.outcomes("good-too")).containsExactly(new Outcome.Handled());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_endless_recursion_fails_its_record(Functions functions) {
        Fork fork = Given.fork().on("signup", String.class, event -> recurse(1)).build();
        try (LambdaHarness harness = functions.of(fork).build()) {
            assertThat(harness.invoke(signup("m-1"))).containsExactly("m-1");

            // then whoever watched the run was told of it as well
            assertThat(harness.timeline().steps(Step.Ran.class))
                    .singleElement()
                    .satisfies(ran -> assertThat(ran.outcome())
                            .isInstanceOfSatisfying(
                                    Outcome.Failed.class,
                                    failed -> assertThat(failed.cause()).isInstanceOf(StackOverflowError.class)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_payload_that_overflows_the_stack_fails_its_record_as_the_handler_would(Pollers pollers) {
        Fork fork = Given.fork()
                .payloads(overflowing())
                .on("signup", String.class, seen::add)
                .build();
        try (PollerHarness poller = pollers.of(fork).build()) {
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

    @ParameterizedTest
    @EnumSource
    void an_error_of_the_virtual_machine_stops_the_poller_and_settles_nothing(Pollers pollers) {
        PollerHarness harness =
                pollers.of(throwing(OutOfMemoryError::new)).concurrency(1).build();

        harness.deliver(signup("bad"), signup("good"));
        harness.advance(Duration.ofMinutes(5));

        assertThat(harness.health().status()).isEqualTo(Health.Status.STOPPED);
        assertThat(harness.health().problem())
                .hasValueSatisfying(text -> assertThat(text).contains("OutOfMemoryError"));
        assertThat(harness.queue().log().deletes()).isEmpty();
        assertThat(harness.queue().log().visibilityChanges())
                .extracting(QueueLog.VisibilityChange::messageId)
                .doesNotContain("bad");
        assertThat(harness.queue().messages()).hasSize(2);
    }

    /** Where such an error may come from, on the threads of handlers, renewals, timers and of the queue's answers. */
    private enum Source {
        CLAIM,
        RENEWAL_OF_A_CLAIM,
        STARTED,
        FINISHED,
        SETTLED,
        LEASE_LOST,
        CLAIM_LOST,
        LISTENER_OF_A_LEASE,
        LISTENER_OF_WHAT_NEED_NOT_RUN,
        RECEIVE,
        CHANGE_VISIBILITY,
        DELETE;

        /** A store that has the error, or refuses renewals. */
        WatchedStore store(LongSupplier nanoTime) {
            WatchedStore store = new WatchedStore(nanoTime);
            return switch (this) {
                case CLAIM -> store.at(Call.CLAIM, Source::fail);
                case RENEWAL_OF_A_CLAIM -> store.at(Call.RENEW, Source::fail);
                case CLAIM_LOST -> store.refusing(Call.RENEW);
                default -> store;
            };
        }

        /** The call of the queue that ends in the error, if one does. */
        Optional<InMemoryQueue.Call> call() {
            return Stream.of(InMemoryQueue.Call.values())
                    .filter(call -> call.name().equals(name()))
                    .findFirst();
        }

        /** Whether the queue takes the lease away. */
        boolean losesLease() {
            return this == LEASE_LOST || this == LISTENER_OF_A_LEASE;
        }

        void failAt(Source here) {
            if (this == here) {
                fail();
            }
        }

        private static void fail() {
            throw new OutOfMemoryError("of the test");
        }
    }

    /** A listener that meets with such an error. */
    private record Failing(Source source) implements ForkListener {
        @Override
        public Scope started(Event<?> event) {
            source.failAt(Source.STARTED);
            return Scope.NONE;
        }

        @Override
        public void finished(Delivery delivery, Outcome outcome) {
            source.failAt(Source.FINISHED);
            if (outcome instanceof Outcome.Duplicate) {
                source.failAt(Source.LISTENER_OF_WHAT_NEED_NOT_RUN);
            }
        }

        @Override
        public void settled(Delivery delivery, Settlement settlement) {
            source.failAt(Source.SETTLED);
        }

        @Override
        public void leaseLost(Delivery delivery) {
            source.failAt(Source.LEASE_LOST);
        }

        @Override
        public void claimLost(Delivery delivery) {
            source.failAt(Source.CLAIM_LOST);
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_error_of_the_virtual_machine_stops_the_poller_wherever_it_comes_from(Source source) {
        for (Pollers pollers : Pollers.values()) {
            // given a handler that runs for longer than half a lease
            VirtualRuntime time = VirtualRuntime.handlersOnThreads(1);
            Fork fork = Given.fork()
                    .on("signup", String.class, event -> {
                        event.lease().onLost(() -> source.failAt(Source.LISTENER_OF_A_LEASE));
                        time.sleep(seconds(20));
                    })
                    .idempotency(Idempotency.in(source.store(time::nanoTime)))
                    .listen(new Failing(source))
                    .build();
            PollerHarness harness =
                    pollers.of(fork).time(time).visibilityTimeout(seconds(30)).build();
            if (source.losesLease()) {
                harness.queue().faults().always(InMemoryQueue.Call.CHANGE_VISIBILITY, Fault.answering(Entry.FINAL));
            }
            source.call()
                    .ifPresent(call ->
                            harness.queue().faults().always(call, Fault.failing(new OutOfMemoryError("of the test"))));

            // when
            harness.queue().sendTwice(signup("m-1"));
            harness.advance(seconds(50));

            // then
            assertThat(harness.health().status()).as(pollers.name()).isEqualTo(Health.Status.STOPPED);
            harness.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_error_of_the_virtual_machine_interrupts_what_else_runs_in_the_invocation(Functions functions) {
        // given a handler that waits, and one beside it that meets with such an error
        List<String> interrupted = new ArrayList<>();
        LambdaHarness[] harness = new LambdaHarness[1];
        harness[0] = functions
                .of(Given.fork()
                        .on("signup", String.class, event -> {
                            if (event.delivery().messageId().equals("bad")) {
                                throw new OutOfMemoryError("of the test");
                            }
                            try {
                                harness[0].time().sleep(seconds(10));
                            } catch (InterruptedException e) {
                                interrupted.add(event.delivery().messageId());
                            }
                        })
                        .build())
                .concurrency(2)
                .handlersOnThreads()
                .build();

        assertThatThrownBy(() -> harness[0].invoke(signup("slow"), signup("bad")))
                .isInstanceOf(OutOfMemoryError.class);
        harness[0].run();

        assertThat(interrupted).containsExactly("slow");
    }

    @ParameterizedTest
    @EnumSource
    void an_error_of_the_virtual_machine_fails_the_invocation(Functions functions) {
        LambdaHarness harness = functions.of(throwing(OutOfMemoryError::new)).build();

        assertThatThrownBy(() -> harness.invoke(signup("bad"))).isInstanceOf(OutOfMemoryError.class);
    }

    @ParameterizedTest
    @EnumSource
    void an_interrupt_that_the_handler_leaves_behind_reaches_neither_store_nor_listener_nor_the_next_run(
            Pollers pollers) {
        // given a handler that leaves its thread interrupted, and a store and a listener that look at the flag
        Fork fork = Given.fork()
                .on("signup", String.class, event -> {
                    flags.add(Thread.currentThread().isInterrupted());
                    Thread.currentThread().interrupt();
                })
                .idempotency(Idempotency.in(looking()))
                .listen(new ForkListener() {
                    @Override
                    public Scope started(Event<?> event) {
                        return outcome -> flags.add(Thread.currentThread().isInterrupted());
                    }
                })
                .build();
        try (PollerHarness harness = pollers.of(fork).build()) {
            harness.deliver(signup("m-1"), signup("m-2"));
            harness.advance(seconds(1));

            assertThat(flags).hasSize(8).containsOnly(false);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_interrupt_that_a_failing_handler_leaves_behind_does_not_reach_the_store(Pollers pollers) {
        Fork fork = Given.fork()
                .on("signup", String.class, event -> {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("interrupted and failing");
                })
                .idempotency(Idempotency.in(looking()))
                .build();
        try (PollerHarness poller = pollers.of(fork).build()) {
            poller.deliver(signup("m-1"));
            poller.advance(seconds(1));

            // then neither the claim nor its release met with it
            assertThat(flags).containsExactly(false, false);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Promise(3)
    void an_interrupt_that_the_store_leaves_behind_does_not_reach_the_handler(Pollers pollers) {
        Fork fork = Given.fork()
                .on(
                        "signup",
                        String.class,
                        event -> flags.add(Thread.currentThread().isInterrupted()))
                .idempotency(Idempotency.in(new WatchedStore(System::nanoTime)
                        .at(Call.CLAIM, () -> Thread.currentThread().interrupt())))
                .build();
        try (PollerHarness poller = pollers.of(fork).build()) {
            poller.deliver(signup("m-1"));
            poller.advance(seconds(1));

            assertThat(flags).containsExactly(false);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Promise({3, 13})
    void a_lease_that_is_lost_when_the_handler_has_returned_interrupts_nobody(Pollers pollers) {
        // given a store that takes 20 s to complete a claim
        Fork fork = Given.fork()
                .on("signup", String.class, seen::add)
                .idempotency(Idempotency.in(looking().at(Call.COMPLETE, () -> {
                    harness.time().sleep(seconds(20));
                    flags.add(Thread.currentThread().isInterrupted());
                })))
                .build();
        harness = pollers.of(fork)
                .visibilityTimeout(seconds(30))
                .handlersOnThreads()
                .build();
        harness.queue().faults().always(InMemoryQueue.Call.CHANGE_VISIBILITY, Fault.answering(Entry.FINAL));

        // when the lease is lost meanwhile
        harness.deliver(signup("m-1"));
        harness.advance(seconds(21));

        // then its thread was left alone
        assertThat(seen.ids()).containsExactly("m-1");
        assertThat(flags).containsExactly(false, false);
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    void what_a_listener_throws_is_dropped_be_it_an_error(Pollers pollers) {
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
        try (PollerHarness poller = pollers.of(fork).build()) {
            poller.deliver(signup("m-1"), signup("m-2"));
            poller.advance(seconds(1));

            assertThat(seen.ids()).containsExactly("m-1", "m-2");
            assertThat(poller.outcomes("m-1")).containsExactly(new Outcome.Handled());
            assertThat(poller.queue().messages()).isEmpty();
        }
    }

    private static int recurse(int depth) {
        return recurse(depth + 1) + 1;
    }

    private Fork throwing(Supplier<Error> error) {
        return Given.fork()
                .on("signup", String.class, event -> {
                    seen.add(event);
                    if (event.delivery().messageId().equals("bad")) {
                        throw error.get();
                    }
                })
                .build();
    }

    /** A store that notes whether its caller's thread is interrupted. */
    private WatchedStore looking() {
        WatchedStore.Hook look = () -> flags.add(Thread.currentThread().isInterrupted());
        return new WatchedStore(System::nanoTime)
                .at(Call.CLAIM, look)
                .at(Call.COMPLETE, look)
                .at(Call.RELEASE, look);
    }

    private static PayloadReader overflowing() {
        return new PayloadReader() {
            @Override
            public <T> T read(String text, Class<T> type) {
                throw new StackOverflowError();
            }
        };
    }
}
