package io.github.eventfork.conformance;

import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.eventfork.Delivery;
import io.github.eventfork.Event;
import io.github.eventfork.Fork;
import io.github.eventfork.Outcome;
import io.github.eventfork.engine.ForkProcessor;
import io.github.eventfork.engine.KeptLease;
import io.github.eventfork.envelope.Attributes;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.VirtualRuntime;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Sends mutated bodies through one {@link ForkProcessor}, each of which must end as a {@link BodyOracle} says: handled,
 * with that type and payload, or rejected. The body with number {@code i} of a seed is the same in each run.
 *
 * <p>For one thread; another may ask how far it is.
 */
final class Corpus {

    /** Something of everything that Jackson reads in a way of its own. */
    record Signup(
            String email,
            int age,
            BigDecimal price,
            BigInteger serial,
            Instant at,
            Duration lasting,
            List<String> tags,
            Map<String, Object> more) {}

    private static final String SIGNUP = "{\"email\":\"ada@example.org\",\"age\":36,\"price\":1.50,\"serial\":12345,"
            + "\"at\":\"2026-01-31T12:00:00Z\",\"lasting\":90.5,\"tags\":[\"a\",\"b\"],"
            + "\"more\":{\"level\":{\"deep\":[1,2,{\"deeper\":null}]},\"@class\":\"java.lang.ProcessBuilder\"}}";

    private static final Map<String, Class<?>> ROUTES =
            Map.of("signup", Signup.class, "tree", JsonNode.class, "map", Map.class, "text", String.class);

    private static final List<Message> ORIGINALS = List.of(
            Message.sns("signup", SIGNUP),
            Message.sns("tree", SIGNUP).attribute("price", "Number.eur", "1.50").attribute("b", "Binary", "AgME"),
            Message.sns("text", "hello \uD83D\uDE00"),
            Message.raw("signup", SIGNUP),
            Message.raw("tree", "{\"Type\":\"Notification\",\"Message\":\"look at me\"}"),
            Message.raw("map", SIGNUP).inSns(),
            Message.s3Pointer("bucket", "key").attribute("event", "tree"),
            Message.eventBridge("signup", SIGNUP),
            Message.eventBridge("map", SIGNUP).inSns(),
            Message.cloudEvent("signup", SIGNUP),
            Message.cloudEvent("tree", SIGNUP).inSns(),
            Message.raw("{\"specversion\":\"1.0\",\"id\":\"e-1\",\"source\":\"/users\",\"type\":\"tree\","
                    + "\"data_base64\":\"eyJhIjoxfQ==\"}"),
            Message.raw("{\"specversion\":\"1.0\",\"id\":\"e-1\",\"source\":\"/users\",\"type\":\"text\","
                    + "\"datacontenttype\":\"text/plain\",\"data\":\"hello\"}"));

    private static final List<String> BODIES =
            ORIGINALS.stream().map(original -> original.eventId("e-1").body()).toList();

    private final long seed;
    private final VirtualRuntime runtime;
    private final ForkProcessor processor;
    private final BodyOracle oracle = new BodyOracle(ROUTES);
    private final List<BodyOracle.Event> ran = new ArrayList<>();
    private int handled;

    private volatile int number;
    private volatile String body = "";

    Corpus(long seed) {
        this.seed = seed;
        this.runtime = VirtualRuntime.seeded(seed);
        Fork.Builder fork = Given.fork();
        ROUTES.forEach((type, payload) -> fork.on(type, payload, this::ran));
        this.processor = new ForkProcessor(fork.build(), runtime, Optional.empty());
    }

    private void ran(Event<?> event) {
        ran.add(new BodyOracle.Event(event.type(), event.payload()));
    }

    /** The number of the body that it is at. */
    int number() {
        return number;
    }

    /** How many bodies were handled. */
    int handled() {
        return handled;
    }

    /** Sends {@code bodies} of them through; throws at the first that does not end as it should. */
    void run(int bodies) {
        for (int i = 1; i <= bodies; i++) {
            number = i;
            check(delivery(new Random(seed + i)));
        }
    }

    private Delivery delivery(Random random) {
        int original = number % ORIGINALS.size();
        body = new Mutations(BODIES, random).of(BODIES.get(original));
        return Delivery.of("queue", "m-" + number, body)
                .attributes(ORIGINALS.get(original).attributes())
                .build();
    }

    private void check(Delivery delivery) {
        ran.clear();
        Outcome outcome = outcome(delivery);
        Attributes attributes = delivery.attributes();
        Optional<BodyOracle.Event> expected = oracle.of(delivery.body(), attributes.text("event"));
        boolean asExpected = expected.map(event -> outcome instanceof Outcome.Handled && ran.equals(List.of(event)))
                .orElse(outcome instanceof Outcome.Rejected && ran.isEmpty());
        if (!asExpected) {
            fail("%s: ended as %s, seen by the handler: %s; expected was %s", this, outcome, ran, expected);
        }
        handled += outcome instanceof Outcome.Handled ? 1 : 0;
    }

    private Outcome outcome(Delivery delivery) {
        @Nullable Outcome outcome = null;
        try {
            outcome = processor.process(delivery, KeptLease.lasting(runtime, Duration.ofSeconds(30)), 1);
        } catch (Throwable e) {
            fail(this + ": no outcome", e);
        }
        return Objects.requireNonNull(outcome);
    }

    /** Says how to make the same body again. */
    @Override
    public String toString() {
        String shown = body.length() > 2_000 ? body.substring(0, 2_000) + "..." : body;
        return "Body " + number + " of seed " + seed + " (-Dhostile.seed=" + seed + "), " + body.length()
                + " characters: " + shown;
    }
}
