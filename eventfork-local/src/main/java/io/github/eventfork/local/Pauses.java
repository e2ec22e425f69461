package io.github.eventfork.local;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Holds answers back for a time.
 *
 * <p><b>Invariant:</b> after {@link #close()} nobody waits here any more.
 */
final class Pauses implements AutoCloseable {
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * Returns when the time is over.
     *
     * @throws IOException if the server is closed before
     */
    void pause(Duration time) throws IOException {
        try {
            if (closed.await(TimeUnit.NANOSECONDS.convert(time), TimeUnit.NANOSECONDS)) {
                throw new IOException("the server was closed while an answer was held back");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while an answer was held back");
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
