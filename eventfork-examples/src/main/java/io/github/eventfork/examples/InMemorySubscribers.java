package io.github.eventfork.examples;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A mailing list in this process, which fails as a service may: for addresses at {@value #NEVER} always, for those at
 * {@value #NOT_AT_FIRST} the first time. Thread-safe.
 */
public final class InMemorySubscribers implements Subscribers {

    static final String NEVER = "unreachable.example";
    static final String NOT_AT_FIRST = "flaky.example";

    private final Map<String, String> names = new ConcurrentHashMap<>();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();

    /** An empty list. */
    public InMemorySubscribers() {}

    @Override
    public void upsert(String email, String name) {
        if (email.endsWith("@" + NEVER) || (email.endsWith("@" + NOT_AT_FIRST) && refused.add(email))) {
            throw new IllegalStateException("list service answers 503");
        }
        names.put(email, name);
    }

    /** Who is on the list: names by address. */
    public Map<String, String> all() {
        return Map.copyOf(names);
    }
}
