package io.github.eventfork.conformance.filters;

import io.github.eventfork.ForkRuntime;
import io.github.eventfork.Outcome;
import io.github.eventfork.engine.ForkProcessor;
import io.github.eventfork.engine.KeptLease;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a fork does with an event that its queue got: the fork itself, and the oracle that knows it from the builder. */
final class Routing {

    private static final Duration LONG = Duration.ofMinutes(5);

    /** Why an event may come through a filter policy and have no route: docs/filtering.md, "Where the matcher is odd". */
    enum Oddity {
        /** A route for any type takes no event without a type. */
        NO_TYPE,
        /** SNS compares numbers by value, and routes compare texts. */
        NUMBER_WRITTEN_DIFFERENTLY,
        /** SNS looks into arrays, and routes don't. */
        IN_AN_ARRAY,
        /** SNS joins names by dots. */
        NAME_WITH_A_DOT,
        /** A policy can't ask for a whole envelope. */
        NO_ENVELOPE
    }

    private Routing() {}

    /** Whether the fork handles the event. */
    static boolean handles(RandomFork fork, RandomEvent event) {
        ForkRuntime runtime = ForkRuntime.system();
        Outcome outcome = new ForkProcessor(fork.fork(), runtime, Optional.empty())
                .process(Pairs.message(event).inSns().delivery("random"), KeptLease.lasting(runtime, LONG), 1);
        return outcome instanceof Outcome.Handled;
    }

    /** Whether it has a route for the event. */
    static boolean has(RandomFork fork, RandomEvent event) {
        Set<String> types = fork.types();
        return isWhole(fork, event)
                && fork.type()
                        .of(event)
                        .filter(type -> types.isEmpty() || types.contains(type))
                        .isPresent();
    }

    /** Whether all is met that was asked beside the type. */
    static boolean meetsConditions(RandomFork fork, RandomEvent event) {
        return Meaning.receives(fork, fork.wanted().without(fork.type().place()), event);
    }

    /** Why an event has no route, although its type is one that SNS lets in. */
    static Optional<Oddity> oddity(RandomFork fork, RandomEvent event) {
        if (!isWhole(fork, event)) {
            return Optional.of(Oddity.NO_ENVELOPE);
        }
        if (fork.types().isEmpty()) {
            return fork.type().of(event).isEmpty() ? Optional.of(Oddity.NO_TYPE) : Optional.empty();
        }
        List<String> place = fork.type().place();
        Object root = fork.type().form() == RandomType.Form.ATTRIBUTE ? event.attributes() : event.body();
        if (root instanceof Map<?, ?> map && place.size() > 1 && map.containsKey(String.join(".", place))) {
            return Optional.of(Oddity.NAME_WITH_A_DOT);
        }
        Object at = root;
        for (String name : place) {
            at = at instanceof Map<?, ?> map ? map.get(name) : at;
            if (at instanceof List) {
                return Optional.of(Oddity.IN_AN_ARRAY);
            }
        }
        return at instanceof BigDecimal ? Optional.of(Oddity.NUMBER_WRITTEN_DIFFERENTLY) : Optional.empty();
    }

    /** Whether the event is one of the kind that the fork takes. */
    private static boolean isWhole(RandomFork fork, RandomEvent event) {
        if (fork.type().form() != RandomType.Form.ENVELOPE) {
            return true;
        }
        return event.body() instanceof Map<?, ?> body
                && fork.type().of(event).isPresent()
                && (fork.type().place().equals(List.of("type")) || body.get("detail") instanceof Map);
    }
}
