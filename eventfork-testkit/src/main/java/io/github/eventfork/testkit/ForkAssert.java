package io.github.eventfork.testkit;

import io.github.eventfork.Fork;
import io.github.eventfork.filter.FilterPolicy.Scope;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/**
 * Assertions on a fork's {@linkplain Fork#filterPolicy() filter policy}: which of the events that are published would come
 * to the fork's queue. SNS is not asked; see {@link SnsFilterPolicy} for what decides.
 *
 * <pre>{@code
 * assertThat(mailingList).receives("signup").ignores("login");
 * assertThat(sales).receives(Message.sns("signup", "{}").attribute("plan", "pro"))
 *         .ignores(Map.of("event", "signup", "plan", "free"));
 * }</pre>
 *
 * <p>A failure names the policy and the key that refused. An event that lacks what the policy's scope looks at (a body, where
 * the policy is about the body) is no question, and is refused with an {@link IllegalArgumentException}.
 */
public final class ForkAssert extends AbstractAssert<ForkAssert, Fork> {

    private @Nullable SnsFilterPolicy policy;

    ForkAssert(Fork fork) {
        super(fork, ForkAssert.class);
    }

    /** The fork receives this message, published as it is built: its payload or event as the body, its attributes. */
    public ForkAssert receives(Message message) {
        return receives(PublishedEvent.of(message));
    }

    /** The fork does not receive this message; see {@link #receives(Message)}. */
    public ForkAssert ignores(Message message) {
        return ignores(PublishedEvent.of(message));
    }

    /**
     * The fork receives an event with these message attributes: a value that is a {@link Number} is published as a Number,
     * a {@link List} as a String.Array of its elements, anything else, by its {@code toString}, as a String.
     */
    public ForkAssert receives(Map<String, ?> attributes) {
        return receives(PublishedEvent.of(attributes));
    }

    /** The fork does not receive an event with these message attributes; see {@link #receives(Map)}. */
    public ForkAssert ignores(Map<String, ?> attributes) {
        return ignores(PublishedEvent.of(attributes));
    }

    /**
     * The fork receives an event of this type that has nothing else: the type stands where the fork reads it, in an attribute
     * or in the body.
     *
     * @throws IllegalArgumentException if a type alone makes no event, because a function computes it or it stands in an
     *     array; or if the policy is not about the place where the type stands,
     *     or the text begins with a brace, as a body does
     */
    public ForkAssert receives(String eventType) {
        return receives(eventOf(eventType));
    }

    /** The fork does not receive an event of this type that has nothing else; see {@link #receives(String)}. */
    public ForkAssert ignores(String eventType) {
        return ignores(eventOf(eventType));
    }

    /** The fork receives an event with this body; SNS takes one that is no JSON object for one that does not match. */
    public ForkAssert receivesBody(String body) {
        return receives(PublishedEvent.ofBody(body));
    }

    /** The fork does not receive an event with this body; see {@link #receivesBody(String)}. */
    public ForkAssert ignoresBody(String body) {
        return ignores(PublishedEvent.ofBody(body));
    }

    private PublishedEvent eventOf(String eventType) {
        isNotNull();
        if (eventType.startsWith("{")) {
            throw new IllegalArgumentException(
                    "this asks of an event type, and was given what looks like a body: ask by receivesBody(..) or ignoresBody(..)");
        }
        return PublishedEvent.ofType(eventType, actual);
    }

    private ForkAssert receives(PublishedEvent event) {
        refusedBy(event)
                .ifPresent(place -> fail("to receive", event, "but its filter policy refuses it by '" + place + "'"));
        return this;
    }

    private ForkAssert ignores(PublishedEvent event) {
        if (refusedBy(event).isEmpty()) {
            fail("to ignore", event, "but its filter policy lets it in");
        }
        return this;
    }

    private Optional<String> refusedBy(PublishedEvent event) {
        SnsFilterPolicy policy = policy();
        boolean inAttributes = policy.scope() == Scope.MESSAGE_ATTRIBUTES;
        if (!actual.filterPolicy().takesAll() && (inAttributes ? event.attributesJson() : event.body()).isEmpty()) {
            throw new IllegalArgumentException("the filter policy of fork '" + actual.name() + "' is about "
                    + (inAttributes ? "message attributes: give it a Map" : "the body: ask receivesBody or ignoresBody")
                    + ", or give it a Message, which has both");
        }
        return policy.refusedBy(
                event.attributesJson().orElse("{}"), event.body().orElse(""));
    }

    private SnsFilterPolicy policy() {
        isNotNull();
        if (policy == null) {
            policy = SnsFilterPolicy.of(actual.filterPolicy());
        }
        return policy;
    }

    private void fail(String claim, PublishedEvent event, String instead) {
        failWithMessage(
                "Expected fork '%s' %s the event, %s%nPolicy on %s: %s%nAttributes: %s%nBody: %s",
                actual.name(),
                claim,
                instead,
                actual.filterPolicy().scope(),
                actual.filterPolicy().json(),
                event.attributesJson().orElse("not given"),
                event.body().orElse("not given"));
    }
}
