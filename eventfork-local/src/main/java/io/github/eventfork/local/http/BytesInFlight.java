package io.github.eventfork.local.http;

import java.util.concurrent.atomic.AtomicLong;

/** How much all bodies hold together, beyond what each may have. Thread-safe. */
final class BytesInFlight {

    private final long most;
    private final AtomicLong taken = new AtomicLong();

    BytesInFlight(long most) {
        this.most = most;
    }

    /** Takes room for so many, and says whether there was any; for none there always is. */
    boolean take(long bytes) {
        if (bytes == 0 || taken.addAndGet(bytes) <= most) {
            return true;
        }
        taken.addAndGet(-bytes);
        return false;
    }

    void give(long bytes) {
        taken.addAndGet(-bytes);
    }

    long taken() {
        return taken.get();
    }
}
