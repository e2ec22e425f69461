package io.github.eventfork.testkit;

import io.github.eventfork.Delivery;
import io.github.eventfork.Event;
import io.github.eventfork.Fork;
import io.github.eventfork.ForkListener;
import io.github.eventfork.Outcome;
import io.github.eventfork.Settlement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What happened in a harness, in order: what the queue did, what the fork did, what stands. Thread-safe.
 *
 * <p><b>Ownership:</b> its fields belong to whoever holds this object's monitor.
 */
public final class Timeline {

    private final VirtualRuntime runtime;

    private final List<Moment> moments = new ArrayList<>();

    /** The event type of the run that is over and whose outcome is still to come. */
    private final IdentityHashMap<Delivery, String> types = new IdentityHashMap<>();

    /** A step of a message, and how much time had passed. The message id is empty where a step concerns none. */
    public record Moment(Duration at, String messageId, Step step) {
        @Override
        public String toString() {
            return Timeline.text(List.of(this));
        }
    }

    Timeline(VirtualRuntime runtime) {
        this.runtime = runtime;
    }

    /** All that happened. */
    public synchronized List<Moment> moments() {
        return List.copyOf(moments);
    }

    /** What happened to one message. */
    public List<Moment> of(String messageId) {
        return moments().stream()
                .filter(moment -> moment.messageId.equals(messageId))
                .toList();
    }

    /** All steps of this kind, in order. */
    public <S extends Step> List<S> steps(Class<S> kind) {
        return moments().stream()
                .map(Moment::step)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    /** The outcomes of one message, in order. */
    public List<Outcome> outcomes(String messageId) {
        return of(messageId).stream()
                .map(Moment::step)
                .filter(Step.Finished.class::isInstance)
                .map(step -> ((Step.Finished) step).outcome())
                .toList();
    }

    /** What stands of one message, in the order in which it came to stand. */
    public List<Settlement> settlements(String messageId) {
        return of(messageId).stream()
                .map(Moment::step)
                .filter(Step.Settled.class::isInstance)
                .map(step -> ((Step.Settled) step).settlement())
                .toList();
    }

    /** The ids of the messages whose handler was started, in order, each as often as it was. */
    public List<String> started() {
        return moments().stream()
                .filter(moment -> moment.step instanceof Step.Started)
                .map(Moment::messageId)
                .toList();
    }

    /** One line for each moment: when it was, in minutes and seconds, the message, the step; in columns. */
    @Override
    public String toString() {
        return text(moments());
    }

    /** These moments as lines, in columns. */
    static String text(List<Moment> moments) {
        int times = widest(moments, moment -> TimeText.clock(moment.at));
        int ids = widest(moments, Moment::messageId);
        // what a handler throws may have more than one line
        String below = "\n" + " ".repeat(times + ids + 4);
        return moments.stream()
                .map(moment -> right(TimeText.clock(moment.at), times) + "  " + left(moment.messageId, ids) + "  "
                        + moment.step.toString().replace("\n", below))
                .collect(Collectors.joining("\n"));
    }

    private static int widest(List<Moment> moments, Function<Moment, String> column) {
        return moments.stream().map(column).mapToInt(String::length).max().orElse(0);
    }

    private static String right(String text, int width) {
        return " ".repeat(width - text.length()) + text;
    }

    private static String left(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    synchronized void add(String messageId, Step step) {
        moments.add(new Moment(runtime.elapsed(), messageId, step));
    }

    ForkListener listener(Fork fork) {
        return new Listener(fork.claimsKeys());
    }

    private synchronized void ran(Event<?> event, Outcome outcome) {
        types.put(event.delivery(), event.type());
        add(event.delivery().messageId(), new Step.Ran(event.type(), outcome));
    }

    private synchronized void over(Delivery delivery, Outcome outcome) {
        String type = types.remove(delivery);
        add(delivery.messageId(), new Step.Finished(type == null ? "" : type, outcome));
    }

    private final class Listener implements ForkListener {

        private final boolean claims;

        Listener(boolean claims) {
            this.claims = claims;
        }

        @Override
        public Scope started(Event<?> event) {
            // where keys are claimed, the engine gives an event its key exactly when it has the claim
            event.key()
                    .filter(key -> claims)
                    .ifPresent(key -> add(event.delivery().messageId(), new Step.Claimed(key)));
            add(event.delivery().messageId(), new Step.Started(event.type(), event.attempt()));
            return outcome -> ran(event, outcome);
        }

        @Override
        public void finished(Delivery delivery, Outcome outcome) {
            over(delivery, outcome);
        }

        @Override
        public void settled(Delivery delivery, Settlement settlement) {
            add(delivery.messageId(), new Step.Settled(settlement));
        }

        @Override
        public void leaseLost(Delivery delivery) {
            add(delivery.messageId(), new Step.LeaseLost());
        }

        @Override
        public void claimLost(Delivery delivery) {
            add(delivery.messageId(), new Step.ClaimLost());
        }
    }
}
