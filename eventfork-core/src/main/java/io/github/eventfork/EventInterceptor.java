package io.github.eventfork;

/**
 * Runs around a fork's handler, inside the claim, on the handler's thread: for transactions, retries in place, checks.
 * What it throws counts as thrown by the handler. Thread-safe. To only watch, use a {@link ForkListener}.
 */
@FunctionalInterface
public interface EventInterceptor {

    /** Calls {@code chain.proceed()} once to let the event through, or throws to refuse it. */
    void intercept(Event<?> event, Chain chain) throws Exception;

    /** The rest of the way to the handler. */
    @FunctionalInterface
    interface Chain {

        /** Calls the next interceptor, or the handler. */
        void proceed() throws Exception;
    }
}
