package io.github.eventfork.testkit;

import io.github.eventfork.Outcome;
import io.github.eventfork.Settlement;
import io.github.eventfork.testkit.Timeline.Moment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on what happened in a {@link ForkHarness}. Each assertion on an outcome accounts for one that no assertion
 * before it accounts for, so that {@code handled("signup").handled("signup")} wants two; {@link #nothingElse()} wants none
 * left. A failure shows the timeline.
 */
public final class ForkHarnessAssert extends AbstractAssert<ForkHarnessAssert, ForkHarness> {

    private final List<Moment> open;
    private final List<Moment> unsettled;

    ForkHarnessAssert(ForkHarness harness) {
        super(harness, ForkHarnessAssert.class);
        List<Moment> all = harness.timeline().moments();
        this.open = all.stream()
                .filter(moment -> moment.step() instanceof Step.Finished)
                .collect(Collectors.toCollection(ArrayList::new));
        this.unsettled = all.stream()
                .filter(moment -> moment.step() instanceof Step.Settled)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** An event of this type was handled. */
    public ForkHarnessAssert handled(String type) {
        return one(
                "an event of type '" + type + "' was handled",
                finished -> finished.outcome() instanceof Outcome.Handled
                        && finished.type().equals(type));
    }

    /** This message was found to be done before. */
    public ForkHarnessAssert duplicate(String messageId) {
        return one("message " + messageId + " was a duplicate", messageId, Outcome.Duplicate.class);
    }

    /** This message was discarded because no route wants it. */
    public ForkHarnessAssert discarded(String messageId) {
        return one("message " + messageId + " was discarded", messageId, Outcome.Discarded.class);
    }

    /** A handler failed on this message. */
    public ForkHarnessAssert failed(String messageId) {
        return one("a handler failed on message " + messageId, messageId, Outcome.Failed.class);
    }

    /** This message was postponed. */
    public ForkHarnessAssert postponed(String messageId) {
        return one("message " + messageId + " was postponed", messageId, Outcome.Postponed.class);
    }

    /** An event was rejected for a reason that contains {@code text}. */
    public ForkHarnessAssert rejected(String text) {
        return one(
                "an event was rejected for a reason with '" + text + "'",
                finished -> finished.outcome() instanceof Outcome.Rejected rejected
                        && rejected.reason().contains(text));
    }

    /** This message is in the dead-letter queue, once, however it came there; its failures are accounted for. */
    public ForkHarnessAssert deadLettered(String messageId) {
        long letters = actual.deadLetters().stream()
                .filter(item -> item.from().equals(messageId))
                .count();
        if (letters != 1) {
            fail("message " + messageId + " is in the dead-letter queue once", "it is there " + letters + " times");
        }
        open.removeIf(moment -> moment.messageId().equals(messageId)
                && moment.step() instanceof Step.Finished finished
                && (finished.outcome() instanceof Outcome.Failed || finished.outcome() instanceof Outcome.Rejected));
        return this;
    }

    /** This message was given back with this delay; what led to that is accounted for. */
    public ForkHarnessAssert givenBack(String messageId, Duration delay) {
        Moment back = unsettled.stream()
                .filter(moment -> moment.messageId().equals(messageId)
                        && moment.step().equals(new Step.Settled(new Settlement.GiveBack(delay))))
                .findFirst()
                .orElse(null);
        if (back == null) {
            fail("message " + messageId + " was given back for " + delay, "it was not");
            return this;
        }
        unsettled.remove(back);
        open.stream()
                .filter(moment ->
                        moment.messageId().equals(messageId) && moment.at().compareTo(back.at()) <= 0)
                .findFirst()
                .ifPresent(open::remove);
        return this;
    }

    /** Each outcome is accounted for by an assertion before this one. */
    public ForkHarnessAssert nothingElse() {
        if (!open.isEmpty()) {
            fail("nothing else happened", open.stream().map(Moment::toString).collect(Collectors.joining("\n")));
        }
        return this;
    }

    private ForkHarnessAssert one(String claim, String messageId, Class<? extends Outcome> kind) {
        return one(claim, moment -> moment.messageId().equals(messageId), kind::isInstance);
    }

    private ForkHarnessAssert one(String claim, Predicate<Step.Finished> wanted) {
        return one(claim, moment -> wanted.test((Step.Finished) moment.step()), outcome -> true);
    }

    private ForkHarnessAssert one(String claim, Predicate<Moment> wanted, Predicate<Outcome> kind) {
        isNotNull();
        for (Moment moment : open) {
            if (wanted.test(moment) && kind.test(((Step.Finished) moment.step()).outcome())) {
                open.remove(moment);
                return this;
            }
        }
        fail(claim, "no outcome that is left says so");
        return this;
    }

    private void fail(String claim, String instead) {
        failWithMessage(
                "Expected that %s, but: %s%nWhat happened:%n%s%nIn the queue: %s%nIn the dead-letter queue: %s",
                claim,
                instead,
                actual.timeline(),
                actual.queue().messages().stream()
                        .map(InMemoryQueue.Item::messageId)
                        .toList(),
                actual.deadLetters().stream().map(InMemoryQueue.Item::from).toList());
    }
}
