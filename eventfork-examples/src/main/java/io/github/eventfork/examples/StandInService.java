package io.github.eventfork.examples;

import io.github.eventfork.Event;
import io.github.eventfork.examples.run.Downstream;
import io.github.eventfork.examples.standin.Holding;
import io.github.eventfork.examples.standin.StandIns;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** A stand-in, as a run looks at it: what a fork's events should leave there, and what is there. */
record StandInService(StandIns standIns, String service, Function<Event<?>, Trace> trace) implements Downstream {

    /** Of all three, by the names of their forks. */
    static Map<String, Downstream> all(StandIns standIns) {
        return Map.of(
                "analytics",
                new StandInService(standIns, "analytics", StandInService::count),
                "mailing-list",
                new StandInService(standIns, "mailing-list", StandInService::member),
                "chat-notifications",
                new StandInService(standIns, "chat-notifications", StandInService::post));
    }

    private static Trace count(Event<?> event) {
        return new Trace(key(event), key(event));
    }

    private static Trace member(Event<?> event) {
        String address = ((Signup) event.payload()).email().toLowerCase(Locale.ROOT);
        return new Trace(address, address);
    }

    private static Trace post(Event<?> event) {
        return new Trace(key(event), SlackChat.escaped(ChatNotifications.text((Signup) event.payload())));
    }

    private static String key(Event<?> event) {
        return event.key().orElseThrow();
    }

    @Override
    public Trace traceOf(Event<?> event) {
        return trace.apply(event);
    }

    @Override
    public Held held() {
        Holding holding = standIns.holdings().stream()
                .filter(each -> each.service().equals(service))
                .findFirst()
                .orElseThrow();
        return new Held(holding.calls(), holding.refused(), holding.repeated(), standIns.things(service));
    }
}
