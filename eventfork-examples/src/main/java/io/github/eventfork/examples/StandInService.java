package io.github.eventfork.examples;

import io.github.eventfork.Event;
import io.github.eventfork.examples.run.Downstream;
import io.github.eventfork.examples.standin.Holding;
import io.github.eventfork.examples.standin.StandIns;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** A stand-in, as a run looks at it: what a fork's events should leave there, and what is there. */
record StandInService(StandIns standIns, String service, Function<Event<?>, String> trace) implements Downstream {

    /** Of all three, by the names of their forks. */
    static Map<String, Downstream> all(StandIns standIns) {
        return Map.of(
                "analytics",
                new StandInService(standIns, "analytics", StandInService::publishersId),
                "mailing-list",
                new StandInService(standIns, "mailing-list", StandInService::address),
                "chat-notifications",
                new StandInService(standIns, "chat-notifications", StandInService::publishersId));
    }

    private static String publishersId(Event<?> event) {
        return event.attributes().text("id").orElse(event.id());
    }

    private static String address(Event<?> event) {
        return ((Signup) event.payload()).email().toLowerCase(Locale.ROOT);
    }

    @Override
    public String traceOf(Event<?> event) {
        return trace.apply(event);
    }

    @Override
    public Held held() {
        Holding holding = standIns.holdings().stream()
                .filter(each -> each.service().equals(service))
                .findFirst()
                .orElseThrow();
        return new Held(holding.calls(), holding.refused(), holding.repeated(), holding.holds());
    }
}
