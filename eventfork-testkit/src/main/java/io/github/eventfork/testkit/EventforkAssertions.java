package io.github.eventfork.testkit;

/** Where AssertJ assertions on a harness begin; import its method beside AssertJ's own. Needs AssertJ. */
public final class EventforkAssertions {

    private EventforkAssertions() {}

    /** Begins assertions on what happened in {@code harness} so far. */
    public static ForkHarnessAssert assertThat(ForkHarness harness) {
        return new ForkHarnessAssert(harness);
    }
}
