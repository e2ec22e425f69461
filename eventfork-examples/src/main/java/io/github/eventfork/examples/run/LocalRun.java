package io.github.eventfork.examples.run;

import io.github.eventfork.ForkRuntime;
import io.github.eventfork.lambda.ForkFunction;
import io.github.eventfork.local.LocalAws;
import io.github.eventfork.topology.Deployed;
import io.github.eventfork.topology.ForkQueue;
import io.github.eventfork.topology.Topology;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Runs a topology in this process: starts SNS and SQS, creates topic, queues and subscriptions from the forks, starts a
 * poller or a Lambda function for each fork, publishes events, and looks what became of them. Everything it started has ended when it
 * returns. For one thread, once.
 */
public final class LocalRun {

    private static final Duration TICK = Duration.ofMillis(100);

    /**
     * With nothing settled for so long after the longest wait of a message, nothing more is expected: a service that is in
     * trouble for a minute says so, and its messages come back then.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration DRAINED_WITHIN = Duration.ofSeconds(30);
    private static final int REASONS_EACH = 10;

    private final FanOut fanOut;
    private final Topology topology;
    private final Adapter adapter;
    private final ServerAddress address;
    private final Screen screen;
    private final CompletableFuture<Void> stop;
    private final ForkRuntime runtime = ForkRuntime.system();
    private final List<Branch> branches = new ArrayList<>();
    private final List<Line.Malformed> skipped = new ArrayList<>();

    /**
     * A run that ends early when {@code stop} is completed.
     *
     * @param address where SNS and SQS listen
     */
    public LocalRun(
            FanOut fanOut, Adapter adapter, ServerAddress address, Screen screen, CompletableFuture<Void> stop) {
        this.fanOut = fanOut;
        this.topology = fanOut.topology();
        this.adapter = adapter;
        this.address = address;
        this.screen = screen;
        this.stop = stop;
    }

    /** The same for a topology alone: its functions are plain, and nobody looks at what its forks work with. */
    public LocalRun(
            Topology topology, Adapter adapter, ServerAddress address, Screen screen, CompletableFuture<Void> stop) {
        this(new FanOut(topology, ForkFunction::new, Map.of()), adapter, address, screen, stop);
    }

    /**
     * Publishes all {@code events} and waits until the forks are done with them.
     *
     * @throws IOException if the events can't be read any further
     * @throws java.io.UncheckedIOException if a port is in use
     * @throws InterruptedException if this thread is interrupted; everything ends then, too
     */
    public RunResult run(EventFile events) throws IOException, InterruptedException {
        return run(events, false);
    }

    /** The same, but once all is published it goes on, for events that others publish, until it is stopped. */
    public RunResult serve(EventFile events) throws IOException, InterruptedException {
        return run(events, true);
    }

    private RunResult run(EventFile events, boolean serving) throws IOException, InterruptedException {
        try (LocalAws aws = address.start();
                Clients clients = Clients.of(aws)) {
            Deployed deployed = topology.createOn(clients.sns(), clients.sqs());
            introduce(aws);
            Publisher publisher = new Publisher(clients.sns(), Publication.to(deployed.topicArn()), runtime);
            try {
                for (ForkQueue queue : topology.queues()) {
                    branches.add(Branch.start(adapter, fanOut, queue, deployed, aws, clients));
                }
                publish(events, publisher);
                if (serving) {
                    Invitation.lines(aws, deployed.topicArn()).forEach(screen::line);
                    serveUntilStopped();
                } else {
                    awaitSettled(publisher.published());
                }
            } finally {
                drain();
            }
            return result(publisher.published(), !serving, new DeadLetters(clients.sqs()));
        }
    }

    private void introduce(LocalAws aws) {
        screen.line("SNS and SQS at " + aws.endpoint() + ", in this process.");
        screen.line("Topic " + topology.topicName() + " fans out, by filter policy, to a queue for each fork"
                + (adapter == Adapter.LAMBDA ? ", behind it a Lambda function:" : ":"));
        for (ForkQueue queue : topology.queues()) {
            screen.line("  %-20s %s"
                    .formatted(queue.fork().name(), queue.filterPolicy().json()));
        }
        screen.line("");
    }

    private void publish(EventFile events, Publisher publisher) throws IOException, InterruptedException {
        for (Optional<Line> next = events.next(); next.isPresent() && !stop.isDone(); next = events.next()) {
            if (next.get() instanceof Line.Event event) {
                if (publisher.add(event)) {
                    screen.status(howFar(publisher.published()));
                }
                branches.forEach(branch -> branch.expectation().published(event));
            } else if (next.get() instanceof Line.Malformed malformed) {
                skipped.add(malformed);
                screen.line("Line " + malformed.number() + " is skipped: " + malformed.why() + ".");
            }
        }
        publisher.flush();
        for (Publisher.Refused refused : publisher.refused()) {
            screen.line("Line " + refused.line() + " is refused by SNS: " + refused.why() + ".");
        }
        screen.line("Published " + Report.events(publisher.published()) + ".");
    }

    private void awaitSettled(long published) throws InterruptedException {
        CompletableFuture<?>[] each = branches.stream()
                .map(branch ->
                        branch.tally().whenSettled(branch.expectation().letIn()).toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture<?> end = CompletableFuture.anyOf(CompletableFuture.allOf(each), stop);
        Duration idle = Duration.ZERO;
        long settled = 0;
        while (idle.compareTo(patience()) < 0) {
            if (endsWithinATick(end)) {
                screen.line(stop.isDone() ? "Stopped." : howFar(published));
                return;
            }
            screen.status(howFar(published));
            long now = branches.stream()
                    .mapToLong(branch -> branch.tally().counts().settled())
                    .sum();
            idle = now == settled ? idle.plus(TICK) : Duration.ZERO;
            settled = now;
        }
        screen.line("Nothing was settled for " + idle.toSeconds() + " s, so it stops waiting. " + health());
    }

    private Duration patience() {
        return branches.stream()
                .map(branch -> branch.tally().longestWait())
                .reduce(Duration.ZERO, (one, other) -> one.compareTo(other) > 0 ? one : other)
                .plus(PATIENCE);
    }

    private void serveUntilStopped() throws InterruptedException {
        while (!endsWithinATick(stop)) {
            screen.status(branches.stream()
                    .map(branch -> {
                        Counts counts = branch.tally().counts();
                        return branch.name() + " " + counts.settled() + " of " + counts.received();
                    })
                    .collect(Collectors.joining(", ", "Settled: ", "")));
        }
        screen.line("Stopping: what is under way is finished first.");
    }

    private String howFar(long published) {
        return branches.stream()
                .map(branch -> branch.name() + " " + branch.tally().counts().settled() + " of "
                        + branch.expectation().letIn())
                .collect(Collectors.joining(", ", "Published " + published + ". Settled: ", ""));
    }

    private String health() {
        return branches.stream()
                .flatMap(branch ->
                        branch.worker().problem().stream().map(problem -> branch.name() + ": " + problem + "."))
                .collect(Collectors.joining(" "));
    }

    private boolean endsWithinATick(CompletableFuture<?> end) throws InterruptedException {
        try {
            runtime.await(end, TICK);
            return true;
        } catch (TimeoutException notYet) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("nothing here ends exceptionally", e);
        }
    }

    /** All at once: each waits for its poll under way. */
    private void drain() throws InterruptedException {
        CompletableFuture<?>[] each = branches.stream()
                .map(branch -> CompletableFuture.runAsync(branch.worker()::close, runtime.handlers()))
                .toArray(CompletableFuture<?>[]::new);
        try {
            runtime.await(CompletableFuture.allOf(each), DRAINED_WITHIN);
        } catch (TimeoutException e) {
            screen.line("The forks did not end within " + DRAINED_WITHIN.toSeconds() + " s.");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a fork could not be closed", e.getCause());
        }
    }

    private RunResult result(long published, boolean alone, DeadLetters letters) {
        List<RunResult.Row> rows = new ArrayList<>();
        List<DeadLetter> reasons = new ArrayList<>();
        for (Branch branch : branches) {
            rows.add(new RunResult.Row(
                    branch.name(),
                    branch.expectation().letIn(),
                    branch.tally().counts(),
                    letters.count(branch.deployed())));
            reasons.addAll(letters.read(branch.deployed(), REASONS_EACH));
        }
        List<RunResult.Service> services = branches.stream()
                .flatMap(branch -> branch.traces().map(traces -> traces.result(branch.name())).stream())
                .toList();
        return new RunResult(published, alone, skipped, rows, reasons, services);
    }
}
