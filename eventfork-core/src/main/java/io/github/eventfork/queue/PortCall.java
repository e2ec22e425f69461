package io.github.eventfork.queue;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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

    /** The error in {@code failure} that no process survives, if it is one: the poller stops for it, as it would for a handler's. */
    static Optional<VirtualMachineError> fatal(@Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof VirtualMachineError error && !(error instanceof StackOverflowError)
                ? Optional.of(error)
                : Optional.empty();
    }
}
