package io.github.eventfork.local.lambda;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that polls: reserves an invocation, collects a batch, hands it over. What is collected when the mapping closes
 * is made visible again, untouched.
 *
 * <p><b>Ownership:</b> collector and failure count are its own.
 */
final class Polling implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Polling.class);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final MappedQueue queue;
    private final BatchCollector collector;
    private final Function function;
    private final CountDownLatch closing;
    private boolean failing;

    Polling(MappedQueue queue, BatchCollector collector, Function function, CountDownLatch closing) {
        this.queue = queue;
        this.collector = collector;
        this.function = function;
        this.closing = closing;
    }

    @Override
    public void run() {
        try {
            while (closing.getCount() > 0) {
                if (function.reserve(PATIENCE)) {
                    poll();
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("Polling of {} was interrupted", queue);
        }
        queue.release(collector.leftOver());
    }

    private void poll() throws InterruptedException {
        boolean handedOver = false;
        try {
            List<Received> batch = collector.next();
            failing = false;
            if (closing.getCount() == 0) {
                queue.release(batch);
            } else if (!batch.isEmpty()) {
                function.invoke(batch);
                handedOver = true;
            }
        } catch (RuntimeException e) {
            if (!failing && closing.getCount() > 0) {
                LOG.warn("Polling of {} fails; it goes on once a second", queue, e);
            }
            failing = true;
            closing.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            if (!handedOver) {
                function.giveBack();
            }
        }
    }
}
