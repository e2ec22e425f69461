package io.github.eventfork.testkit;

import io.github.eventfork.Fork;

/** Where AssertJ assertions on a harness and on a fork begin; import its method beside AssertJ's own. Needs AssertJ. */
public final class EventforkAssertions {

    private EventforkAssertions() {}

    /** Begins assertions on what happened in {@code harness} so far. */
    public static ForkHarnessAssert assertThat(ForkHarness harness) {
        return new ForkHarnessAssert(harness);
    }

    /** Begins assertions on which events {@code fork}'s filter policy lets in. */
    public static ForkAssert assertThat(Fork fork) {
        return new ForkAssert(fork);
    }
}
