package io.github.eventfork;

import io.github.eventfork.envelope.Envelope;
import io.github.eventfork.envelope.Pointer;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Says what makes two events the same work, and what a missing key means. Immutable and thread-safe.
 *
 * <p>Only a key of your own, such as an order's number, survives a publisher that publishes twice: SNS gives each publish
 * a new id.
 */
public final class IdempotencyKey {

    enum Missing {
        REJECT,
        EVENT_ID,
        RUN_WITHOUT
    }

    /** What the ids of layers begin with, and what a key of the user's own that does is preceded by. */
    private static final Pattern OURS = Pattern.compile("(sqs|sns|eventbridge|payload-eventbridge|cloudevents|key):");

    private final String name;
    private final Source source;
    private final Missing missing;

    /** Whether the ids of events are the keys. */
    private final boolean ids;

    private IdempotencyKey(String name, Source source, Missing missing) {
        this(name, source, missing, false);
    }

    private IdempotencyKey(String name, Source source, Missing missing, boolean ids) {
        this.name = name;
        this.source = source;
        this.missing = missing;
        this.ids = ids;
    }

    private interface Source {
        Optional<String> of(Event<?> event, Envelope envelope);
    }

    /**
     * The id that every copy of the event shares; it is never missing. The default. It is kept with the kind of wrapping that
     * it stands in and its source, as {@link Envelope#key()} has it, so that no id that a payload brings along passes for one
     * that AWS has given.
     */
    public static IdempotencyKey eventId() {
        return new IdempotencyKey(
                "the event's id", (event, envelope) -> Optional.of(idOf(event, envelope)), Missing.EVENT_ID, true);
    }

    /**
     * A message attribute. Missing: the event is rejected.
     *
     * @throws IllegalArgumentException if {@code name} is empty
     */
    public static IdempotencyKey attribute(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("the name of the attribute must not be empty");
        }
        return new IdempotencyKey(
                "the attribute '" + name + "'",
                (event, envelope) -> event.attributes().text(name),
                Missing.REJECT);
    }

    /**
     * A string, number or boolean at an RFC 6901 pointer into the payload. Missing: the event is rejected.
     *
     * @throws IllegalArgumentException if {@code pointer} is none
     */
    public static IdempotencyKey jsonPointer(String pointer) {
        Pointer compiled = Pointer.compile(pointer);
        return new IdempotencyKey(
                "the payload's " + pointer, (event, envelope) -> compiled.in(envelope.text()), Missing.REJECT);
    }

    /** A function of the event; thread-safe. Missing (empty): the event is rejected. */
    public static IdempotencyKey from(Function<Event<?>, Optional<String>> function) {
        return new IdempotencyKey("the key function", (event, envelope) -> function.apply(event), Missing.REJECT);
    }

    /** The same, but an event without the key has its id for a key. */
    public IdempotencyKey orEventId() {
        return new IdempotencyKey(name, source, Missing.EVENT_ID, ids);
    }

    /** The same, but an event without the key runs without one: nothing guards it against being done twice. */
    public IdempotencyKey orRunWithout() {
        return new IdempotencyKey(name, source, Missing.RUN_WITHOUT, ids);
    }

    /** Where an id may take its place, a key of the user's own never looks like one. */
    private static String apart(String own) {
        return OURS.matcher(own).lookingAt() ? "key:" + own : own;
    }

    /** A raw message is known by its SQS message id alone. */
    private static String idOf(Event<?> event, Envelope envelope) {
        return envelope.key().orElseGet(() -> "sqs:" + event.delivery().messageId());
    }

    /** The key of {@code event}; an empty string is no key. */
    Optional<String> of(Event<?> event, Envelope envelope) {
        if (ids) {
            return source.of(event, envelope);
        }
        Optional<String> key = source.of(event, envelope).filter(found -> !found.isEmpty());
        return missing == Missing.EVENT_ID
                ? key.map(IdempotencyKey::apart).or(() -> Optional.of(idOf(event, envelope)))
                : key;
    }

    boolean required() {
        return missing == Missing.REJECT;
    }

    @Override
    public String toString() {
        return name;
    }
}
