package io.github.eventfork.testkit;

import io.github.eventfork.Delivery;
import io.github.eventfork.queue.MessageQueue;
import io.github.eventfork.queue.MessageQueue.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What was asked of an {@link InMemoryQueue}, in order, with the time that had passed. Thread-safe.
 *
 * <p><b>Ownership:</b> the lists belong to whoever holds this object's monitor.
 */
public final class QueueLog {

    private final VirtualRuntime runtime;

    private final List<CallMade> calls = new ArrayList<>();

    private final List<InMemoryQueue.Call> begunElsewhere = new ArrayList<>();

    private final List<Receive> receives = new ArrayList<>();

    private final List<Delete> deletes = new ArrayList<>();

    private final List<VisibilityChange> visibilityChanges = new ArrayList<>();

    private final List<DeadLetter> deadLetters = new ArrayList<>();

    private final List<String> movedAway = new ArrayList<>();

    private final List<Observer> observers = new ArrayList<>(1);

    /** A call as it reached the queue, failed or not; a receive has as many entries as it asks for. */
    public record CallMade(Duration at, InMemoryQueue.Call call, int entries) {}

    /**
     * A receive that was answered, with nothing in it if nothing was visible in time.
     *
     * @param visibilityTimeout what it asked for; empty if it left that to the queue
     * @param attempt by which a FIFO queue would know it again
     */
    public record Receive(
            Duration at,
            int most,
            Duration longPoll,
            Optional<Duration> visibilityTimeout,
            Optional<String> attempt,
            List<String> messageIds) {}

    /** A delete that reached the queue; the message id is {@code null}'s text for a receipt that is none. */
    public record Delete(Duration at, String messageId, Entry answer) {}

    /** A change of visibility that reached the queue. */
    public record VisibilityChange(Duration at, String messageId, Duration timeout, Entry answer) {}

    /** A copy to the dead-letter queue. */
    public record DeadLetter(Duration at, String messageId, Optional<String> note, Entry answer) {}

    /** Is told of each step of a message, under the queue's monitor. */
    interface Observer {
        void step(String messageId, Step step);
    }

    QueueLog(VirtualRuntime runtime) {
        this.runtime = runtime;
    }

    /** All calls, also those that failed. */
    public synchronized List<CallMade> calls() {
        return List.copyOf(calls);
    }

    /** How many calls of this kind were made. */
    public synchronized int count(InMemoryQueue.Call call) {
        return (int) calls.stream().filter(made -> made.call == call).count();
    }

    /**
     * The calls that did not begin on a thread of {@link VirtualRuntime#callers}, where alone they may block; also those
     * that never reached the queue.
     */
    public synchronized List<InMemoryQueue.Call> begunElsewhere() {
        return List.copyOf(begunElsewhere);
    }

    /** All receives that were answered. */
    public synchronized List<Receive> receives() {
        return List.copyOf(receives);
    }

    /** All deletes, one for each message. */
    public synchronized List<Delete> deletes() {
        return List.copyOf(deletes);
    }

    /** All changes of visibility, one for each message. */
    public synchronized List<VisibilityChange> visibilityChanges() {
        return List.copyOf(visibilityChanges);
    }

    /** All copies to the dead-letter queue, one for each message. */
    public synchronized List<DeadLetter> deadLetters() {
        return List.copyOf(deadLetters);
    }

    /** The messages that the queue itself moved to the dead-letter queue, because their receives were used up. */
    public synchronized List<String> movedAway() {
        return List.copyOf(movedAway);
    }

    void observe(Observer observer) {
        observers.add(observer);
    }

    synchronized void called(InMemoryQueue.Call call, int entries) {
        calls.add(new CallMade(runtime.elapsed(), call, entries));
    }

    synchronized void begunElsewhere(InMemoryQueue.Call call) {
        begunElsewhere.add(call);
    }

    void wentWrong(List<String> messageIds, InMemoryQueue.Call call, Fault fault) {
        messageIds.forEach(id -> tell(id, new Step.WentWrong(call, fault)));
    }

    void sent(String messageId) {
        tell(messageId, new Step.Sent());
    }

    void handedOut(Delivery delivery) {
        tell(delivery.messageId(), new Step.Received(delivery.receiveCount()));
    }

    void handedOutAgain(Delivery delivery) {
        tell(delivery.messageId(), new Step.ReceivedAgain(delivery.receiveCount()));
    }

    synchronized void received(MessageQueue.Receive asked, List<Delivery> taken) {
        receives.add(new Receive(
                runtime.elapsed(),
                asked.most(),
                asked.longPoll(),
                asked.visibilityTimeout(),
                asked.attempt(),
                taken.stream().map(Delivery::messageId).toList()));
    }

    synchronized void deleted(String messageId, Entry answer) {
        deletes.add(new Delete(runtime.elapsed(), messageId, answer));
        tell(messageId, new Step.Deleted(answer));
    }

    synchronized void changed(String messageId, Duration timeout, Entry answer) {
        visibilityChanges.add(new VisibilityChange(runtime.elapsed(), messageId, timeout, answer));
        tell(messageId, new Step.Hidden(timeout, answer));
    }

    synchronized void deadLettered(String messageId, Optional<String> note, Entry answer) {
        deadLetters.add(new DeadLetter(runtime.elapsed(), messageId, note, answer));
        tell(messageId, new Step.Copied(answer));
    }

    synchronized void movedAway(String messageId) {
        movedAway.add(messageId);
        tell(messageId, new Step.MovedAway());
    }

    private void tell(String messageId, Step step) {
        observers.forEach(observer -> observer.step(messageId, step));
    }
}
