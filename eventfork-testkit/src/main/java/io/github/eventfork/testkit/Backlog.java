package io.github.eventfork.testkit;

import io.github.eventfork.Delivery;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.queue.MessageQueue.Receive;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one queue and what SQS does with them by their receipts. Where AWS leaves an answer open, this takes
 * the one that is hardest on the consumer: a change of visibility by a receipt that has expired is answered as done and
 * changes nothing.
 *
 * <p><b>Invariant:</b> each message is in {@code invisible} or among the visible ones of its group; {@code ready} holds the
 * groups of which something can be handed out. Those whose time has come move over before anything else is done.
 *
 * <p>Time is given to it in nanoseconds. Owned by the monitor of its {@link InMemoryQueue}.
 */
final class Backlog {

    private static final long LONGEST_KEPT = Duration.ofHours(12).toNanos();

    private static final long ATTEMPT_KNOWN = Duration.ofMinutes(5).toNanos();

    /** A standard queue puts a message at its back after so many receives. */
    private static final int RECEIVES_IN_PLACE = 3;

    private final String queue;
    private final boolean fifo;
    private long visibility;
    private int maxReceiveCount;
    private final TreeSet<Stored> invisible = new TreeSet<>(
            Comparator.<Stored>comparingLong(message -> message.visibleAt).thenComparingLong(message -> message.place));
    private final Map<String, Group> groups = new HashMap<>();
    private final TreeSet<Group> ready = new TreeSet<>(Comparator.comparingLong(Group::place));
    private final Map<String, Receipt> receipts = new HashMap<>();
    private final Map<String, Attempt> attempts = new HashMap<>();
    private long places;

    /** The messages that block each other: a message group of a FIFO queue, or all of a standard queue, which never do. */
    private static final class Group {
        final TreeSet<Stored> visible = new TreeSet<>(Comparator.comparingLong(message -> message.place));
        int invisible;
        boolean listed;

        long place() {
            return visible.first().place;
        }
    }

    private record Receipt(Stored message, int receive) {

        boolean latest() {
            return message.receives == receive;
        }

        boolean expired(long now) {
            return !latest() || message.visibleAt <= now;
        }
    }

    /** A receive that named itself: when it was first made, and until when what it was answered is invisible. */
    private record Attempt(long at, long until, List<Stored> messages, List<Delivery> answer) {

        /** Whether all of it is still as it left it: not deleted, not hidden otherwise, not visible again. */
        boolean untouched(long now) {
            return until > now
                    && IntStream.range(0, messages.size())
                            .allMatch(i ->
                                    untouched(messages.get(i), answer.get(i).receiveCount()));
        }

        private boolean untouched(Stored message, int receive) {
            return !message.gone && !message.touched && message.receives == receive && message.visibleAt == until;
        }
    }

    Backlog(String queue, Duration visibility, int maxReceiveCount) {
        this.queue = queue;
        this.fifo = queue.endsWith(".fifo");
        this.visibility = visibility.toNanos();
        this.maxReceiveCount = maxReceiveCount;
    }

    /** What is received from now on is invisible for this time, if the receive does not say another. */
    void visibility(Duration timeout) {
        visibility = timeout.toNanos();
    }

    /** What has been received so often goes away instead of being received once more. */
    void maxReceiveCount(int count) {
        maxReceiveCount = count;
    }

    /** Puts {@code message} at the back. */
    void add(Stored message) {
        message.place = ++places;
        hide(message, message.visibleAt);
    }

    /** Hands out up to {@code most} that are visible; who has used up its receives goes to {@code movedAway} instead. */
    List<Delivery> take(Receive asked, long now, Instant wall, Consumer<Stored> movedAway) {
        surface(now);
        List<Stored> taken = new ArrayList<>();
        while (taken.size() < asked.most() && !ready.isEmpty()) {
            Stored message = ready.first().visible.first();
            changing(message, group -> group.visible.remove(message));
            if (message.receives >= maxReceiveCount) {
                message.gone = true;
                movedAway.accept(message);
            } else {
                taken.add(message);
            }
        }
        List<Delivery> handedOut = new ArrayList<>(taken.size());
        long until = now + invisible(asked);
        taken.forEach(message -> handedOut.add(handOut(message, now, until, wall)));
        asked.attempt()
                .filter(id -> !taken.isEmpty())
                .ifPresent(id -> attempts.put(id, new Attempt(now, until, taken, handedOut)));
        return handedOut;
    }

    /**
     * What a receive of this attempt was answered, if it may have that once more: it is invisible anew from now on. Empty
     * if there is nothing that it may have again, so that it is a receive like any other.
     */
    List<Delivery> again(Receive asked, long now) {
        surface(now);
        attempts.values().removeIf(attempt -> now - attempt.at >= ATTEMPT_KNOWN);
        Attempt before = asked.attempt().map(attempts::get).orElse(null);
        if (before == null || !before.untouched(now)) {
            return List.of();
        }
        long until = now + invisible(asked);
        for (Stored message : before.messages) {
            takeOut(message);
            hide(message, until);
        }
        attempts.put(asked.attempt().orElseThrow(), new Attempt(before.at, until, before.messages, before.answer));
        return before.answer;
    }

    private long invisible(Receive asked) {
        return asked.visibilityTimeout().map(Duration::toNanos).orElse(visibility);
    }

    /** Hands out this message, visible or not. */
    Delivery handOut(Stored message, long now, Instant wall) {
        return handOut(message, now, now + visibility, wall);
    }

    private Delivery handOut(Stored message, long now, long until, Instant wall) {
        message.receives++;
        message.receivedAt = now;
        message.touched = false;
        if (message.firstReceived == null) {
            message.firstReceived = wall;
        }
        takeOut(message);
        if (!fifo && message.receives >= RECEIVES_IN_PLACE) {
            message.place = ++places;
        }
        hide(message, until);
        String receipt = "receipt-" + (receipts.size() + 1) + "-of-" + message.messageId;
        receipts.put(receipt, new Receipt(message, message.receives));
        return message.handedOut(queue, receipt);
    }

    /** Whose receipt it is, as far as it is one. */
    @Nullable
    String messageId(String receipt) {
        Receipt known = receipts.get(receipt);
        return known == null ? null : known.message.messageId;
    }

    Entry delete(String receipt, long now) {
        Receipt known = receipts.get(receipt);
        if (known == null) {
            return Entry.FINAL;
        }
        if (known.message.gone) {
            return Entry.DONE;
        }
        if (fifo && known.expired(now)) {
            return Entry.FINAL;
        }
        if (known.latest()) {
            remove(known.message);
        }
        return Entry.DONE;
    }

    Entry changeVisibility(String receipt, Duration timeout, long now) {
        Receipt known = receipts.get(receipt);
        if (known == null || known.message.gone) {
            return Entry.FINAL;
        }
        if (known.expired(now)) {
            return fifo ? Entry.FINAL : Entry.DONE;
        }
        long until = now + timeout.toNanos();
        if (until - known.message.receivedAt > LONGEST_KEPT) {
            return Entry.FINAL;
        }
        takeOut(known.message);
        hide(known.message, until);
        known.message.touched = true;
        return Entry.DONE;
    }

    /** Takes all messages out, in order. */
    List<Stored> takeAll() {
        List<Stored> all = messages();
        all.forEach(this::remove);
        return all;
    }

    /** All messages, in order. */
    List<Stored> messages() {
        Stream<Stored> visible = groups.values().stream().flatMap(group -> group.visible.stream());
        return Stream.concat(visible, invisible.stream())
                .sorted(Comparator.comparingLong(message -> message.place))
                .toList();
    }

    /** When something becomes visible next, after {@code now}. */
    OptionalLong nextVisible(long now) {
        surface(now);
        return invisible.isEmpty() ? OptionalLong.empty() : OptionalLong.of(invisible.first().visibleAt);
    }

    private void surface(long now) {
        while (!invisible.isEmpty() && invisible.first().visibleAt <= now) {
            Stored first = invisible.first();
            takeOut(first);
            changing(first, group -> group.visible.add(first));
        }
    }

    private void hide(Stored message, long until) {
        message.visibleAt = until;
        invisible.add(message);
        changing(message, group -> group.invisible++);
    }

    private void takeOut(Stored message) {
        boolean hidden = invisible.remove(message);
        changing(message, group -> {
            group.visible.remove(message);
            group.invisible -= hidden ? 1 : 0;
        });
    }

    private void remove(Stored message) {
        takeOut(message);
        message.gone = true;
    }

    /** A group's place among the ready ones changes with what is in it. */
    private void changing(Stored message, Consumer<Group> change) {
        Group group = groups.computeIfAbsent(fifo ? message.group : "", name -> new Group());
        if (group.listed) {
            ready.remove(group);
        }
        change.accept(group);
        group.listed = !group.visible.isEmpty() && !(fifo && group.invisible > 0);
        if (group.listed) {
            ready.add(group);
        }
    }
}
