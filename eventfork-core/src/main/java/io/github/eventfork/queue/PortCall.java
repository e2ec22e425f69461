package io.github.eventfork.queue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Calls of a {@link MessageQueue} made even: what an adapter or an SDK throws at once, errors too, ends the stage. */
final class PortCall {

    private PortCall() {}

    /**
     * Makes {@code call}. On the thread of a timer or of an SDK nobody hears of what is thrown, not even that a class is
     * missing, and the call would never be tried again.
     */
    static <T> CompletionStage<T> of(Supplier<CompletionStage<T>> call) {
        try {
            return call.get();
        } catch (Throwable thrownAtOnce) {
            return CompletableFuture.failedFuture(thrownAtOnce);
        }
    }
}
