package io.github.eventfork;

/**
 * The user's code: does one job for one event.
 *
 * <p>Called on a thread of {@link ForkRuntime#handlers()}, by several threads at once unless the adapter's concurrency
 * is 1. Returning means done. {@link RejectedEventException} means never, {@link RetryLaterException} later,
 * {@link AlreadyHandledException} done before; anything else thrown is a failure and tried again as the fork's
 * {@link RetryPolicy} says.
 *
 * @param <T> the type of the payload
 */
@FunctionalInterface
public interface EventHandler<T> {

    /** Handles {@code event}. The thread is interrupted when the lease is lost or the processing limit is reached. */
    void handle(Event<T> event) throws Exception;
}
