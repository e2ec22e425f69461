package io.github.eventfork.testkit;

import io.github.eventfork.Outcome;
import io.github.eventfork.Settlement;
import io.github.eventfork.testkit.InMemoryQueue.Item;
import io.github.eventfork.testkit.Timeline.Moment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on what happened in a {@link ForkHarness}. Each assertion on an outcome accounts for one that no assertion
 * before it accounts for, so that {@code handled("signup").handled("signup")} wants two; {@link #nothingElse()} wants none
 * left. A failure shows the timeline: of the messages that it is about, or of all.
 */
public final class ForkHarnessAssert extends AbstractAssert<ForkHarnessAssert, ForkHarness> {

    private static final int MOST_LINES = 100;

    private final List<Moment> moments;
    private final List<Moment> open;
    private final List<Moment> unsettled;

    /** Of which messages there are dead letters that no assertion accounts for. */
    private final List<String> letters;

    ForkHarnessAssert(ForkHarness harness) {
        super(harness, ForkHarnessAssert.class);
        this.moments = harness.timeline().moments();
        this.open = moments.stream()
                .filter(moment -> moment.step() instanceof Step.Finished)
                .collect(Collectors.toCollection(ArrayList::new));
        this.unsettled = moments.stream()
                .filter(moment -> moment.step() instanceof Step.Settled)
                .collect(Collectors.toCollection(ArrayList::new));
        this.letters = harness.deadLetters().stream().map(Item::from).collect(Collectors.toCollection(ArrayList::new));
    }

    /** An event of this type was handled. */
    public ForkHarnessAssert handled(String type) {
        take(
                "an event of type '" + type + "' was handled",
                List.of(),
                moment -> wasHandled(moment)
                        && ((Step.Finished) moment.step()).type().equals(type));
        return this;
    }

    /**
     * These messages were handled one after the other, as their handlers ended; others may have been in between. Accounts
     * for all of them.
     */
    public ForkHarnessAssert handledInOrder(String... messageIds) {
        List<String> wanted = List.of(messageIds);
        List<Moment> handled = open.stream()
                .filter(moment -> wasHandled(moment) && wanted.contains(moment.messageId()))
                .toList();
        List<Moment> found = new ArrayList<>();
        for (Moment moment : handled) {
            if (found.size() < wanted.size() && moment.messageId().equals(wanted.get(found.size()))) {
                found.add(moment);
            }
        }
        if (found.size() < wanted.size()) {
            throw failed(
                    "messages were handled in the order " + Listing.of(wanted),
                    "it was "
                            + Listing.of(handled.stream().map(Moment::messageId).toList()),
                    wanted);
        }
        found.forEach(open::remove);
        return this;
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

    /** A handler was stopped on this message, because its poller closed or the time of its invocation was over. */
    public ForkHarnessAssert stopped(String messageId) {
        return one("a handler was stopped on message " + messageId, messageId, Outcome.Stopped.class);
    }

    /** This message was postponed. */
    public ForkHarnessAssert postponed(String messageId) {
        return one("message " + messageId + " was postponed", messageId, Outcome.Postponed.class);
    }

    /** An event was rejected for a reason that contains {@code text}; its dead letter is accounted for too. */
    public ForkHarnessAssert rejected(String text) {
        Moment rejected = take(
                "an event was rejected for a reason with '" + text + "'",
                List.of(),
                moment -> outcome(moment) instanceof Outcome.Rejected rejection
                        && rejection.reason().contains(text));
        letters.remove(rejected.messageId());
        return this;
    }

    /** This message is in the dead-letter queue, once, however it came there; its failures and stops are accounted for. */
    public ForkHarnessAssert deadLettered(String messageId) {
        long count = actual.deadLetters().stream()
                .filter(item -> item.from().equals(messageId))
                .count();
        if (count != 1) {
            throw failed(
                    "message " + messageId + " is in the dead-letter queue once",
                    count == 0 ? "it is not there" : "it is there " + count + " times",
                    List.of(messageId));
        }
        letters.remove(messageId);
        open.removeIf(moment -> moment.messageId().equals(messageId)
                && (outcome(moment) instanceof Outcome.Failed
                        || outcome(moment) instanceof Outcome.Stopped
                        || outcome(moment) instanceof Outcome.Rejected));
        return this;
    }

    /**
     * This message was given back with this delay. What led to that is accounted for: the last time before it that it
     * failed, was stopped, was postponed, or was rejected where nobody could dead-letter it, unless an assertion accounts for that already.
     */
    public ForkHarnessAssert givenBack(String messageId, Duration delay) {
        Step wanted = new Step.Settled(new Settlement.GiveBack(delay));
        Moment back = unsettled.stream()
                .filter(moment ->
                        moment.messageId().equals(messageId) && moment.step().equals(wanted))
                .findFirst()
                .orElseThrow(() -> failed(
                        "message " + messageId + " was given back for " + TimeText.length(delay),
                        "it was not",
                        List.of(messageId)));
        unsettled.remove(back);
        ledTo(back).ifPresent(open::remove);
        return this;
    }

    /** Each outcome and each dead letter is accounted for by an assertion before this one. */
    public ForkHarnessAssert nothingElse() {
        if (!open.isEmpty()) {
            throw failed("nothing else happened", "there is also\n" + Timeline.text(open), ids(open));
        }
        if (!letters.isEmpty()) {
            throw failed("nothing else happened", "there are dead letters of " + Listing.of(letters), letters);
        }
        return this;
    }

    /** The last outcome of its message before it that is open, and after which a message can be given back. */
    @SuppressWarnings("ReferenceEquality") // of two that are equal, the second may be meant
    private Optional<Moment> ledTo(Moment back) {
        return moments.stream()
                .takeWhile(moment -> moment != back)
                .filter(moment -> moment.messageId().equals(back.messageId()) && givesBack(moment.step()))
                .filter(open::contains)
                .reduce((earlier, later) -> later);
    }

    private static boolean givesBack(Step step) {
        return step instanceof Step.Finished finished
                && (finished.outcome() instanceof Outcome.Failed
                        || finished.outcome() instanceof Outcome.Stopped
                        || finished.outcome() instanceof Outcome.Postponed
                        || finished.outcome() instanceof Outcome.Rejected);
    }

    private ForkHarnessAssert one(String claim, String messageId, Class<? extends Outcome> kind) {
        take(
                claim,
                List.of(messageId),
                moment -> moment.messageId().equals(messageId) && kind.isInstance(outcome(moment)));
        return this;
    }

    /** The first outcome that fits, which is open no longer. */
    private Moment take(String claim, List<String> about, Predicate<Moment> wanted) {
        Moment first = open.stream()
                .filter(wanted)
                .findFirst()
                .orElseThrow(() -> failed(claim, "no outcome says so, or another assertion had it before", about));
        open.remove(first);
        return first;
    }

    private static Outcome outcome(Moment moment) {
        return ((Step.Finished) moment.step()).outcome();
    }

    private static boolean wasHandled(Moment moment) {
        return outcome(moment) instanceof Outcome.Handled;
    }

    private static List<String> ids(List<Moment> moments) {
        return moments.stream().map(Moment::messageId).distinct().toList();
    }

    /** The failure of an assertion about these messages, or about all if there are none. */
    private AssertionError failed(String claim, String instead, List<String> about) {
        return failure(
                "%s",
                String.join(
                        "\n",
                        "Expected that " + claim + ", but " + instead,
                        happened(about),
                        "In the queue: " + Listing.of(actual.queue().messages(), ForkHarnessAssert::item),
                        "In the dead-letter queue: " + Listing.of(actual.deadLetters(), Item::from)));
    }

    private String happened(List<String> about) {
        List<Moment> all = actual.timeline().moments();
        List<Moment> ofThem = all.stream()
                .filter(moment -> about.contains(moment.messageId()))
                .toList();
        return ofThem.isEmpty()
                ? "What happened" + lines(all)
                : "What happened to " + Listing.of(about) + lines(ofThem);
    }

    /** The last lines tell the most. */
    private static String lines(List<Moment> moments) {
        int left = Math.max(0, moments.size() - MOST_LINES);
        return (left == 0 ? ":\n" : " (after " + left + " lines more):\n")
                + Timeline.text(moments.subList(left, moments.size()));
    }

    private static String item(Item item) {
        return item.visible() ? item.messageId() : item.messageId() + " (hidden)";
    }
}
