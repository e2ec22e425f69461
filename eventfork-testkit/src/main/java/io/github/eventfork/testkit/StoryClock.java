package io.github.eventfork.testkit;

import io.github.eventfork.ForkRuntime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** The clock of a store to which stories are told. Times are nanoseconds from an arbitrary start. */
interface StoryClock {

    long nanos();

    /** Lets time pass. */
    void pass(Duration time) throws InterruptedException;

    /** A clock that stands still but when it is moved, together with that of the store. Used by one thread. */
    static StoryClock movedBy(Consumer<Duration> passTime) {
        return new StoryClock() {
            private long passed;

            @Override
            public long nanos() {
                return passed;
            }

            @Override
            public void pass(Duration time) {
                passTime.accept(time);
                passed += time.toNanos();
            }
        };
    }

    /** Real time, or what {@code runtime} takes for it. Thread-safe. */
    static StoryClock of(ForkRuntime runtime) {
        return new StoryClock() {
            @Override
            public long nanos() {
                return runtime.nanoTime();
            }

            @Override
            public void pass(Duration time) throws InterruptedException {
                try {
                    runtime.await(new CompletableFuture<>(), time);
                } catch (TimeoutException itHasPassed) {
                    return;
                } catch (ExecutionException e) {
                    throw new IllegalStateException("a stage that nobody completes has ended", e);
                }
            }
        };
    }
}
