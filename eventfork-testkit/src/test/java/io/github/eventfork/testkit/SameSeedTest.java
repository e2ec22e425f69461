package io.github.eventfork.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Fork;
import io.github.eventfork.Idempotency;
import io.github.eventfork.IdempotencyKey;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.RetryPolicy;
import io.github.eventfork.Settlement;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.Timeline.Moment;
import java.time.Duration;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The same seed gives the same run: whole timelines of runs in which everything goes wrong by chance are compared. */
class SameSeedTest {

    private interface Adapter {
        ForkHarness with(Fork fork, VirtualRuntime time);
    }

    static Stream<Arguments> adapters() {
        return Stream.of(
                adapter(
                        "a poller",
                        VirtualRuntime::seeded,
                        (fork, time) -> ForkHarness.poller(fork)
                                .time(time)
                                .concurrency(3)
                                .roundTrip(Duration.ofMillis(15))
                                .build()),
                adapter(
                        "a poller on threads",
                        VirtualRuntime::handlersOnThreads,
                        (fork, time) -> ForkHarness.poller(fork)
                                .time(time)
                                .concurrency(3)
                                .roundTrip(Duration.ofMillis(15))
                                .build()),
                adapter(
                        "a poller of a FIFO queue",
                        VirtualRuntime::handlersOnThreads,
                        (fork, time) -> ForkHarness.poller(fork)
                                .time(time)
                                .concurrency(3)
                                .roundTrip(Duration.ofMillis(15))
                                .fifo()
                                .build()),
                adapter(
                        "Lambda",
                        VirtualRuntime::handlersOnThreads,
                        (fork, time) -> ForkHarness.lambda(fork)
                                .time(time)
                                .concurrency(3)
                                .roundTrip(Duration.ofMillis(15))
                                .settler()
                                .build()));
    }

    private static Arguments adapter(String name, LongFunction<VirtualRuntime> times, Adapter adapter) {
        return Arguments.of(name, times, adapter);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("adapters")
    void the_same_seed_gives_the_same_run_and_another_gives_another(
            String name, LongFunction<VirtualRuntime> times, Adapter adapter) {
        // when
        String run = new Chaos(adapter, times.apply(7)).run();

        // then it was chaos, and it comes again
        assertThat(run)
                .contains("claimed", "handled", "failed: ", "rejected: ", "given back", "dead-lettered", "duplicate")
                .contains("delete failed", "delete done, but its answer lost", "receive answered later by");
        assertThat(new Chaos(adapter, times.apply(7)).run()).isEqualTo(run);
        assertThat(new Chaos(adapter, times.apply(8)).run()).isNotEqualTo(run);
    }

    @Test
    void what_waits_for_another_try_goes_back_in_its_order_when_the_poller_closes() {
        // given
        PollerHarness harness = ForkHarness.poller(Fork.named("failing")
                        .on("signup", String.class, event -> {
                            throw new IllegalStateException("down");
                        })
                        .retry(RetryPolicy.fixed(Duration.ofSeconds(20)))
                        .build())
                .fifo()
                .build();
        harness.deliver(inGroupsOfTheirOwn(20));

        // when
        harness.close();

        // then
        assertThat(idsOf(harness, new Step.Settled(new Settlement.GiveBack(Duration.ofSeconds(20)))))
                .isEqualTo(ids(20));
    }

    @Test
    void leases_are_lost_in_their_order_when_the_poller_closes() {
        // given
        Hold[] hold = new Hold[1];
        PollerHarness harness = ForkHarness.poller(Fork.named("stubborn")
                        .on("signup", String.class, event -> hold[0].awaitIgnoringInterrupts())
                        .build())
                .handlersOnThreads()
                .build();
        hold[0] = harness.hold();
        harness.deliver(inGroupsOfTheirOwn(10));

        // when
        harness.close();

        // then
        assertThat(idsOf(harness, new Step.LeaseLost())).isEqualTo(ids(10));
        hold[0].release();
        harness.run();
    }

    private static Message[] inGroupsOfTheirOwn(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Message.sns("signup", "\"a\"").group("g-" + i))
                .toArray(Message[]::new);
    }

    private static List<String> ids(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> "m-" + i).toList();
    }

    private static List<String> idsOf(ForkHarness harness, Step step) {
        return harness.timeline().moments().stream()
                .filter(moment -> moment.step().equals(step))
                .map(Moment::messageId)
                .toList();
    }

    /** A run in which handlers take their time, fail and reject by chance, and so does each call. */
    private static final class Chaos {

        private final VirtualRuntime time;
        private final ForkHarness harness;

        Chaos(Adapter adapter, VirtualRuntime time) {
            this.time = time;
            this.harness = adapter.with(
                    Fork.named("chaos")
                            .on("signup", String.class, event -> handle())
                            .idempotency(Idempotency.in(new InMemoryIdempotencyStore(1_000, time::nanoTime))
                                    .by(IdempotencyKey.jsonPointer("")))
                            .retry(RetryPolicy.exponential(Duration.ofSeconds(1), Duration.ofMinutes(1))
                                    .withJitter()
                                    .withAttempts(3))
                            .build(),
                    time);
        }

        private void handle() throws InterruptedException {
            time.sleep(Duration.ofMillis(time.random().nextInt(20_000)));
            int chance = time.random().nextInt(10);
            if (chance < 4) {
                throw new IllegalStateException("down");
            }
            if (chance == 4) {
                throw new RejectedEventException("never");
            }
        }

        String run() {
            for (Call call : Call.values()) {
                harness.queue()
                        .faults()
                        .byChance(call, 0.1, Fault.failing())
                        .byChance(call, 0.1, Fault.lost())
                        .byChance(call, 0.1, Fault.delayed(Duration.ofSeconds(3)))
                        .byChance(call, 0.1, Fault.answering(Entry.RETRIABLE, 0))
                        .byChance(call, 0.1, Fault.leavingOut(1));
            }
            for (int i = 0; i < 10; i++) {
                harness.deliverOutOfOrder(signups(10 * i));
                harness.deliverTwice(signups(10 * i)[0]);
                harness.advance(Duration.ofSeconds(30));
            }
            harness.advance(Duration.ofMinutes(30));
            harness.deliver(signups(100));
            harness.advance(Duration.ofSeconds(5));
            harness.close();
            harness.advance(Duration.ofMinutes(1));
            return harness.timeline() + "\n" + harness.queue().log().calls() + "\n"
                    + harness.deadLetters().size();
        }

        private static Message[] signups(int from) {
            return IntStream.range(from, from + 8)
                    .mapToObj(i -> Message.sns("signup", "\"" + i + "\"").group("g-" + i % 3))
                    .toArray(Message[]::new);
        }
    }
}
