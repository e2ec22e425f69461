package io.github.eventfork;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** See {@link Lease#fixed}. */
final class FixedLease implements Lease {

    private final ForkRuntime runtime;
    private final long begun;
    private final long length;

    FixedLease(ForkRuntime runtime, Duration length) {
        this.runtime = runtime;
        this.begun = runtime.nanoTime();
        this.length = TimeUnit.NANOSECONDS.convert(length);
    }

    @Override
    public Instant until() {
        return runtime.now().plusNanos(left());
    }

    @Override
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, left()));
    }

    @Override
    public boolean lost() {
        return left() <= 0;
    }

    @Override
    public void onLost(Runnable listener) {}

    @Override
    public void onExtended(Runnable listener) {}

    private long left() {
        return length - (runtime.nanoTime() - begun);
    }
}
