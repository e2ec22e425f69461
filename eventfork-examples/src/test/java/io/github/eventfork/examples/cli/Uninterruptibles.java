package io.github.eventfork.examples.cli;

import java.util.concurrent.CountDownLatch;

/** Waits as nothing should, for tests of what happens then. */
final class Uninterruptibles {

    private Uninterruptibles() {}

    static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException ignored) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
