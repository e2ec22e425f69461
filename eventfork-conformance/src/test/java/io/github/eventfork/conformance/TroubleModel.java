package io.github.eventfork.conformance;

import io.github.eventfork.AlreadyHandledException;
import io.github.eventfork.Delivery;
import io.github.eventfork.Event;
import io.github.eventfork.Outcome;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.Settlement;
import io.github.eventfork.conformance.TroubleStep.Send;
import io.github.eventfork.conformance.TroubleStep.Sort;
import io.github.eventfork.conformance.TroubleStory.Memory;
import io.github.eventfork.conformance.TroubleStory.Setting;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.InMemoryQueue.Item;
import io.github.eventfork.testkit.QueueLog;
import io.github.eventfork.testkit.Step;
import io.github.eventfork.testkit.Timeline;
import io.github.eventfork.testkit.VirtualRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is known of a story's messages and runs, and what must never be. It is told by handlers and listeners in turns with the
 * test, and notes the first thing that is wrong.
 *
 * <p>What it compares with is the queue, whose clock is the true one: whether a message could have been handed to another by
 * now, what was deleted, where copies stand.
 */
final class TroubleModel {

    /** What the ids of those begin with of which nothing is to be said. */
    static final String CROWD = "crowd-";

    /** What a poller knows of its queue is asked anew after five minutes, with a poll. */
    private static final Duration KNOWN_AFTER = Duration.ofMinutes(6);

    private final Setting setting;
    private final VirtualRuntime time;
    private final InMemoryQueue queue;
    private final Timeline timeline;
    private final List<InMemoryQueue> deadLetterQueues = new ArrayList<>();
    private final Map<String, Fate> fates = new LinkedHashMap<>();
    private final List<Run> underWay = new ArrayList<>();
    private final Map<String, Duration> doneKeys = new HashMap<>();
    private final Set<String> completedKeys = new HashSet<>();

    private Optional<Wrong> wrong = Optional.empty();
    private final Map<Delivery, Run> lastRuns = new IdentityHashMap<>();
    private final Set<Delivery> lost = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<Delivery, Outcome> outcomes = new IdentityHashMap<>();
    private final List<GivenBack> givenBack = new ArrayList<>();
    private final Set<Delivery> tried = Collections.newSetFromMap(new IdentityHashMap<>());
    private int deletesSeen;
    private int movedSeen;
    private int lettersSeen;
    private int leastMostReceives;
    private boolean disturbed;
    private Optional<Duration> clockSetAt = Optional.empty();

    /** Others work on the queue too, or did. */
    private boolean helped;

    private Duration deadLettersChanged = Duration.ZERO;
    private boolean callsGoneWrong;
    private boolean callersHeld;
    private final Set<InMemoryQueue.Call> wrongCalls = EnumSet.noneOf(InMemoryQueue.Call.class);
    private boolean storeTroubled;

    /** What is wrong; the kind is what it is compared by when a story is shortened. */
    record Wrong(String kind, String text) {}

    /** What became of one message so far. */
    private static final class Fate {
        final Send send;
        int runs;
        Optional<Duration> done = Optional.empty();
        Optional<Duration> duplicate = Optional.empty();
        Optional<Duration> discarded = Optional.empty();
        Optional<Duration> copied = Optional.empty();
        Optional<Duration> takenByRival = Optional.empty();
        boolean failedAtLastReceive;

        /** A run of it has said that it will never do. */
        boolean rejects;

        /** It can't be done, or was tried as often as it may be. */
        boolean deservesADeadLetter;

        final Set<Integer> doneIn = new HashSet<>();

        Fate(Send send) {
            this.send = send;
        }

        /** It need not run any more. */
        boolean over() {
            return Stream.of(done, duplicate, discarded, copied, takenByRival).anyMatch(Optional::isPresent);
        }

        boolean overAt(Duration at) {
            return Stream.of(done, duplicate, discarded, copied, takenByRival)
                    .flatMap(Optional::stream)
                    .anyMatch(when -> when.compareTo(at) <= 0);
        }
    }

    /** A message that a process has given back, by its nth receive, after so many changes of visibility. */
    private record GivenBack(Delivery delivery, int changes) {}

    /** One run of a handler. */
    static final class Run {
        final TroubleProcess process;
        final Event<?> event;
        final Duration begun;
        final TroubleStep.Doing doing;

        Run(TroubleProcess process, Event<?> event, Duration begun, TroubleStep.Doing doing) {
            this.process = process;
            this.event = event;
            this.begun = begun;
            this.doing = doing;
        }

        String id() {
            return event.delivery().messageId();
        }
    }

    TroubleModel(Setting setting, VirtualRuntime time, InMemoryQueue queue, Timeline timeline) {
        this.setting = setting;
        this.time = time;
        this.queue = queue;
        this.timeline = timeline;
        this.leastMostReceives = setting.mostReceives().orElse(Integer.MAX_VALUE);
        queue.deadLetterQueue().ifPresent(deadLetterQueues::add);
    }

    // What it is told.

    void sent(Send send) {
        fates.put(send.id(), new Fate(send));
    }

    void deadLetterQueue(InMemoryQueue another) {
        deadLetterQueues.add(another);
    }

    void deadLettersChange() {
        deadLettersChanged = time.elapsed();
    }

    void helped() {
        helped = true;
    }

    boolean isCrowdHere() {
        return queue.messages().stream().anyMatch(item -> isCrowd(item.messageId()));
    }

    static boolean isCrowd(String id) {
        return id.startsWith(CROWD);
    }

    /** Whether nothing has gone wrong that makes a call late, or a clock. */
    boolean calm() {
        return !disturbed && !callersHeld && !callsGoneWrongFor(InMemoryQueue.Call.CHANGE_VISIBILITY);
    }

    void mostReceives(int count) {
        leastMostReceives = Math.min(leastMostReceives, count);
    }

    /** The wall clock is set: until the next look at leases some may be over that the queue keeps, with renewals on their way. */
    void clockSet() {
        disturbed();
        clockSetAt = Optional.of(time.elapsed());
    }

    private boolean clockIsJustSet() {
        return clockSetAt
                .filter(at -> time.elapsed().minus(at).compareTo(Duration.ofSeconds(5)) <= 0)
                .isPresent();
    }

    /** Clocks, threads or settings are not what they were: leases may be lost for that. */
    void disturbed() {
        disturbed = true;
    }

    void callsGoWrong(Optional<InMemoryQueue.Call> call, Fault fault) {
        callsGoneWrong = true;
        callersHeld |= fault instanceof Fault.Blocking;
        call.ifPresentOrElse(wrongCalls::add, () -> wrongCalls.addAll(List.of(InMemoryQueue.Call.values())));
    }

    boolean callsGoneWrongFor(InMemoryQueue.Call call) {
        return wrongCalls.contains(call);
    }

    void storeTroubled() {
        storeTroubled = true;
    }

    void takenByRival(String id) {
        fate(id).takenByRival = earliest(fate(id).takenByRival);
    }

    void completed(String key) {
        completedKeys.add(key);
    }

    /** A handler has been called. */
    Run begins(TroubleProcess process, Event<?> event) {
        Delivery delivery = event.delivery();
        Fate fate = fate(delivery.messageId());
        int number = fate.runs++;
        Run run = new Run(
                process,
                event,
                time.elapsed(),
                number < fate.send.script().size() ? fate.send.script().get(number) : TroubleStep.Doing.NOTHING);
        mustBeOurs(run);
        mustBeInOrder(fate, run);
        mustBeAlive(run);
        mustNotBeDone(fate, run);
        mustHaveItsKeyAlone(run);
        underWay.add(run);
        lastRuns.put(delivery, run);
        mustBelieveWhatIs();
        if (setting.polls()) {
            long here =
                    underWay.stream().filter(other -> other.process == process).count();
            must(
                    here <= setting.concurrency(),
                    "concurrency",
                    () -> here + " handlers run at once in process " + process.number());
        }
        return run;
    }

    /** A handler has ended, by this if it threw. */
    void ends(Run run, Optional<Throwable> thrown) {
        mustBelieveWhatIs();
        underWay.remove(run);
        if (thrown.filter(OutOfMemoryError.class::isInstance).isPresent()) {
            disturbed();
        }
        Fate fate = fate(run.id());
        fate.rejects |= thrown.filter(RejectedEventException.class::isInstance).isPresent();
        if (thrown.isEmpty() || thrown.get() instanceof AlreadyHandledException) {
            fate.done = earliest(fate.done);
            fate.doneIn.add(run.process.number());
            doneKeys.putIfAbsent(fate.send.key(), time.elapsed());
        }
    }

    void finished(TroubleProcess process, Delivery delivery, Outcome outcome) {
        Fate fate = fate(delivery.messageId());
        tried.add(delivery);
        outcomes.put(delivery, outcome);
        mustTellStoppedFromFailed(process, delivery, outcome);
        if (outcome instanceof Outcome.Discarded) {
            must(fate.send.sort() == Sort.UNWANTED, "discarded", () -> delivery + " was discarded, but is wanted");
            fate.discarded = earliest(fate.discarded);
        } else if (outcome instanceof Outcome.Duplicate) {
            lookAtTheLog();
            must(
                    fate.over() || (setting.claims() && doneKeys.containsKey(fate.send.key())),
                    "duplicate",
                    () -> delivery + " is called a duplicate, but nobody has done it");
            fate.duplicate = earliest(fate.duplicate);
        } else if (outcome instanceof Outcome.Rejected || outcome instanceof Outcome.Failed) {
            fate.failedAtLastReceive |= delivery.receiveCount() >= leastMostReceives;
        }
        must(
                !(outcome instanceof Outcome.Rejected) || fate.rejects || fate.send.sort() == Sort.UNREADABLE,
                "rejected",
                () -> delivery + " was rejected, but can be read, and no run of it has said so");
        fate.deservesADeadLetter |= deservesADeadLetter(delivery, outcome);
    }

    /** By the least that was ever said of how often it may be received or tried: who knows which of it was known. */
    private boolean deservesADeadLetter(Delivery delivery, Outcome outcome) {
        int most = Math.min(leastMostReceives, setting.attempts());
        Run run = lastRuns.get(delivery);
        return outcome instanceof Outcome.Rejected
                || (outcome instanceof Outcome.Failed && run != null && run.event.attempt() >= most)
                || (outcome instanceof Outcome.Stopped && delivery.receiveCount() >= most);
    }

    /** What the process was told to stop is no failure. */
    private void mustTellStoppedFromFailed(TroubleProcess process, Delivery delivery, Outcome outcome) {
        Run run = lastRuns.get(delivery);
        if (outcome instanceof Outcome.Stopped) {
            must(
                    !setting.polls() || process.closing(),
                    "stopped",
                    () -> delivery + " was stopped by process " + process.number() + ", which does not close");
        } else if (run != null
                && outcome instanceof Outcome.Failed failed
                && failed.cause() instanceof InterruptedException) {
            must(
                    run.event.lease().lost() || (setting.polls() && reachedLimit(run)),
                    "failed",
                    () -> delivery + " was interrupted by process " + process.number()
                            + " for no fault of its own, and counts as failed");
        }
    }

    void settled(TroubleProcess process, Delivery delivery, Settlement settlement) {
        boolean back = settlement instanceof Settlement.GiveBack;
        if (setting.polls()
                && back
                && !lost.contains(delivery)
                && !clockIsJustSet()
                && !sentTwice(delivery.messageId())) {
            givenBack.add(
                    new GivenBack(delivery, queue.log().visibilityChanges().size()));
            must(
                    !(outcomes.get(delivery) instanceof Outcome.Rejected)
                            || disturbed
                            || callsGoneWrong
                            || queue.deadLetterQueue().isEmpty()
                            || deadLettersChanged.compareTo(lastRunOf(delivery)) >= 0,
                    "no dead letter",
                    () -> delivery + " was rejected, and given back although there is a dead-letter queue");
        }
    }

    private Duration lastRunOf(Delivery delivery) {
        return lastRuns.containsKey(delivery) ? lastRuns.get(delivery).begun : Duration.ZERO;
    }

    void leaseLost(TroubleProcess process, Delivery delivery) {
        lost.add(delivery);
        boolean excused = disturbed
                || process.closing()
                || setting.visibility().compareTo(Given.seconds(10)) < 0
                || setting.roundTrip().compareTo(Duration.ofMillis(100)) > 0
                || !setting.polls()
                || tried.contains(delivery)
                || concernedByReceives()
                || wrongChangesOf(delivery.messageId()) > 1
                || underWay.stream().anyMatch(run -> run.event.delivery() == delivery && reachedLimit(run));
        must(
                excused,
                "lease lost",
                () -> "the lease of " + delivery + " was lost, with no more than one call wrong that concerns it");
    }

    // What must be.

    /** Whoever else there is, the queue can't have handed it to them yet. */
    private void mustBeOurs(Run run) {
        must(
                ours(run) || (!setting.polls() && (disturbed || callsGoneWrong)),
                "not ours",
                () -> run.event.delivery() + " is started by process " + run.process.number()
                        + ", but the queue could have handed it to another by now: " + items(run.id()));
    }

    /** A lease that is believed kept is kept. */
    private void mustBelieveWhatIs() {
        for (Run run : underWay) {
            must(
                    run.event.lease().lost() || ours(run) || (!setting.polls() && (disturbed || callsGoneWrong)),
                    "believed kept",
                    () -> "process " + run.process.number() + " believes for "
                            + run.event.lease().remaining() + " that it holds " + run.event.delivery()
                            + ", but the queue could have handed it to another by now: " + items(run.id()));
        }
    }

    private boolean ours(Run run) {
        return holds(items(run.id()), run.event.delivery());
    }

    private static boolean holds(List<Item> items, Delivery delivery) {
        return items.stream().anyMatch(item -> !item.visible() && item.receives() == delivery.receiveCount());
    }

    /** Whether it has been handed out again, or could be. */
    boolean isTakenByOthers(Delivery delivery) {
        List<Item> items = items(delivery.messageId());
        return !items.isEmpty() && !sentTwice(delivery.messageId()) && !holds(items, delivery);
    }

    private void mustBeInOrder(Fate fate, Run run) {
        if (!setting.fifo()) {
            return;
        }
        lookAtTheLog();
        for (Fate earlier : fates.values()) {
            if (earlier == fate) {
                return;
            }
            must(
                    !earlier.send.group().equals(fate.send.group())
                            || earlier.over()
                            || moved(earlier.send.id())
                            || earlier.failedAtLastReceive,
                    "order",
                    () -> run.id() + " is started by process " + run.process.number() + " before " + earlier.send.id()
                            + " has ended");
        }
    }

    private void mustBeAlive(Run run) {
        must(
                !setting.polls() || !run.process.closed(),
                "closed",
                () -> run.id() + " is started by process " + run.process.number() + ", which is closed");
    }

    /** A poller remembers what it has done. */
    private void mustNotBeDone(Fate fate, Run run) {
        must(
                !setting.polls() || fate.send.twice() || !fate.doneIn.contains(run.process.number()),
                "done twice",
                () -> run.id() + " is started by process " + run.process.number() + ", which has done it before");
    }

    private void mustHaveItsKeyAlone(Run run) {
        if (setting.memory() != Memory.STORE) {
            return;
        }
        String key = fate(run.id()).send.key();
        must(
                !completedKeys.contains(key),
                "key done twice",
                () -> run.id() + " is started, but the store knows that " + key + " is done");
        must(
                storeTroubled
                        || underWay.stream()
                                .noneMatch(other -> fate(other.id()).send.key().equals(key)
                                        && !other.event.lease().lost()),
                "key at once",
                () -> run.id() + " is started while another runs for " + key);
    }

    /** Nothing that is given back is hidden anew by the one who has given it back. */
    private void mustStayGivenBack() {
        if (callersHeld) {
            // a call that held its thread before it went out was over its limit, and can't be recalled
            return;
        }
        List<QueueLog.VisibilityChange> changes = queue.log().visibilityChanges();
        for (GivenBack given : givenBack) {
            Delivery delivery = given.delivery();
            if (items(delivery.messageId()).stream().anyMatch(item -> item.receives() == delivery.receiveCount())) {
                must(
                        changes.stream()
                                .skip(given.changes())
                                .noneMatch(change -> change.messageId().equals(delivery.messageId())
                                        && change.answer() == Entry.DONE),
                        "hidden anew",
                        () -> delivery + " was given back, and hidden anew");
            }
        }
        if (givenBack.size() > 50) {
            givenBack.removeIf(given -> items(given.delivery().messageId()).stream()
                    .noneMatch(item -> item.receives() == given.delivery().receiveCount()));
        }
    }

    /** As long as nothing else goes wrong, whoever knows the queue's count dead-letters by itself, and says why. */
    private void mustNotBeMovedAway() {
        List<String> moved = queue.log().movedAway();
        for (; movedSeen < moved.size(); movedSeen++) {
            String id = moved.get(movedSeen);
            must(
                    !setting.polls()
                            || disturbed
                            || callsGoneWrong
                            || helped
                            || sentTwice(id)
                            || lost.stream()
                                    .anyMatch(delivery -> delivery.messageId().equals(id))
                            || time.elapsed().minus(deadLettersChanged).compareTo(KNOWN_AFTER) < 0,
                    "moved away",
                    () -> id + " was moved away by the queue, without a reason");
        }
    }

    /** What can be seen at any time. */
    void check() {
        lookAtTheLog();
        mustStayGivenBack();
        mustNotBeMovedAway();
        mustBelieveWhatIs();
        List<Item> here = queue.messages();
        for (Fate fate : fates.values()) {
            must(
                    fate.over() || has(here, fate.send.id()) || moved(fate.send.id()),
                    "lost",
                    () -> fate.send.id() + " is neither done, nor in the queue, nor in a dead-letter queue");
        }
    }

    private void lookAtTheLog() {
        List<QueueLog.DeadLetter> letters = queue.log().deadLetters();
        for (; lettersSeen < letters.size(); lettersSeen++) {
            QueueLog.DeadLetter letter = letters.get(lettersSeen);
            if (letter.answer() == Entry.DONE) {
                Fate fate = fate(letter.messageId());
                must(
                        fate.deservesADeadLetter,
                        "undeserved",
                        () -> letter.messageId()
                                + " is a dead letter, but was neither rejected nor tried often enough");
                fate.copied = fate.copied.or(() -> Optional.of(letter.at()));
            }
        }
        List<QueueLog.Delete> deletes = queue.log().deletes();
        for (; deletesSeen < deletes.size(); deletesSeen++) {
            QueueLog.Delete delete = deletes.get(deletesSeen);
            must(
                    isCrowd(delete.messageId()) || fate(delete.messageId()).overAt(delete.at()),
                    "acknowledged",
                    () -> delete.messageId() + " is deleted, but nobody has done it");
        }
    }

    // What the end must be.

    /** Whether all messages have come to their end, and all runs. */
    boolean allOver() {
        lookAtTheLog();
        List<Item> here = queue.messages();
        return underWay.isEmpty()
                && here.stream().allMatch(item -> !isCrowd(item.messageId()) && stays(item.messageId()))
                && fates.values().stream()
                        .allMatch(fate -> fate.over() || moved(fate.send.id()) || stays(fate.send.id()));
    }

    String whatIsLeft() {
        return "runs: " + underWay.stream().map(Run::id).toList() + ", messages: "
                + queue.messages().stream()
                        .map(item -> item.messageId() + (item.visible() ? " (visible)" : " (hidden)"))
                        .toList()
                + ", not over: "
                + fates.values().stream()
                        .filter(fate -> !fate.over())
                        .map(fate -> fate.send.id())
                        .toList();
    }

    int underWay() {
        return underWay.size();
    }

    /** It can't be read, there is nowhere where it could go, or it is behind such a one. */
    private boolean stays(String id) {
        if (queue.deadLetterQueue().isPresent()) {
            return false;
        }
        Optional<String> group = fate(id).send.group();
        for (Fate fate : fates.values()) {
            boolean stuck = fate.send.sort() == Sort.UNREADABLE && (fate.send.twice() || !fate.over());
            if (stuck
                    && (fate.send.id().equals(id)
                            || (setting.fifo() && fate.send.group().equals(group)))) {
                return true;
            }
            if (fate.send.id().equals(id)) {
                return false;
            }
        }
        return false;
    }

    Optional<Wrong> wrong() {
        return wrong;
    }

    /** A text that is made if it is needed. */
    interface Text {
        String text();
    }

    void must(boolean right, String kind, Text otherwise) {
        if (!right && wrong.isEmpty()) {
            wrong = Optional.of(new Wrong(kind, otherwise.text()));
        }
    }

    // What it looks up.

    private boolean reachedLimit(Run run) {
        return time.elapsed().minus(run.begun).compareTo(setting.limit()) >= 0;
    }

    private boolean concernedByReceives() {
        return timeline.moments().stream()
                .map(Timeline.Moment::step)
                .anyMatch(step -> step instanceof Step.WentWrong gone
                        && (gone.call() == InMemoryQueue.Call.RECEIVE
                                || gone.call() == InMemoryQueue.Call.LOOK_UP
                                || gone.fault() instanceof Fault.Blocking));
    }

    /** An answer that says never counts for two. */
    private long wrongChangesOf(String id) {
        return timeline.of(id).stream()
                .map(Timeline.Moment::step)
                .filter(step ->
                        step instanceof Step.WentWrong gone && gone.call() == InMemoryQueue.Call.CHANGE_VISIBILITY)
                .mapToLong(step ->
                        ((Step.WentWrong) step).fault() instanceof Fault.Answering said && said.entry() == Entry.FINAL
                                ? 2
                                : 1)
                .sum();
    }

    boolean sentTwice(String id) {
        return fate(id).send.twice();
    }

    private List<Item> items(String id) {
        return queue.messages().stream()
                .filter(item -> item.messageId().equals(id))
                .toList();
    }

    private static boolean has(List<Item> items, String id) {
        return items.stream().anyMatch(item -> item.messageId().equals(id));
    }

    private boolean moved(String id) {
        return deadLetterQueues.stream()
                .flatMap(letters -> letters.messages().stream())
                .anyMatch(letter -> letter.from().equals(id));
    }

    private Optional<Duration> earliest(Optional<Duration> before) {
        return before.or(() -> Optional.of(time.elapsed()));
    }

    private Fate fate(String id) {
        Fate fate = fates.get(id);
        if (fate == null) {
            throw new AssertionError("nobody has sent " + id);
        }
        return fate;
    }
}
