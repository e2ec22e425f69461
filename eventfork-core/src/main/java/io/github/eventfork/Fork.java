package io.github.eventfork;

import io.github.eventfork.envelope.Envelope;
import io.github.eventfork.envelope.EnvelopeReader;
import io.github.eventfork.filter.Condition;
import io.github.eventfork.filter.Conditions;
import io.github.eventfork.filter.FilterPolicy;
import io.github.eventfork.filter.FilterPolicyDraft;
import io.github.eventfork.payload.JacksonPayloads;
import io.github.eventfork.payload.PayloadReader;
import io.github.eventfork.text.LogText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A named consumer: routes from event type to handler, plus policies. Immutable, built once, thread-safe if its handlers,
 * listeners and store are.
 *
 * <pre>{@code
 * Fork mailingList = Fork.named("mailing-list")
 *         .on("signup", Signup.class, event -> lists.upsert(event.payload().email()))
 *         .build();
 * }</pre>
 */
public final class Fork {

    private static final Set<Envelope.Kind> EVENTS = Set.of(Envelope.Kind.EVENTBRIDGE, Envelope.Kind.CLOUDEVENTS);

    private final String name;
    private final Map<String, Route<?>> routes;
    private final @Nullable Route<?> anyRoute;
    private final EventType type;
    private final EnvelopeReader envelopes;
    private final PayloadReader payloads;
    private final @Nullable Idempotency idempotency;
    private final RetryPolicy retry;
    private final List<Class<? extends Throwable>> rejecting;
    private final Unrouted unrouted;
    private final List<EventInterceptor> interceptors;
    private final List<ForkListener> listeners;
    private final ForkPolicy policy;

    private Fork(Builder builder) {
        this.name = builder.name;
        this.routes = Collections.unmodifiableMap(new LinkedHashMap<>(builder.routes));
        this.anyRoute = builder.anyRoute;
        this.type = builder.type;
        this.envelopes = builder.envelopes();
        this.payloads = builder.payloads == null ? JacksonPayloads.standard() : builder.payloads;
        this.idempotency = builder.idempotency;
        this.retry = builder.retry;
        this.rejecting = List.copyOf(builder.rejecting);
        this.unrouted = builder.unrouted;
        this.interceptors = List.copyOf(builder.interceptors);
        this.listeners = List.copyOf(builder.listeners);
        this.policy = new ForkPolicy(
                name,
                type,
                builder.envelope,
                anyRoute == null ? List.copyOf(routes.keySet()) : List.of(),
                builder.conditions);
    }

    /**
     * Begins a fork.
     *
     * @param name letters, digits, {@code -} and {@code _}, at most 64: it becomes part of queue names and of
     *     idempotency keys
     * @throws IllegalArgumentException if {@code name} is none
     */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** The fork's name. */
    public String name() {
        return name;
    }

    /** The event types that have a route of their own, in the order of their routes. */
    public Set<String> types() {
        return routes.keySet();
    }

    /** The routes: those of types in the order in which they were given, then that of any type. */
    public List<Route<?>> routes() {
        List<Route<?>> all = new ArrayList<>(routes.values());
        if (anyRoute != null) {
            all.add(anyRoute);
        }
        return Collections.unmodifiableList(all);
    }

    /** Where the event type is read. */
    public EventType type() {
        return type;
    }

    /** The one kind of envelope that the fork takes, if it was built with {@link Builder#envelope}. */
    public Optional<Envelope.Kind> envelope() {
        return envelopes.pinned();
    }

    /** The ARN of the one topic that the fork takes notifications from, if it was built with {@link Builder#fromTopic}. */
    public Optional<String> topic() {
        return envelopes.topic();
    }

    /** Whether no body is taken for an SNS notification: built with {@link Builder#rawDelivery}, or for raw bodies only. */
    public boolean takesNoNotification() {
        return envelopes.takesNoNotification();
    }

    /** How failures are retried, and how often. */
    public RetryPolicy retry() {
        return retry;
    }

    /** Whether the handler runs under a claim on the event's key, where it has one; see {@link Idempotency}. */
    public boolean claimsKeys() {
        return idempotency != null && idempotency.memory().isPresent();
    }

    /**
     * The filter policy that the routes and conditions imply; it lets all in if there is a route for any type and no
     * condition.
     *
     * @throws IllegalStateException if the event type is computed by a function, by which SNS can't filter
     */
    public FilterPolicy filterPolicy() {
        return policy.filterPolicy();
    }

    /** The same fork with one more listener, told last. For what an adapter or a test adds. */
    public Fork withListener(ForkListener listener) {
        List<ForkListener> all = new ArrayList<>(listeners);
        all.add(listener);
        return new Fork(this, envelopes, all);
    }

    /**
     * The same fork for notifications of this topic only: see {@link Builder#fromTopic}. For whoever knows how its queue is
     * subscribed.
     *
     * @throws IllegalStateException if it takes no notifications
     */
    public Fork withTopic(String topicArn) {
        return new Fork(this, envelopes.from(topicArn), listeners);
    }

    /**
     * The same fork for raw delivery: see {@link Builder#rawDelivery}. For whoever knows how its queue is subscribed.
     *
     * @throws IllegalStateException if it takes notifications only
     */
    public Fork withRawDelivery() {
        return new Fork(this, envelopes.unwrapped(), listeners);
    }

    private Fork(Fork fork, EnvelopeReader envelopes, List<ForkListener> listeners) {
        this.name = fork.name;
        this.routes = fork.routes;
        this.anyRoute = fork.anyRoute;
        this.type = fork.type;
        this.envelopes = envelopes;
        this.payloads = fork.payloads;
        this.idempotency = fork.idempotency;
        this.retry = fork.retry;
        this.rejecting = fork.rejecting;
        this.unrouted = fork.unrouted;
        this.interceptors = fork.interceptors;
        this.listeners = List.copyOf(listeners);
        this.policy = fork.policy;
    }

    /** The type of what came in {@code envelope}: by what the filter policy asks for, where the type stands by default. */
    Optional<String> typeOf(Envelope envelope) {
        boolean anEvent = envelopes.pinned().filter(EVENTS::contains).isPresent();
        return anEvent && type instanceof EventType.Standard ? envelope.type() : type.of(envelope);
    }

    Optional<Route<?>> routeFor(String eventType) {
        Route<?> route = routes.get(eventType);
        return Optional.ofNullable(route == null ? anyRoute : route);
    }

    EnvelopeReader envelopes() {
        return envelopes;
    }

    PayloadReader payloads() {
        return payloads;
    }

    Optional<Idempotency> idempotency() {
        return Optional.ofNullable(idempotency);
    }

    boolean rejects(Throwable cause) {
        return cause instanceof RejectedEventException || rejecting.stream().anyMatch(type -> type.isInstance(cause));
    }

    Unrouted unrouted() {
        return unrouted;
    }

    List<EventInterceptor> interceptors() {
        return interceptors;
    }

    List<ForkListener> listeners() {
        return listeners;
    }

    @Override
    public String toString() {
        return "Fork[" + name + " on " + (anyRoute == null ? routes.keySet() : "any") + "]";
    }

    /** Collects what a fork is. Not thread-safe; what it built shares nothing with it. */
    public static final class Builder {

        private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
        private static final Pattern TOPIC =
                Pattern.compile("arn:[a-z0-9-]+:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}(\\.fifo)?");

        private final String name;
        private final Map<String, Route<?>> routes = new LinkedHashMap<>();
        private final List<String> clashes = new ArrayList<>();
        private @Nullable Route<?> anyRoute;
        private EventType type = EventType.standard();
        private Envelope.@Nullable Kind envelope;
        private @Nullable String topic;
        private boolean raw;
        private @Nullable PayloadReader payloads;
        private @Nullable Idempotency idempotency;
        private RetryPolicy retry = RetryPolicy.standard();
        private final List<Class<? extends Throwable>> rejecting = new ArrayList<>();
        private Unrouted unrouted = Unrouted.REJECT;
        private final List<EventInterceptor> interceptors = new ArrayList<>();
        private final List<ForkListener> listeners = new ArrayList<>();
        private final FilterPolicyDraft conditions = new FilterPolicyDraft();

        private Builder(String name) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "a fork's name is 1 to 64 letters, digits, '-' and '_', was '" + LogText.of(name) + "'");
            }
            this.name = name;
        }

        /**
         * Routes events of {@code eventType} to {@code handler}, their payload read as {@code payloadType}: a String, a
         * byte[], a JsonNode, or a class that the fork's PayloadReader can read. {@link #build()} refuses a type that is
         * routed twice.
         *
         * @throws IllegalArgumentException if {@code eventType} is empty
         */
        public <T> Builder on(String eventType, Class<T> payloadType, EventHandler<T> handler) {
            if (eventType.isEmpty()) {
                throw new IllegalArgumentException("Fork '" + name + "': an event type must not be empty.");
            }
            Route<?> before = routes.putIfAbsent(eventType, new Route<>(Optional.of(eventType), payloadType, handler));
            if (before != null) {
                clashes.add("type '" + eventType + "' is routed twice, to "
                        + before.payloadType().getSimpleName() + " and to " + payloadType.getSimpleName());
            }
            return this;
        }

        /**
         * Routes events of any type that has no route of its own; the filter policy then sets no condition on the type.
         * An event without a type stays unrouted.
         */
        public <T> Builder onAny(Class<T> payloadType, EventHandler<T> handler) {
            if (anyRoute != null) {
                clashes.add("onAny is given twice");
            }
            anyRoute = new Route<>(Optional.empty(), payloadType, handler);
            return this;
        }

        /** Where the event type is read. Default: {@link EventType#standard()}. */
        public Builder type(EventType type) {
            this.type = type;
            return this;
        }

        /**
         * Takes one kind of envelope only, and rejects others. Default: each body is taken for what it strictly is, so a
         * publisher whose messages are delivered raw could write one that passes for a notification or an event. Pinned to
         * {@code RAW}, or to {@code SNS}, what a payload looks like decides nothing.
         */
        public Builder envelope(Envelope.Kind kind) {
            this.envelope = kind;
            return this;
        }

        /**
         * Takes SNS notifications of this topic only, and rejects others: what else can be sent to the queue does not run.
         * Together with {@link #envelope} it takes such events only, in notifications of the topic. SNS says of which topic it
         * is; that SNS has said so, the queue's <a
         * href="https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html">policy</a> must see to, by
         * letting nobody else send.
         *
         * @param topicArn the topic's ARN; {@link #build()} refuses what is none, and a topic beside a pinned {@code RAW}
         */
        public Builder fromTopic(String topicArn) {
            this.topic = topicArn;
            return this;
        }

        /**
         * Takes no body for an SNS notification, whatever it looks like, because the subscription has <a
         * href="https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html">raw delivery</a>: what
         * looks like one was written by a publisher, who would choose its id, its topic and its attributes. {@link #build()}
         * refuses it beside a topic, and beside a pinned {@code SNS}.
         */
        public Builder rawDelivery() {
            this.raw = true;
            return this;
        }

        private EnvelopeReader envelopes() {
            EnvelopeReader reader = envelope == null ? EnvelopeReader.detecting() : EnvelopeReader.only(envelope);
            reader = topic == null ? reader : reader.from(topic);
            return raw ? reader.unwrapped() : reader;
        }

        private void checkDelivery(List<String> problems) {
            if (raw && (topic != null || envelope == Envelope.Kind.SNS)) {
                problems.add(
                        "with raw delivery no body is a notification; leave rawDelivery() out, or what asks for one");
            }
            if (topic == null) {
                return;
            }
            if (!TOPIC.matcher(topic).matches()) {
                problems.add("'" + LogText.of(topic) + "' is no ARN of an SNS topic; give fromTopic(..) one such as"
                        + " arn:aws:sns:eu-west-1:123456789012:user-events");
            }
            if (envelope == Envelope.Kind.RAW) {
                problems.add("a raw body names no topic; leave fromTopic(..) or envelope(RAW) out");
            }
        }

        /** How payloads become objects. Default: {@link JacksonPayloads#standard()}. */
        public Builder payloads(PayloadReader payloads) {
            this.payloads = payloads;
            return this;
        }

        /** By which key the same work is known, and who guards against doing it twice. Default: no key, and nobody. */
        public Builder idempotency(Idempotency idempotency) {
            this.idempotency = idempotency;
            return this;
        }

        /** How failures are retried, and how often. Default: {@link RetryPolicy#standard()}. */
        public Builder retry(RetryPolicy retry) {
            this.retry = retry;
            return this;
        }

        /**
         * Failures of this type are final: the event is rejected, and the reason names the type only, because a foreign
         * exception's text may quote the payload. Default: {@link RejectedEventException} only.
         */
        public Builder rejecting(Class<? extends Throwable> cause) {
            rejecting.add(cause);
            return this;
        }

        /** What happens to events that no route wants. Default: {@link Unrouted#REJECT}. */
        public Builder unrouted(Unrouted unrouted) {
            this.unrouted = unrouted;
            return this;
        }

        /** Runs around the handler; the one added first is outermost. */
        public Builder intercept(EventInterceptor interceptor) {
            interceptors.add(interceptor);
            return this;
        }

        /** Is told what happens. */
        public Builder listen(ForkListener listener) {
            listeners.add(listener);
            return this;
        }

        /**
         * A condition of the filter policy on a message attribute; with several, all must hold. {@link #build()} refuses
         * it beside a type that stands in the body, and any condition beside a type that SNS can't filter by.
         *
         * @throws IllegalArgumentException if no message attribute can have this name
         */
        public Builder where(String attribute, Condition condition) {
            if (!conditions.where(attribute, condition)) {
                clashes.add("attribute '" + attribute + "' has two conditions; join them with or(..)");
            }
            return this;
        }

        /**
         * A condition of the filter policy on a field of the payload, by its RFC 6901 pointer; with several, all must
         * hold. Of EventBridge events and CloudEvents, if the fork says that it gets such, the payload is {@code detail}
         * or {@code data}. {@link #build()} refuses it beside a type that is an attribute, and a place in an array.
         *
         * <p>SNS joins names by dots: {@code /user.plan} means the field {@code user.plan} and the field {@code plan} of
         * the object {@code user}, and {@code /user/plan} means both too.
         *
         * @throws IllegalArgumentException if {@code pointer} is none
         */
        public Builder whereBody(String pointer, Condition condition) {
            if (!conditions.whereBody(pointer, condition)) {
                clashes.add("body field '" + pointer + "' has two conditions; join them with or(..)");
            }
            return this;
        }

        /**
         * Groups of conditions of the filter policy, of which one must hold besides all other conditions. {@link
         * #build()} refuses a second call, because SNS takes one {@code $or} beside other conditions (nest with {@link
         * Conditions#andAnyOf}), and a place in a group that has a condition outside it too.
         */
        public Builder whereAnyOf(Conditions first, Conditions second, Conditions... more) {
            if (!conditions.whereAnyOf(first, second, more)) {
                clashes.add("whereAnyOf is given twice, and SNS takes one; nest the second in each group of the first,"
                        + " with andAnyOf(..)");
            }
            return this;
        }

        /**
         * Builds the fork.
         *
         * @throws IllegalStateException if something clashes, if there is no route, if SNS would refuse the filter policy,
         *     or if Jackson or SLF4J is missing or too old: what was found, and what to do, is in the text
         */
        public Fork build() {
            List<String> problems = new ArrayList<>(clashes);
            if (routes.isEmpty() && anyRoute == null) {
                problems.add("it has no route; add .on(type, class, handler)");
            }
            checkDelivery(problems);
            problems.addAll(Libraries.problems(payloads == null));
            if (!problems.isEmpty()) {
                throw new IllegalStateException("Fork '" + name + "': " + String.join("; ", problems) + ".");
            }
            return new Fork(this);
        }
    }
}
