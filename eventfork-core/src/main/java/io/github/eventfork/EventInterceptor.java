package io.github.eventfork;

/**
 * Runs around a fork's handler, inside the claim, on the handler's thread: for transactions, retries in place, checks.
 * What it throws counts as thrown by the handler. The first one added is the outermost. Thread-safe. To only watch, use a
 * {@link ForkListener}.
 */
@FunctionalInterface
public interface EventInterceptor {

    /**
     * Calls {@code chain.proceed()} to let the event through, again to try once more in place, or throws to refuse it. To
     * return without having let it through is a failure: the event would be lost. What it catches and does not throw on
     * counts as done. The handler runs on the thread that proceeds, which is to be this one.
     */
    void intercept(Event<?> event, Chain chain) throws Exception;

    /** The rest of the way to the handler. */
    @FunctionalInterface
    interface Chain {

        /** Calls the next interceptor, or the handler. */
        void proceed() throws Exception;
    }
}
