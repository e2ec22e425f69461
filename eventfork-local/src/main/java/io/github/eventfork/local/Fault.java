package io.github.eventfork.local;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What goes wrong with one call to SNS or SQS. It is to be planned with {@link Faults}.
 *
 * <p>The AWS SDK tries a call again by itself after {@link #failing()}, {@link #throttled()}, {@link #failingOnceDone()}
 * and {@link #lost()}; a client that is to see them needs a retry strategy that doesn't.
 *
 * <p>Immutable and thread-safe. Nothing here is null.
 */
public final class Fault {
    private static final Set<String> BATCHES =
            Set.of("SendMessageBatch", "DeleteMessageBatch", "ChangeMessageVisibilityBatch");
    private static final Set<String> FORGETTABLE =
            Set.of("DeleteMessage", "DeleteMessageBatch", "ChangeMessageVisibility", "ChangeMessageVisibilityBatch");

    private final String name;
    private final Set<String> calls;
    private final Breakage breakage;

    private Fault(String name, Set<String> calls, Breakage breakage) {
        this.name = name;
        this.calls = calls;
        this.breakage = breakage;
    }

    /** Nothing is done, and the answer is HTTP 500, {@code InternalError}. */
    public static Fault failing() {
        return new Fault("failing", AwsCalls.all(), new Breakage.Refused(Breakage.Refusal.INTERNAL));
    }

    /** Nothing is done; the answer is HTTP 403, {@code RequestThrottled}, of SQS, or 429, {@code Throttled}, of SNS. */
    public static Fault throttled() {
        return new Fault("throttled", AwsCalls.all(), new Breakage.Refused(Breakage.Refusal.THROTTLED));
    }

    /** It is done, but the answer is HTTP 500, {@code InternalError}. */
    public static Fault failingOnceDone() {
        return new Fault(
                "failingOnceDone", AwsCalls.all(), new Breakage.AnswerLost(Optional.of(Breakage.Refusal.INTERNAL)));
    }

    /** It is done, but its answer is lost: the connection is closed without one. */
    public static Fault lost() {
        return new Fault("lost", AwsCalls.all(), new Breakage.AnswerLost(Optional.empty()));
    }

    /**
     * It is answered as done and not done, as a standard queue may
     * <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html">forget a
     * delete</a>. For {@code DeleteMessage}, {@code ChangeMessageVisibility} and their batches.
     *
     * @param indexes of the entries of a batch that are forgotten, from 0; with none, all
     */
    public static Fault forgotten(int... indexes) {
        return new Fault(
                "forgotten",
                FORGETTABLE,
                new BrokenEntries(BrokenEntries.Which.at(checked(indexes)), BrokenEntries.Told.done()));
    }

    /**
     * It is done in time, and its answer comes later by this.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public static Fault delayed(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("a delay must not be negative, was " + by);
        }
        return new Fault("delayed", AwsCalls.all(), new Breakage.Delayed(by));
    }

    /**
     * Entries of a batch to SQS are not done, and answered so, with {@code SenderFault} false. The rest is done.
     *
     * @param code such as {@code InternalError}
     * @param indexes of these entries, from 0; with none, all
     */
    public static Fault answering(String code, int... indexes) {
        return new Fault(
                "answering " + code,
                BATCHES,
                new BrokenEntries(BrokenEntries.Which.at(checked(indexes)), BrokenEntries.Told.failed(code)));
    }

    /**
     * The last {@code count} entries of a batch to SQS are not done, and left out of the answer.
     *
     * @throws IllegalArgumentException if {@code count} is less than 1
     */
    public static Fault leavingOut(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("what is left out must be 1 or more, was " + count);
        }
        return new Fault(
                "leavingOut",
                BATCHES,
                new BrokenEntries(BrokenEntries.Which.last(count), BrokenEntries.Told.nothing()));
    }

    private static Set<Integer> checked(int... indexes) {
        Set<Integer> all = Arrays.stream(indexes).boxed().collect(Collectors.toUnmodifiableSet());
        if (all.stream().anyMatch(index -> index < 0 || index > 9)) {
            throw new IllegalArgumentException("an index of a batch must be 0 to 9, was one of " + all);
        }
        return all;
    }

    /** Refuses a call that can't go wrong in this way. */
    void check(String call) {
        if (!AwsCalls.all().contains(call)) {
            throw new IllegalArgumentException("there is no call '" + call + "' of SQS or SNS");
        }
        if (!calls.contains(call)) {
            throw new IllegalArgumentException(call + " can't go wrong by '" + name + "'");
        }
    }

    Breakage breakage() {
        return breakage;
    }

    /** Its name. */
    @Override
    public String toString() {
        return name;
    }
}
