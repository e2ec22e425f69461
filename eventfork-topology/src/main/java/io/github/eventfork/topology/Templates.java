package io.github.eventfork.topology;

import io.github.eventfork.Fork;
import java.util.function.Function;

/** Renders a topology as a template: the source of events, then for each fork all that is its own. */
final class Templates {

    private final Topology topology;
    private final Function<Fork, FunctionSettings> functions;
    private final Template template;

    Templates(Topology topology, Function<Fork, FunctionSettings> functions) {
        this.topology = topology;
        this.functions = functions;
        this.template = new Template(topology.subject());
    }

    String sam() {
        SubscriptionResources.addTopic(template.of("the topic"), topology);
        for (ForkQueue queue : topology.queues()) {
            branch(queue, false, SubscriptionResources::add);
        }
        return template.text("Topic " + topology.topicName() + " and a queue and a function for each fork behind it");
    }

    String eventBridge() {
        RuleResources.addBus(template.of("the event bus"), topology);
        for (ForkQueue queue : topology.queues()) {
            branch(queue, true, (part, ids, it) -> RuleResources.add(part, topology, ids, it));
        }
        return template.text("Event bus " + topology.name() + " and a queue and a function for each fork behind it");
    }

    /** Joins a fork's queue to the source of events. */
    private interface Join {
        void add(Template.Part template, ForkIds ids, ForkQueue queue);
    }

    private void branch(ForkQueue queue, boolean deduplicates, Join join) {
        Fork fork = queue.fork();
        Template.Part part = template.of("fork '" + fork.name() + "'");
        ForkIds ids = ForkIds.of(queue);
        FunctionSettings function = functions.apply(fork);
        if (function == null) {
            throw new IllegalArgumentException(
                    topology.subject() + ", fork '" + fork.name() + "': it has no function settings");
        }
        try {
            QueueResources.add(part, ids, queue, function, deduplicates);
            join.add(part, ids, queue);
            FunctionResources.add(part, ids, queue, function);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    topology.subject() + ", fork '" + fork.name() + "': " + e.getMessage(), e);
        }
    }
}
