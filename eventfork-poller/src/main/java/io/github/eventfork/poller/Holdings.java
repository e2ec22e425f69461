package io.github.eventfork.poller;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.eventfork.ForkRuntime.Cancellable;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a poller holds beside its engine until it is closed: a client of its own, the JVM's life, an exit hook.
 *
 * <p><b>Invariant:</b> what is held is let go once, in the order in which it came; what comes after that, at once.
 *
 * <p>Letting go happens under the monitor on purpose: whoever releases second returns when the first is done.
 */
final class Holdings {

    private static final Logger log = LoggerFactory.getLogger(Holdings.class);

    @GuardedBy("this")
    private final List<Cancellable> held = new ArrayList<>();

    @GuardedBy("this")
    private boolean released;

    synchronized void hold(Cancellable holding) {
        if (released) {
            holding.cancel();
        } else {
            held.add(holding);
        }
    }

    synchronized void release() {
        released = true;
        held.forEach(Holdings::letGo);
        held.clear();
    }

    private static void letGo(Cancellable holding) {
        try {
            holding.cancel();
        } catch (RuntimeException | Error e) {
            log.warn("A closing poller could not let go of something; it goes on closing", e);
        }
    }
}
