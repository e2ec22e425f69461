package io.github.eventfork.engine;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The last 10,000 message ids that were put in, the oldest out first, at most 512 bytes of each; gone
 * with the process. Thread-safe.
 *
 * <p><b>Ownership:</b> the set belongs to whoever holds this object's monitor.
 */
public final class RecentIds {

    private static final int MOST = 10_000;

    private final Set<String> ids = Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST;
        }
    });

    /** Begins empty. */
    public RecentIds() {}

    /** Puts an id in. */
    public synchronized void add(String messageId) {
        ids.add(Keys.bounded(messageId));
    }

    /** Takes an id out. */
    public synchronized void remove(String messageId) {
        ids.remove(Keys.bounded(messageId));
    }

    /** Whether an id is in. */
    public synchronized boolean contains(String messageId) {
        return ids.contains(Keys.bounded(messageId));
    }
}
