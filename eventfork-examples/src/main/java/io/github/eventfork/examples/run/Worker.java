package io.github.eventfork.examples.run;

import io.github.eventfork.Fork;
import io.github.eventfork.lambda.ForkFunction;
import io.github.eventfork.lambda.Settings;
import io.github.eventfork.local.LocalAws;
import io.github.eventfork.local.lambda.EventSourceMapping;
import io.github.eventfork.poller.SqsPoller;
import io.github.eventfork.poller.SqsSettler;
import io.github.eventfork.topology.DeployedFork;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;

/** What runs one fork: a poller, or a function behind an event source mapping. */
interface Worker extends AutoCloseable {

    /** So that {@code close()}, which waits for the poll under way, takes a second at most. */
    Duration LONG_POLL = Duration.ofSeconds(1);

    int HANDLERS = 10;

    /** Less than the queues' visibility timeout, which Lambda insists on. */
    Duration FUNCTION_TIMEOUT = Duration.ofSeconds(20);

    /** What keeps it from its work, if anything does. */
    Optional<String> problem();

    /** Ends it; what is under way is finished first. */
    @Override
    void close();

    /** Starts it. Clients and servers stay the caller's. */
    static Worker start(
            Adapter adapter,
            Fork fork,
            BiFunction<Fork, Settings, ForkFunction> functions,
            DeployedFork deployed,
            LocalAws aws,
            Clients clients) {
        return switch (adapter) {
            case POLLER -> poller(fork, deployed, clients);
            case LAMBDA -> function(fork, functions, deployed, aws, clients);
        };
    }

    private static Worker poller(Fork fork, DeployedFork deployed, Clients clients) {
        SqsPoller poller = SqsPoller.builder(fork)
                .queue(deployed.queueUrl())
                .client(clients.pollers())
                .concurrency(HANDLERS)
                .longPoll(LONG_POLL)
                .start();
        return new Worker() {
            @Override
            public Optional<String> problem() {
                return poller.health().problem();
            }

            @Override
            public void close() {
                poller.close();
            }
        };
    }

    /** With a settler: without one a retry waits for the visibility timeout, and a dead letter does not say why. */
    private static Worker function(
            Fork fork,
            BiFunction<Fork, Settings, ForkFunction> functions,
            DeployedFork deployed,
            LocalAws aws,
            Clients clients) {
        SqsSettler settler = SqsSettler.of(clients.pollers());
        Settings settings = Settings.standard().withConcurrency(HANDLERS).withSettler(settler);
        EventSourceMapping mapping = EventSourceMapping.of(aws, deployed.queueArn())
                .handler(() -> functions.apply(fork, settings))
                .functionName(fork.name())
                .functionTimeout(FUNCTION_TIMEOUT)
                .reportBatchItemFailures()
                .start();
        return new Worker() {
            @Override
            public Optional<String> problem() {
                return mapping.lastInvocations().stream()
                        .map(invocation -> invocation.reason())
                        .filter(reason -> !reason.isEmpty())
                        .reduce((earlier, later) -> later)
                        .map(reason -> reason.replaceFirst("\\.$", ""));
            }

            @Override
            public void close() {
                mapping.close();
                settler.close();
            }
        };
    }
}
