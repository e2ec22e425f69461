package io.github.eventfork;

/** What happens to an event whose type no route of the fork names, or that has no type. */
public enum Unrouted {

    /** It is rejected, and so goes to the dead-letter queue: nothing is lost. The default. */
    REJECT,

    /** It is acknowledged without a trace but for {@link ForkListener}s. */
    DISCARD
}
