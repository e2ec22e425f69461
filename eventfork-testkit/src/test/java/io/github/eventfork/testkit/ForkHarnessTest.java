package io.github.eventfork.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.eventfork.Delivery;
import io.github.eventfork.Fork;
import io.github.eventfork.ForkListener;
import io.github.eventfork.Health;
import io.github.eventfork.Idempotency;
import io.github.eventfork.Outcome;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.RetryPolicy;
import io.github.eventfork.Settlement;
import io.github.eventfork.Settler;
import io.github.eventfork.idempotency.IdempotencyStore;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import io.github.eventfork.queue.BatchingSettler;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.queue.Receiver;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ForkHarnessTest {

    record Signup(String email) {}

    private static final Duration A_WHILE = Duration.ofSeconds(2);

    private final List<String> handled = new ArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();

    private final Fork fork = Fork.named("mailing-list")
            .on("signup", Signup.class, event -> {
                if (failures.getAndDecrement() > 0) {
                    throw new IllegalStateException("the list is down");
                }
                handled.add(event.payload().email());
            })
            .on("never", Signup.class, event -> {
                throw new RejectedEventException("never");
            })
            .retry(RetryPolicy.fixed(Duration.ofSeconds(10)).withAttempts(3))
            .build();

    private static Message signup(String email) {
        return Message.sns("signup", "{\"email\":\"" + email + "\"}");
    }

    private interface Adapter {
        ForkHarness with(Fork fork);
    }

    static Stream<Adapter> adapters() {
        return Stream.of(
                fork -> ForkHarness.poller(fork).build(),
                fork -> ForkHarness.lambda(fork).settler().build());
    }

    @ParameterizedTest
    @MethodSource("adapters")
    void an_event_is_handled_and_its_message_deleted(Adapter adapter) {
        // given
        ForkHarness harness = adapter.with(fork);

        // when
        harness.deliver(signup("ada@example.org").messageId("m-7"));
        harness.advance(A_WHILE);

        // then
        assertThat(handled).containsExactly("ada@example.org");
        assertThat(harness.outcomes("m-7")).containsExactly(new Outcome.Handled());
        assertThat(harness.timeline().settlements("m-7")).containsExactly(new Settlement.Acknowledge());
        assertThat(harness.queue().messages()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("adapters")
    void a_failed_event_comes_back_after_its_delay(Adapter adapter) {
        // given
        ForkHarness harness = adapter.with(fork);
        failures.set(1);

        // when
        harness.deliver(signup("ada@example.org"));
        harness.advance(Duration.ofSeconds(9));
        List<String> before = List.copyOf(handled);
        harness.advance(A_WHILE);

        // then
        assertThat(before).isEmpty();
        assertThat(handled).containsExactly("ada@example.org");
        assertThat(harness.timeline().settlements("m-1"))
                .containsExactly(new Settlement.GiveBack(Duration.ofSeconds(10)), new Settlement.Acknowledge());
    }

    @ParameterizedTest
    @MethodSource("adapters")
    void an_event_that_fails_at_each_attempt_becomes_a_dead_letter(Adapter adapter) {
        // given
        ForkHarness harness = adapter.with(fork);
        failures.set(3);

        // when
        harness.deliver(signup("ada@example.org").messageId("m-7"));
        harness.advance(Duration.ofMinutes(1));

        // then
        assertThat(handled).isEmpty();
        assertThat(harness.queue().messages()).isEmpty();
        assertThat(harness.deadLetters()).extracting(InMemoryQueue.Item::from).containsExactly("m-7");
        assertThat(harness.deadLetters().get(0).attributes().text("eventfork"))
                .hasValueSatisfying(note -> assertThat(note).contains("the list is down"));
    }

    @ParameterizedTest
    @MethodSource("adapters")
    void a_rejected_event_becomes_a_dead_letter_at_once(Adapter adapter) {
        // given
        ForkHarness harness = adapter.with(fork);

        // when
        harness.deliver(Message.raw("never", "{\"email\":\"ada@example.org\"}"));
        harness.advance(A_WHILE);

        // then
        assertThat(harness.deadLetters()).hasSize(1);
        assertThat(harness.queue().log().movedAway()).isEmpty();
    }

    @Test
    void a_message_group_of_a_fifo_queue_is_handled_in_order() {
        // given
        PollerHarness harness = ForkHarness.poller(fork).fifo().build();
        failures.set(2);

        // when
        harness.deliver(IntStream.range(0, 50)
                .mapToObj(i -> signup(i % 2 + "-" + i).group("g-" + i % 2))
                .toArray(Message[]::new));
        harness.advance(Duration.ofMinutes(5));

        // then
        assertThat(handled.stream().filter(email -> email.startsWith("0")))
                .containsExactlyElementsOf(IntStream.range(0, 50)
                        .filter(i -> i % 2 == 0)
                        .mapToObj(i -> "0-" + i)
                        .toList());
        assertThat(handled).hasSize(50);
    }

    @Test
    void ten_thousand_messages_of_one_lane_are_handled() {
        // given
        PollerHarness harness = ForkHarness.poller(fork).fifo().inHand(20_000).build();

        // when
        harness.deliver(IntStream.range(0, 10_000)
                .mapToObj(i -> signup("e-" + i).group("one"))
                .toArray(Message[]::new));
        harness.advance(Duration.ofMinutes(10));

        // then
        assertThat(handled).hasSize(10_000).isSortedAccordingTo((a, b) -> 0);
        assertThat(harness.queue().messages()).isEmpty();
    }

    @Test
    void a_poller_that_is_closed_has_settled_what_it_had() {
        // given
        PollerHarness harness = ForkHarness.poller(fork).build();
        harness.deliver(signup("ada@example.org"));

        // when
        harness.close();

        // then
        assertThat(harness.queue().messages()).isEmpty();
        assertThat(harness.time().keptAliveBy()).isEmpty();
    }

    @Test
    void an_invocation_answers_with_what_is_to_be_retried() {
        // given
        LambdaHarness harness = ForkHarness.lambda(fork).build();
        failures.set(1);

        // when
        List<String> retried =
                harness.invoke(signup("a").messageId("m-1"), signup("b").messageId("m-2"));

        // then
        assertThat(retried).containsExactly("m-1");
        assertThat(handled).containsExactly("b");
        assertThat(harness.queue().messages())
                .extracting(InMemoryQueue.Item::messageId)
                .containsExactly("m-1");
    }

    @Test
    void what_lambda_could_not_delete_comes_again_after_its_visibility_timeout() {
        // given
        LambdaHarness harness = ForkHarness.lambda(fork)
                .visibilityTimeout(Duration.ofSeconds(60))
                .build();
        harness.queue().faults().next(Call.DELETE, Fault.failing(new IllegalStateException("reset")));

        // when
        harness.deliver(signup("ada@example.org").messageId("m-7"));
        harness.advance(Duration.ofSeconds(59));
        List<String> before = List.copyOf(handled);
        harness.advance(A_WHILE);

        // then
        assertThat(before).containsExactly("ada@example.org");
        assertThat(harness.timeline().of("m-7"))
                .extracting(moment -> moment.step().toString())
                .containsExactly(
                        "sent",
                        "received (1)",
                        "started: 'signup', attempt 1",
                        "ended",
                        "handled",
                        "acknowledged",
                        "delete failed: java.lang.IllegalStateException: reset",
                        "received (2)",
                        "started: 'signup', attempt 2",
                        "ended",
                        "handled",
                        "acknowledged");
        assertThat(harness.queue().messages()).isEmpty();
    }

    static Stream<Arguments> deletesThatGoWrong() {
        return Stream.of(
                Arguments.of(Fault.failing(), List.of("m-1", "m-2", "m-3")),
                Arguments.of(Fault.answering(Entry.RETRIABLE, 1), List.of("m-2")),
                Arguments.of(Fault.leavingOut(1), List.of("m-3")),
                Arguments.of(Fault.lost(), List.of()),
                Arguments.of(Fault.delayed(A_WHILE), List.of()));
    }

    @ParameterizedTest
    @MethodSource("deletesThatGoWrong")
    void lambda_deletes_all_in_one_and_what_goes_wrong_with_that_does_not_change_the_answer(
            Fault fault, List<String> left) {
        // given
        LambdaHarness harness = ForkHarness.lambda(fork).build();
        harness.queue().faults().next(Call.DELETE, fault);

        // when
        List<String> retried = harness.invoke(
                signup("a").messageId("m-1"),
                signup("b").messageId("m-2"),
                signup("c").messageId("m-3"));

        // then
        assertThat(retried).isEmpty();
        assertThat(harness.queue().messages())
                .extracting(InMemoryQueue.Item::messageId)
                .containsExactlyElementsOf(left);
        assertThat(harness.timeline().steps(Step.WentWrong.class))
                .isNotEmpty()
                .containsOnly(new Step.WentWrong(Call.DELETE, fault));
    }

    @Test
    void once_closed_the_mapping_takes_no_message_by_the_poll_that_waits() {
        // given
        LambdaHarness harness = ForkHarness.lambda(fork).build();

        // when
        harness.close();
        harness.deliver(signup("ada@example.org"));
        harness.advance(Duration.ofMinutes(1));

        // then
        assertThat(handled).isEmpty();
        assertThat(harness.queue().messages())
                .singleElement()
                .satisfies(item -> assertThat(item.receives()).isZero());
    }

    static Stream<LambdaAdapter> failingFunctions() {
        IllegalStateException failure = new IllegalStateException("no init");
        return Stream.of((batch, remaining) -> CompletableFuture.failedFuture(failure), (batch, remaining) -> {
            throw failure;
        });
    }

    @ParameterizedTest
    @MethodSource("failingFunctions")
    void an_invocation_that_fails_is_in_the_timeline_with_its_cause_and_is_made_again(LambdaAdapter function) {
        // given
        LambdaHarness harness = ForkHarness.lambda(fork)
                .visibilityTimeout(Duration.ofSeconds(30))
                .adapter((fork, queue, runtime, options) -> function)
                .build();

        // when
        harness.deliver(signup("ada@example.org").messageId("m-7"));
        harness.advance(Duration.ofSeconds(35));

        // then
        assertThat(harness.timeline().of("m-7"))
                .extracting(moment -> moment.step().toString())
                .containsExactly(
                        "sent",
                        "received (1)",
                        "invocation failed: java.lang.IllegalStateException: no init",
                        "reported to Lambda as failed",
                        "received (2)",
                        "invocation failed: java.lang.IllegalStateException: no init",
                        "reported to Lambda as failed");
    }

    @Test
    void a_function_that_never_answers_ends_with_its_time_and_the_mapping_goes_on() {
        // given
        LambdaHarness harness = silent();

        // when
        harness.deliver(signup("a").messageId("m-1"));
        harness.advance(Duration.ofSeconds(29));
        boolean before = harness.timeline().steps(Step.InvocationFailed.class).isEmpty();
        harness.advance(A_WHILE);
        harness.deliver(signup("b").messageId("m-2"));

        // then
        assertThat(before).isTrue();
        assertThat(harness.timeline().of("m-1"))
                .extracting(moment -> moment.step().toString())
                .endsWith(
                        "invocation failed: java.util.concurrent.TimeoutException: no answer within 30s",
                        "reported to Lambda as failed");
        assertThat(harness.timeline().of("m-2"))
                .extracting(Timeline.Moment::step)
                .endsWith(new Step.Received(1));
    }

    @Test
    void an_invocation_without_an_answer_reports_all_when_its_time_is_over() {
        // given
        LambdaHarness harness = silent();

        // when
        List<String> retried =
                harness.invoke(signup("a").messageId("m-1"), signup("b").messageId("m-2"));

        // then
        assertThat(retried).containsExactly("m-1", "m-2");
        assertThat(harness.time().elapsed()).isEqualTo(Duration.ofSeconds(30));
        assertThat(harness.timeline().steps(Step.InvocationFailed.class)).hasSize(2);
    }

    private LambdaHarness silent() {
        return ForkHarness.lambda(fork)
                .adapter((fork, queue, runtime, options) -> (batch, remaining) -> new CompletableFuture<>())
                .build();
    }

    @Test
    void a_settler_of_ones_own_is_refused_where_another_one_settles() {
        Settler settler = new BatchingSettler(
                InMemoryQueue.named("other", VirtualRuntime.seeded(1)).build(), VirtualRuntime.seeded(1));

        assertThatThrownBy(() ->
                        ForkHarness.lambda(fork).settler(settler).settler().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("settler(..), and settler() too");
        assertThatThrownBy(() -> ForkHarness.lambda(fork)
                        .adapter((fork, queue, runtime, options) -> (batch, remaining) -> new CompletableFuture<>())
                        .settler(settler)
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("settler(..), and an adapter(..)");
    }

    @Test
    void what_a_poller_is_made_with_does_not_depend_on_the_order_in_which_it_was_said() {
        assertThat(optionsOf(ForkHarness.poller(fork).inHand(12).concurrency(5)))
                .isEqualTo(optionsOf(ForkHarness.poller(fork).concurrency(5).inHand(12)))
                .returns(12, Receiver.Options::inHand);
        assertThat(optionsOf(ForkHarness.poller(fork).inHand(2).concurrency(2))).returns(2, Receiver.Options::inHand);
        assertThat(optionsOf(ForkHarness.poller(fork).concurrency(3))).returns(24, Receiver.Options::inHand);
        assertThat(optionsOf(ForkHarness.poller(fork))).isEqualTo(Receiver.Options.defaults());
    }

    private static Receiver.Options optionsOf(PollerHarness.Builder builder) {
        List<Receiver.Options> given = new ArrayList<>();
        builder.adapter((fork, queue, runtime, options) -> {
                    given.add(options);
                    return new IdlePoller();
                })
                .build();
        return given.get(0);
    }

    private static final class IdlePoller implements PollerAdapter {

        @Override
        public void start() {}

        @Override
        public void pause() {}

        @Override
        public void resume() {}

        @Override
        public Health health() {
            return new Health(Health.Status.NEW, Instant.EPOCH, Optional.empty(), Optional.empty());
        }

        @Override
        public void close() {}
    }

    @Test
    void a_handler_on_a_thread_of_its_own_can_be_held() {
        // given
        AtomicInteger done = new AtomicInteger();
        Hold[] hold = new Hold[1];
        Fork holding = Fork.named("holding")
                .on("signup", Signup.class, event -> {
                    hold[0].await();
                    done.incrementAndGet();
                })
                .build();
        PollerHarness harness = ForkHarness.poller(holding).handlersOnThreads().build();
        hold[0] = harness.hold();

        // when its lease would have run out ten times over
        harness.deliver(signup("a"));
        harness.advance(Duration.ofMinutes(5));
        int before = done.get();
        hold[0].release();
        harness.advance(A_WHILE);

        // then
        assertThat(before).isZero();
        assertThat(done).hasValue(1);
        assertThat(harness.timeline().started()).containsExactly("m-1");
        assertThat(harness.queue().messages()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("adapters")
    void handlers_and_listeners_run_on_the_tests_thread_unless_it_asks_for_more(Adapter adapter) {
        // given
        Set<Thread> threads = new HashSet<>();
        Fork noting = Fork.named("noting")
                .on("signup", Signup.class, event -> threads.add(Thread.currentThread()))
                .listen(new ForkListener() {
                    @Override
                    public void settled(Delivery delivery, Settlement settlement) {
                        threads.add(Thread.currentThread());
                    }
                })
                .build();
        ForkHarness harness = adapter.with(noting);

        // when
        harness.deliver(signup("a"), signup("b"), signup("c"));
        harness.advance(Duration.ofMinutes(1));
        harness.close();

        // then
        assertThat(threads).containsExactly(Thread.currentThread());
    }

    @ParameterizedTest
    @MethodSource("adapters")
    void no_thread_is_started_behind_the_tests_back(Adapter adapter) {
        // given a fork with keys to claim and retries to wait for, and which threads there are
        Set<Thread> before = threads();
        Set<Thread> meanwhile = new HashSet<>();
        Fork noting = Fork.named("noting")
                .on("signup", Signup.class, event -> {
                    meanwhile.addAll(threads());
                    if (event.attempt() == 1) {
                        throw new IllegalStateException("the list is down");
                    }
                })
                .idempotency(Idempotency.in(new InMemoryIdempotencyStore()))
                .build();

        // when it runs, from the building of the harness to its end
        ForkHarness harness = adapter.with(noting);
        meanwhile.addAll(threads());
        harness.deliver(signup("a"), signup("b"));
        harness.advance(Duration.ofMinutes(10));
        meanwhile.addAll(threads());
        harness.close();
        meanwhile.addAll(threads());

        // then
        assertThat(harness.timeline().started()).containsExactlyInAnyOrder("m-1", "m-1", "m-2", "m-2");
        assertThat(before).containsAll(meanwhile);
    }

    /** All that live, but for those of the JVM itself, which come and go as it likes, in groups of their own. */
    private static Set<Thread> threads() {
        ThreadGroup tests = Thread.currentThread().getThreadGroup();
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> {
                    ThreadGroup group = thread.getThreadGroup();
                    return group != null && tests.parentOf(group);
                })
                .collect(Collectors.toSet());
    }

    @Test
    void a_harness_and_a_store_share_a_time() {
        // given
        VirtualRuntime time = VirtualRuntime.seeded(1);
        PollerHarness harness = ForkHarness.poller(fork(new InMemoryIdempotencyStore(10, time::nanoTime)))
                .time(time)
                .build();
        Message signup = signup("a");

        // when
        harness.deliver(signup, signup);
        harness.advance(Duration.ofHours(1));
        harness.deliver(signup);

        // then
        assertThat(harness.time()).isSameAs(time);
        EventforkAssertions.assertThat(harness)
                .handled("signup")
                .duplicate("m-2")
                .handled("signup")
                .nothingElse();
    }

    @Test
    void two_harnesses_that_share_a_time_and_a_store_do_not_do_the_same_work_at_once() {
        // given two processes on two queues, and a handler that takes its time
        VirtualRuntime time = VirtualRuntime.handlersOnThreads(1);
        Fork slow = Fork.named("slow")
                .on("signup", Signup.class, event -> time.sleep(Duration.ofSeconds(10)))
                .idempotency(Idempotency.in(new InMemoryIdempotencyStore(10, time::nanoTime)))
                .build();
        PollerHarness one = ForkHarness.poller(slow).time(time).build();
        PollerHarness other = ForkHarness.poller(slow).time(time).build();
        Message signup = signup("a");

        // when
        one.deliver(signup);
        other.deliver(signup);
        time.advance(Duration.ofMinutes(1));

        // then
        assertThat(one.outcomes("m-1")).containsExactly(new Outcome.Handled());
        assertThat(other.outcomes("m-1"))
                .endsWith(new Outcome.Duplicate())
                .hasAtLeastOneElementOfType(Outcome.Postponed.class)
                .doesNotContain(new Outcome.Handled());
    }

    @Test
    void a_poller_beside_another_takes_over_what_that_one_leaves_when_it_closes() {
        // given two processes with a fork of their own each, on one queue, as a deploy has them
        List<String> before = new ArrayList<>();
        List<String> after = new ArrayList<>();
        PollerHarness leaving = ForkHarness.poller(noting(before)).fifo().build();
        leaving.deliver(signup("ada@example.org").group("g"));
        PollerHarness coming = ForkHarness.poller(noting(after)).beside(leaving).build();

        // when the first closes and more is sent
        leaving.close();
        coming.deliver(
                signup("bob@example.org").group("g"), signup("cleo@example.org").group("g"));
        coming.advance(A_WHILE);

        // then the second has it, in one story
        assertThat(before).containsExactly("ada@example.org");
        assertThat(after).containsExactly("bob@example.org", "cleo@example.org");
        assertThat(coming.timeline().started()).containsExactly("m-1", "m-2", "m-3");
        assertThat(leaving.timeline()).isSameAs(coming.timeline());
        assertThat(coming.queue()).isSameAs(leaving.queue());
    }

    @ParameterizedTest
    @MethodSource("adaptersBeside")
    void two_processes_on_one_queue_that_share_a_store_do_a_message_that_both_have_once(
            Function<Fork, ForkHarness> first, BiFunction<Fork, ForkHarness, ForkHarness> second) {
        // given a handler that takes a while, in two processes at once
        VirtualRuntime[] time = new VirtualRuntime[1];
        IdempotencyStore store = new InMemoryIdempotencyStore(100, () -> time[0].nanoTime());
        Fork slow = Fork.named("mailing-list")
                .on("signup", Signup.class, event -> {
                    time[0].sleep(Duration.ofSeconds(5));
                    handled.add(event.payload().email());
                })
                .idempotency(Idempotency.in(store))
                .build();
        ForkHarness one = first.apply(slow);
        time[0] = one.time();
        ForkHarness two = second.apply(slow, one);

        // when a message is handed out to both
        one.deliverTwice(signup("ada@example.org").messageId("m-1"));
        one.advance(Duration.ofSeconds(1));
        assertThat(one.timeline().steps(Step.Received.class)).hasSize(2);
        two.advance(Duration.ofMinutes(1));

        // then one of them did it, and for the other it was done
        assertThat(handled).containsExactly("ada@example.org");
        assertThat(two.outcomes("m-1"))
                .contains(new Outcome.Handled(), new Outcome.Duplicate())
                .doesNotHaveDuplicates();
        one.close();
        two.close();
    }

    static Stream<Arguments> adaptersBeside() {
        Function<Fork, ForkHarness> poller =
                fork -> ForkHarness.poller(fork).inHand(10).handlersOnThreads().build();
        Function<Fork, ForkHarness> function =
                fork -> ForkHarness.lambda(fork).handlersOnThreads().build();
        BiFunction<Fork, ForkHarness, ForkHarness> pollerBeside =
                (fork, other) -> ForkHarness.poller(fork).beside(other).build();
        BiFunction<Fork, ForkHarness, ForkHarness> functionBeside =
                (fork, other) -> ForkHarness.lambda(fork).beside(other).build();
        return Stream.of(
                Arguments.of(poller, pollerBeside),
                Arguments.of(function, functionBeside),
                Arguments.of(poller, functionBeside));
    }

    @Test
    void a_harness_beside_another_has_no_queue_or_time_of_its_own_to_choose() {
        PollerHarness other = ForkHarness.poller(fork).build();

        assertThatThrownBy(() -> ForkHarness.poller(fork)
                        .beside(other)
                        .maxReceiveCount(7)
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("maxReceiveCount(..)");
        assertThatThrownBy(() -> ForkHarness.lambda(fork).seed(7).beside(other).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("seed(..)");
    }

    private static Fork noting(List<String> handled) {
        return Fork.named("mailing-list")
                .on("signup", Signup.class, event -> handled.add(event.payload().email()))
                .build();
    }

    @Test
    void a_runtime_brings_its_seed_and_its_threads_along() {
        VirtualRuntime time = VirtualRuntime.seeded(1);

        assertThatThrownBy(() -> ForkHarness.poller(fork).time(time).seed(2).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("time(..), and seed(..) or handlersOnThreads() too");
        assertThatThrownBy(() ->
                        ForkHarness.lambda(fork).handlersOnThreads().time(time).build())
                .isInstanceOf(IllegalStateException.class);
    }

    private Fork fork(IdempotencyStore store) {
        return Fork.named("once")
                .on("signup", Signup.class, event -> handled.add(event.payload().email()))
                .idempotency(Idempotency.in(store).rememberFor(Duration.ofHours(1)))
                .build();
    }

    @ParameterizedTest
    @MethodSource("adapters")
    void a_message_delivered_twice_at_once_is_handled_once_by_its_key(Adapter adapter) {
        // given
        ForkHarness harness = adapter.with(fork(new InMemoryIdempotencyStore()));

        // when
        String id = harness.deliverTwice(signup("a"));
        harness.advance(A_WHILE);

        // then
        assertThat(handled).containsExactly("a");
        assertThat(harness.outcomes(id)).containsExactly(new Outcome.Handled(), new Outcome.Duplicate());
        assertThat(harness.queue().messages()).isEmpty();
    }

    @Test
    void messages_delivered_out_of_order_keep_their_ids_and_change_their_order() {
        // given
        PollerHarness harness = ForkHarness.poller(fork).concurrency(1).build();

        // when
        List<String> ids = harness.deliverOutOfOrder(signup("a"), signup("b"), signup("c"));
        harness.advance(A_WHILE);

        // then
        assertThat(ids).containsExactly("m-1", "m-2", "m-3");
        assertThat(handled).containsExactlyInAnyOrder("a", "b", "c").isNotEqualTo(List.of("a", "b", "c"));
    }
}
