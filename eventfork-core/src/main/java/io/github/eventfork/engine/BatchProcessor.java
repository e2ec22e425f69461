package io.github.eventfork.engine;

import io.github.eventfork.Delivery;
import io.github.eventfork.Fork;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.Settlement;
import io.github.eventfork.Settler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes a batch that must be answered as a whole within a time: what a Lambda invocation is. Thread-safe: each batch
 * has a {@link Dispatcher} of its own, so batches share nothing but the fork.
 */
public final class BatchProcessor {

    private static final Logger log = LoggerFactory.getLogger(BatchProcessor.class);

    private final Fork fork;
    private final ForkRuntime runtime;
    private final int concurrency;
    private final Duration margin;
    private final Optional<Settler> settler;
    private final @Nullable ClassLoader context = Thread.currentThread().getContextClassLoader();
    private final AtomicBoolean toldOfNoSettler = new AtomicBoolean();

    /**
     * A processor of batches, whose handlers run with the context class loader of the thread that makes it.
     *
     * @param concurrency how many handlers run at once within a batch, at least 1
     * @param margin what a batch may take after its budget's end, to interrupt handlers and to settle
     * @param settler who carries delays and dead letters out; without one both are answered as given back
     */
    public BatchProcessor(Fork fork, ForkRuntime runtime, int concurrency, Duration margin, Optional<Settler> settler) {
        this.fork = fork;
        this.runtime = runtime;
        this.concurrency = concurrency;
        this.margin = Nanos.bounded(margin);
        this.settler = settler;
    }

    /**
     * Processes {@code batch} and answers, at the latest when {@code budget} and margin are over, with what stands of
     * each delivery. When the budget ends, what has not started is given back and running handlers are interrupted; a
     * handler that ignores that is left behind: its delivery counts as given back, its late result is dropped, its claim
     * expires by itself. The stage ends exceptionally only for a {@link VirtualMachineError}.
     */
    public CompletionStage<Map<Delivery, Settlement>> process(
            List<Delivery> batch, Function<Delivery, KeptLease> leases, Duration budget) {
        return new Batch().process(batch, leases, budget);
    }

    /** A delivery of the batch, its lease and what stands of it, once known. */
    private record Member(Delivery delivery, KeptLease lease, CompletableFuture<Settlement> standing) {

        Settlement known() {
            return standing.isDone() && !standing.isCompletedExceptionally()
                    ? standing.join()
                    : new Settlement.GiveBack(Duration.ZERO);
        }
    }

    /** One batch on its way. {@code answer} completes once; what comes later is dropped. */
    private final class Batch {

        private final CompletableFuture<Map<Delivery, Settlement>> answer = new CompletableFuture<>();
        private final List<Member> members = new ArrayList<>();
        private final Answering answering = new Answering();
        private final Dispatcher dispatcher = new Dispatcher(
                fork,
                runtime,
                answering,
                new Dispatcher.Limits(concurrency, Optional.empty(), settler.isPresent(), false),
                this::broken,
                context);

        CompletionStage<Map<Delivery, Settlement>> process(
                List<Delivery> batch, Function<Delivery, KeptLease> leases, Duration budget) {
            if (budget.isNegative() || budget.isZero()) {
                dispatcher.stop();
            }
            List<KeptLease> held = batch.stream().map(leases).toList();
            List<CompletionStage<Settlement>> standing = dispatcher.accept(batch, held);
            for (int i = 0; i < batch.size(); i++) {
                members.add(
                        new Member(batch.get(i), held.get(i), standing.get(i).toCompletableFuture()));
            }
            List<ForkRuntime.Cancellable> timers = timers(budget);
            CompletionStage<Void> allStand = CompletableFuture.allOf(
                    members.stream().map(Member::standing).toArray(CompletableFuture[]::new));
            allStand.whenComplete((all, error) -> dispatcher.afterListeners(this::give));
            return answer.whenComplete((given, error) -> timers.forEach(ForkRuntime.Cancellable::cancel));
        }

        /** Without them no answer would come in time. */
        private List<ForkRuntime.Cancellable> timers(Duration budget) {
            Duration time = Nanos.bounded(budget);
            try {
                return List.of(
                        runtime.schedule(time.dividedBy(4).multipliedBy(3), this::askAhead),
                        runtime.schedule(time, this::end),
                        runtime.schedule(
                                time.plus(margin.dividedBy(4)),
                                () -> answering.flush().thenRun(() -> dispatcher.afterListeners(this::give))),
                        runtime.schedule(time.plus(margin.multipliedBy(3).dividedBy(4)), this::give));
            } catch (Throwable e) {
                end();
                throw e;
            }
        }

        /** What is about to be stopped is a dead letter at its last receive: by then it should be known which that is. */
        private void askAhead() {
            members.stream().filter(member -> !member.standing.isDone()).forEach(member -> {
                answering.maxReceiveCount(member.delivery);
            });
        }

        private void broken(VirtualMachineError error) {
            answer.completeExceptionally(error);
            end();
        }

        /** Nothing more starts, and what runs is asked to end. */
        private void end() {
            dispatcher.stop();
            dispatcher.interrupt();
        }

        private void give() {
            Map<Delivery, Settlement> known = known();
            long leftBehind =
                    members.stream().filter(member -> !member.standing.isDone()).count();
            if (answer.complete(known) && leftBehind > 0) {
                members.forEach(member -> member.lease.abandon());
                log.warn(
                        "Fork '{}': the time is over, and {} of {} records are reported without an end; {} handlers "
                                + "ignored their interruption and are left behind",
                        fork.name(),
                        leftBehind,
                        members.size(),
                        dispatcher.running());
            }
        }

        /** A message that came twice, and that is done at its second sight, is not to be retried for its first. */
        private Map<Delivery, Settlement> known() {
            Map<Delivery, Settlement> known = new LinkedHashMap<>();
            Map<String, Settlement> done = new HashMap<>();
            for (Member member : members) {
                Settlement standing = member.known();
                known.put(member.delivery, standing);
                if (standing instanceof Settlement.Acknowledge || standing instanceof Settlement.DeadLetter) {
                    done.put(member.delivery.messageId(), standing);
                }
            }
            known.replaceAll((delivery, standing) -> done.getOrDefault(delivery.messageId(), standing));
            return known;
        }
    }

    /**
     * Acknowledging is done by answering. Delays and dead letters are the settler's, if there is one; else they stand as
     * given back. One for each batch: the settler may be asked by several at once, and a flush waits for this one's alone.
     */
    private final class Answering implements Settler {

        /** One for each settlement that the settler owes, completed when the dispatcher has been told. */
        private final Set<Owed> owed = ConcurrentHashMap.newKeySet();

        private static final class Owed {
            final CompletableFuture<Void> told = new CompletableFuture<>();
        }

        @Override
        public CompletionStage<Settlement> settle(Delivery delivery, Settlement settlement) {
            if (settlement instanceof Settlement.Acknowledge) {
                return CompletableFuture.completedFuture(settlement);
            }
            if (settler.isPresent()) {
                return owed(settler.get().settle(delivery, settlement));
            }
            if (!toldOfNoSettler.getAndSet(true)) {
                log.info(
                        "Fork '{}' has no settler: retry delays and dead letters are left to the queue's visibility "
                                + "timeout and redrive policy. Give it an SqsSettler to have them here.",
                        fork.name());
            }
            return CompletableFuture.completedFuture(new Settlement.GiveBack(Duration.ZERO));
        }

        private CompletionStage<Settlement> owed(CompletionStage<Settlement> standing) {
            CompletableFuture<Settlement> answer = new CompletableFuture<>();
            Owed one = new Owed();
            owed.add(one);
            try {
                standing.whenComplete((settlement, error) -> {
                    if (error == null) {
                        answer.complete(settlement);
                    } else {
                        answer.completeExceptionally(error);
                    }
                    over(one);
                });
            } catch (Throwable e) {
                over(one);
                throw e;
            }
            return answer;
        }

        private void over(Owed one) {
            owed.remove(one);
            one.told.complete(null);
        }

        @Override
        public OptionalInt maxReceiveCount(Delivery delivery) {
            return settler.isPresent() ? settler.get().maxReceiveCount(delivery) : OptionalInt.empty();
        }

        /** The settler's own end of it is not waited for: that includes what other batches asked for. */
        @Override
        public CompletionStage<Void> flush() {
            CompletableFuture<?>[] asked = owed.stream().map(one -> one.told).toArray(CompletableFuture[]::new);
            settler.ifPresent(Settler::flush);
            return CompletableFuture.allOf(asked);
        }
    }
}
