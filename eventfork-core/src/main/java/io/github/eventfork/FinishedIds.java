package io.github.eventfork;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Ids of messages whose work is done and whose delete is not known to stand: seen again, they are acknowledged without
 * running. At most 10,000, the oldest out first; gone with the process.
 *
 * <p><b>Ownership:</b> the set belongs to whoever holds this object's monitor.
 */
final class FinishedIds {

    private static final int MOST = 10_000;

    @GuardedBy("this")
    private final Set<String> ids = Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST;
        }
    });

    synchronized void add(String messageId) {
        ids.add(messageId);
    }

    synchronized boolean contains(String messageId) {
        return ids.contains(messageId);
    }
}
