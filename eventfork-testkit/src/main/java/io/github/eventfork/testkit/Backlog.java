package io.github.eventfork.testkit;

import io.github.eventfork.Delivery;
import io.github.eventfork.queue.MessageQueue.Entry;
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

    /** A standard queue puts a message at its back after so many receives. */
    private static final int RECEIVES_IN_PLACE = 3;

    private final String queue;
    private final boolean fifo;
    private final long visibility;
    private final int maxReceiveCount;
    private final TreeSet<Stored> invisible = new TreeSet<>(
            Comparator.<Stored>comparingLong(message -> message.visibleAt).thenComparingLong(message -> message.place));
    private final Map<String, Group> groups = new HashMap<>();
    private final TreeSet<Group> ready = new TreeSet<>(Comparator.comparingLong(Group::place));
    private final Map<String, Receipt> receipts = new HashMap<>();
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

    Backlog(String queue, Duration visibility, int maxReceiveCount) {
        this.queue = queue;
        this.fifo = queue.endsWith(".fifo");
        this.visibility = visibility.toNanos();
        this.maxReceiveCount = maxReceiveCount;
    }

    /** Puts {@code message} at the back. */
    void add(Stored message) {
        message.place = ++places;
        hide(message, message.visibleAt);
    }

    /** Hands out up to {@code most} that are visible; who has used up its receives goes to {@code movedAway} instead. */
    List<Delivery> take(int most, long now, Instant wall, Consumer<Stored> movedAway) {
        surface(now);
        List<Stored> taken = new ArrayList<>();
        while (taken.size() < most && !ready.isEmpty()) {
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
        taken.forEach(message -> handedOut.add(handOut(message, now, wall)));
        return handedOut;
    }

    /** Hands out this message, visible or not. */
    Delivery handOut(Stored message, long now, Instant wall) {
        message.receives++;
        message.receivedAt = now;
        if (message.firstReceived == null) {
            message.firstReceived = wall;
        }
        takeOut(message);
        if (!fifo && message.receives >= RECEIVES_IN_PLACE) {
            message.place = ++places;
        }
        hide(message, now + visibility);
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
