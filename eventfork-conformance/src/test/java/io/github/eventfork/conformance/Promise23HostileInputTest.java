package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.eventfork.Delivery;
import io.github.eventfork.Event;
import io.github.eventfork.EventHandler;
import io.github.eventfork.Fork;
import io.github.eventfork.ForkListener;
import io.github.eventfork.Idempotency;
import io.github.eventfork.IdempotencyKey;
import io.github.eventfork.Outcome;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.RetryLaterException;
import io.github.eventfork.Settlement;
import io.github.eventfork.envelope.Attributes;
import io.github.eventfork.idempotency.Claim;
import io.github.eventfork.idempotency.IdempotencyStore;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import io.github.eventfork.payload.PayloadException;
import io.github.eventfork.payload.PayloadReader;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.Hold;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.PollerHarness;
import io.github.eventfork.testkit.VirtualRuntime;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Limits on body size, nesting and number length; no class named by a message is loaded; text from a message reaches a
 * log line with its control characters escaped, and a payload's value never does. Whatever a queue holds ends in an
 * outcome, and its neighbour is handled. An exception that a handler threw is logged as it is.
 */
@Promise(23)
class Promise23HostileInputTest {

    record Signup(
            String email,
            int age,
            @Nullable BigDecimal price,
            @Nullable Instant at) {}

    /** What is to become of an input: its payload is handled, or it is rejected for a reason that says this. */
    private record Expected(Optional<String> rejection, List<Object> payloads) {

        static Expected handled(Object payload) {
            return new Expected(Optional.empty(), List.of(payload));
        }

        static Expected rejected(String reason) {
            return new Expected(Optional.of(reason), List.of());
        }

        void check(List<Outcome> outcomes, List<Object> handled) {
            Class<? extends Outcome> kind = rejection.isPresent() ? Outcome.Rejected.class : Outcome.Handled.class;
            assertThat(outcomes).singleElement().isInstanceOf(kind);
            rejection.ifPresent(reason -> assertThat(outcomes.get(0))
                    .isInstanceOfSatisfying(
                            Outcome.Rejected.class,
                            rejected -> assertThat(rejected.reason()).contains(reason)));
            // a payload may be a MiB: no failure shows it
            assertThat(handled).hasSameSizeAs(payloads);
            assertThat(handled.equals(payloads))
                    .as("the payload is what was sent")
                    .isTrue();
        }
    }

    private record Input(String name, Message message, Expected expected) {
        @Override
        public String toString() {
            return name;
        }
    }

    @Nested
    @Tag("slow")
    class Inputs {

        private final List<Object> payloads = new ArrayList<>();

        @SuppressWarnings("rawtypes") // a class literal of a Map has no parameters
        private final Fork fork = Given.fork()
                .on("signup", Signup.class, this::keep)
                .on("tree", JsonNode.class, this::keep)
                .on("map", Map.class, this::keep)
                .on("object", Object.class, this::keep)
                .on("text", String.class, this::keep)
                .build();

        private void keep(Event<?> event) {
            payloads.add(event.payload());
        }

        static Stream<Input> hostile() {
            String deep = "[".repeat(10_000) + "]".repeat(10_000);
            String deepObjects = "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000);
            String digits = "9".repeat(100_000);
            String signup = "{\"email\":\"ada@example.org\",\"age\":36}";
            Message good = Message.sns("signup", signup);
            return Stream.of(
                    input("a cut-off notification", good.cutOff(), rejected("it has no event type")),
                    input("a cut-off raw payload", Message.raw("signup", signup).cutOff(), rejected("cut off")),
                    input("a payload cut off in its envelope", sns(signup.substring(0, 20)), rejected("cut off")),
                    input(
                            "a cut-off EventBridge event",
                            Message.eventBridge("signup", signup).cutOff(),
                            rejected("it has no event type")),
                    input(
                            "a cut-off CloudEvents event",
                            Message.cloudEvent("signup", signup).cutOff(),
                            rejected("it has no event type")),
                    input("not JSON", good.notJson(), rejected("is not JSON: unexpected character")),
                    input("no text at all", sns(""), rejected("is empty")),
                    input("two payloads in one", sns(signup + signup), rejected("is followed by more text")),
                    input("10,000 arrays", Message.raw("tree", deep), rejected("is nested too deep")),
                    input("10,000 objects", Message.sns("map", deepObjects), rejected("is nested too deep")),
                    input(
                            "10,000 levels, not closed",
                            raw("map", "{\"a\":".repeat(10_000)),
                            rejected("is nested too deep")),
                    input(
                            "10,000 levels in a property that nobody reads",
                            sns("{\"other\":" + deep + "}"),
                            rejected("is nested too deep")),
                    input("10,000 levels as text", Message.sns("text", deep), handled((Object) deep)),
                    input(
                            "10,000 levels in an event's detail",
                            Message.eventBridge("tree", deepObjects),
                            rejected("it has no event type")),
                    input("100,000 digits", signup("age", digits), rejected("has too long a number")),
                    input("100,000 decimals", signup("price", "0." + digits), rejected("has too long a number")),
                    input("100,000 digits in a string", signup("price", '"' + digits + '"'), rejected("$.price")),
                    input("100,000 digits in a tree", Message.sns("tree", digits), rejected("has too long a number")),
                    input("an exponent of 13 digits", signup("age", "1e1000000000000"), rejected("$.age")),
                    input(
                            "a time with a huge exponent",
                            signup("at", "1e1000000000"),
                            handled(new Signup("ada@example.org", 36, null, Instant.EPOCH))),
                    input(
                            "100,000 digits in an attribute",
                            good.attribute("n", "Number", digits).attribute("m", "Number", "1e999999999"),
                            handled("ada@example.org")),
                    input(
                            "an envelope's key twice",
                            Message.raw(good.body().replaceFirst("\"Message\"", "\"Message\":\"{}\",\"Message\"")),
                            rejected("it has no event type")),
                    input(
                            "the attributes twice",
                            Message.raw(good.body().replaceFirst("\"Type\"", "\"MessageAttributes\":{},\"Type\"")),
                            rejected("it has no event type")),
                    input("a payload's key twice", sns("{\"age\":\"x\"," + signup.substring(1)), rejected("$.age")),
                    input(
                            "lone surrogates",
                            sns(signup.replace("ada", "\uD800ada\uDC00")),
                            handled("\uD800ada\uDC00@example.org")),
                    input(
                            "escaped lone surrogates",
                            sns(signup.replace("ada", "\\uD800ada\\uDC00")),
                            handled("\uD800ada\uDC00@example.org")),
                    input(
                            "a lone surrogate as a key",
                            sns("{\"\uD800\":1," + signup.substring(1)),
                            handled("ada@example.org")),
                    input("an escaped one", sns("{\"\\uD800\":1," + signup.substring(1)), rejected("is not JSON")),
                    input(
                            "a mark of byte order",
                            Message.raw("\uFEFF" + good.body()),
                            rejected("it has no event type")),
                    input(
                            "a mark of byte order before a payload",
                            sns("\uFEFF" + signup),
                            rejected("is not JSON: unexpected character")),
                    input("a control character", sns(signup.replace("ada", "\0ada")), rejected("unexpected character")),
                    input("1 MiB of text", raw("text", "x".repeat(1 << 20)), handled((Object) "x".repeat(1 << 20))),
                    input("more than 1 MiB", raw("text", "x".repeat((1 << 20) + 1)), rejected("longer than the 1 MiB")),
                    input("1 MiB of blanks", raw("tree", " ".repeat(1 << 20)), rejected("is empty")),
                    input("1 MiB of brackets", raw("tree", "[".repeat(1 << 20)), rejected("is nested too deep")),
                    input(
                            "1 MiB of empty arrays",
                            raw("tree", "[" + "[],".repeat(349_000) + "0]"),
                            handled(emptyArraysAndZero(349_000))),
                    input(
                            "1 MiB of one key",
                            raw("map", "{\"" + "k".repeat(1 << 19) + "\":1}"),
                            rejected("too long a name")),
                    input("80,000 keys", raw("map", keys(80_000)), handled(ones(80_000))),
                    input(
                            "1 MiB in an envelope",
                            sns("{\"email\":\"" + "\\\\".repeat(170_000) + "\",\"age\":1}"),
                            handled(new Signup("\\".repeat(170_000), 1, null, null))),
                    input("NaN", signup("age", "NaN"), rejected("is not JSON")),
                    input("a comment", sns("/**/" + signup), rejected("is not JSON")));
        }

        static Stream<Arguments> everyInputOnEveryWay() {
            return Arrays.stream(Anywhere.values()).flatMap(way -> hostile().map(input -> Arguments.of(way, input)));
        }

        @ParameterizedTest(name = "{0}: {1}")
        @MethodSource("everyInputOnEveryWay")
        void a_hostile_input_ends_as_it_should_and_its_neighbour_is_handled(Anywhere way, Input input) {
            try (ForkHarness harness = way.running(fork)) {
                // when it comes together with a good one
                harness.deliver(
                        input.message.messageId("hostile"),
                        Message.sns("text", "good").messageId("good"));
                harness.advance(seconds(20));

                // then
                assertThat(harness.outcomes("good")).containsExactly(new Outcome.Handled());
                assertThat(payloads.remove("good")).isTrue();
                input.expected.check(harness.outcomes("hostile"), payloads);
            }
        }

        private static Expected handled(Object payload) {
            return Expected.handled(payload);
        }

        private static Expected handled(String email) {
            return handled(new Signup(email, 36, null, null));
        }

        private static Expected rejected(String reason) {
            return Expected.rejected(reason);
        }

        private static Input input(String name, Message message, Expected expected) {
            return new Input(name, message, expected);
        }

        private static Message sns(String payload) {
            return Message.sns("signup", payload);
        }

        private static Message raw(String type, String body) {
            return Message.raw(type, body);
        }

        private static Message signup(String property, String json) {
            return sns("{\"email\":\"ada@example.org\",\"age\":36,\"" + property + "\":" + json + "}");
        }

        private static String keys(int count) {
            StringBuilder json = new StringBuilder("{");
            for (int i = 0; i < count; i++) {
                json.append("\"k").append(i).append("\":1,");
            }
            return json.append("\"k\":1}").toString();
        }

        private static Map<String, Object> ones(int count) {
            Map<String, Object> ones = new HashMap<>(Map.of("k", 1));
            for (int i = 0; i < count; i++) {
                ones.put("k" + i, 1);
            }
            return ones;
        }

        private static JsonNode emptyArraysAndZero(int count) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            for (int i = 0; i < count; i++) {
                array.addArray();
            }
            return array.add(0);
        }
    }

    @Nested
    class ClassNames {

        private static final AtomicBoolean INITIALIZED = new AtomicBoolean();

        /** Nobody but a message names it, so whoever loads it was told so by one. */
        static final class Named {
            static {
                INITIALIZED.set(true);
            }

            public String value = "";
        }

        private static final String NAME = "io.github.eventfork.conformance.Promise23HostileInputTest$ClassNames$Named";

        /** Jackson asks the thread's own loader first. */
        private static final class Watching extends ClassLoader {

            private final Set<String> asked = ConcurrentHashMap.newKeySet();

            Watching(ClassLoader parent) {
                super(parent);
            }

            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                asked.add(name);
                return super.loadClass(name, resolve);
            }
        }

        record Holder(Object anything) {}

        static Stream<Message> naming() {
            String bean =
                    "{\"@class\":\"" + NAME + "\",\"@type\":\"" + NAME + "\",\"@c\":\"" + NAME + "\",\"value\":\"x\"}";
            String wrapped = "[\"" + NAME + "\",{\"value\":\"x\"}]";
            return Stream.of(bean, wrapped, "{\"" + NAME + "\":{\"value\":\"x\"}}", "\"" + NAME + "\"")
                    .flatMap(json -> Stream.of(
                            Message.sns("holder", "{\"anything\":" + json + "}"),
                            Message.sns("object", json),
                            Message.raw("tree", json),
                            Message.cloudEvent("map", json),
                            Message.eventBridge("object", json)))
                    .map(message -> message.attribute("a", "String." + NAME, "x")
                            .attribute("b", "Number." + NAME, "1")
                            .attribute("c", "java.lang.ProcessBuilder", "x")
                            .attribute("d", NAME, "x"));
        }

        @ParameterizedTest
        @EnumSource
        void no_class_that_a_message_names_is_loaded(Anywhere way) {
            // given messages that name a class wherever Jackson or a data type could take one
            Message[] messages = naming().toArray(Message[]::new);
            List<Object> payloads = new ArrayList<>();
            @SuppressWarnings("rawtypes") // a class literal of a Map has no parameters
            Fork fork = Given.fork()
                    .on("holder", Holder.class, event -> {
                        payloads.add(event.payload());
                        event.attributes().names().forEach(name -> ask(event, name));
                    })
                    .on("object", Object.class, event -> payloads.add(event.payload()))
                    .on("tree", JsonNode.class, event -> payloads.add(event.payload()))
                    .on("map", Map.class, event -> payloads.add(event.payload()))
                    .build();
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            Watching watching = new Watching(before);
            thread.setContextClassLoader(watching);
            try (ForkHarness harness = way.running(fork)) {
                // when
                List<String> ids = harness.deliver(messages);
                harness.advance(seconds(2));

                // then each was read as the JSON that it is, but for arrays and texts that are no map and no detail
                assertThat(ids)
                        .filteredOn(id -> harness.outcomes(id).equals(List.of(new Outcome.Handled())))
                        .hasSize(16);
                assertThat(payloads)
                        .hasSize(16)
                        .allSatisfy(payload -> assertThat(payload.toString()).contains(NAME));
                assertThat(ids)
                        .flatExtracting(harness::outcomes)
                        .filteredOn(Outcome.Rejected.class::isInstance)
                        .extracting(outcome -> ((Outcome.Rejected) outcome).reason())
                        .satisfiesExactly(
                                reason -> assertThat(reason).contains("is an array"),
                                reason -> assertThat(reason).contains("it has no event type"),
                                reason -> assertThat(reason).contains("is a string"),
                                reason -> assertThat(reason).contains("it has no event type"));

                // and nobody asked for that class
                assertThat(watching.asked).noneMatch(name -> name.contains("Named") || name.contains("ProcessBuilder"));
                assertThat(INITIALIZED).isFalse();
            } finally {
                thread.setContextClassLoader(before);
            }
        }

        private static void ask(Event<?> event, String name) {
            event.attributes().number(name);
            event.attributes().binary(name);
            event.attributes().strings(name);
        }
    }

    /** Each text of a message, with line breaks that forge a line, terminal escapes, signs that turn text round or hide. */
    @Nested
    @Tag("slow")
    class TextInLogs {

        private static final String HOSTILE =
                "a\r\n[main] ERROR forged\u001b[2J\u009b1m\u202e\u2028\u0000\u0007\uDB40\uDC01\uDBFFz";

        private static final ObjectMapper JSON = new ObjectMapper();
        private static final String SIGNUP = "{\"email\":\"ada@example.org\",\"age\":36}";

        enum Place {
            BODY(message -> Message.raw("signup", HOSTILE)),
            PAYLOAD(message -> Message.sns("signup", "{\"email\":\"" + HOSTILE + "\",\"age\":1}")),
            ESCAPED_IN_PAYLOAD(
                    message -> Message.sns("signup", "{\"email\":\"\\r\\n[main] ERROR forged\",\"age\":{}}")),
            KEY_IN_PAYLOAD(message -> Message.sns("signup", "{\"\\r\\n[main] ERROR forged\":1,\"age\":[]}")),
            TYPE(message -> message.attribute("event", HOSTILE)),
            DETAIL_TYPE(message -> Message.eventBridge(HOSTILE, "{}")),
            S3_BUCKET(message -> Message.s3Pointer(HOSTILE, "key").attribute("event", "signup")),
            S3_KEY(message -> Message.s3Pointer("bucket", HOSTILE).attribute("event", "signup")),
            CLOUD_EVENT_TYPE(message -> Message.cloudEvent(HOSTILE, "{}").inSns()),
            ATTRIBUTE_NAME(message -> message.attribute(HOSTILE, "x")),
            ATTRIBUTE_TYPE(message -> message.attribute("x", HOSTILE, "x")),
            ATTRIBUTE_VALUE(message -> message.attribute("x", HOSTILE)),
            GROUP(message -> message.group(HOSTILE)),
            MESSAGE_ID(message -> message.messageId(HOSTILE)),
            EVENT_ID(message -> message.eventId(HOSTILE)),
            DEDUPLICATION_ID(message -> message.deduplicationId(HOSTILE)),
            TRACE_HEADER(message -> message.traceHeader(HOSTILE)),
            SUBJECT(message -> Message.raw(with(message.body(), "Subject", HOSTILE))),
            BUS_SOURCE(message -> busEvent("source", HOSTILE)),
            BUS_RESOURCES(message -> busEvent("resources", List.of(HOSTILE))),
            BUS_ACCOUNT(message -> busEvent("account", HOSTILE)),
            BUS_REGION(message -> busEvent("region", HOSTILE)),
            BUS_ID(message -> busEvent("id", HOSTILE)),
            CLOUD_EVENT_SOURCE(message -> cloudEvent("source", HOSTILE)),
            CLOUD_EVENT_SUBJECT(message -> cloudEvent("subject", HOSTILE)),
            CLOUD_EVENT_CONTENT_TYPE(message -> cloudEvent("datacontenttype", HOSTILE)),
            CLOUD_EVENT_TIME(message -> cloudEvent("time", HOSTILE));

            private final UnaryOperator<Message> put;

            Place(UnaryOperator<Message> put) {
                this.put = put;
            }

            /** Whether the message is one of a type that is routed, and its payload one that the route can take. */
            boolean readable() {
                return compareTo(CLOUD_EVENT_TYPE) > 0;
            }

            /** Not each meets each fate: only what is readable comes to a handler, and of an event few fields are shown. */
            boolean meets(Fate fate) {
                return switch (fate) {
                    case HANDLED -> true;
                    case DEAD_LETTER_REFUSED, DEAD_LETTER_NOT_SENT, DEAD_LETTER_NOT_DELETED -> compareTo(SUBJECT) < 0;
                    case REJECTED_BY_HANDLER, STORE_DOWN -> readable();
                    default -> readable() && compareTo(SUBJECT) < 0;
                };
            }

            /** An EventBridge event that came by SNS, so that it has the attribute that routes it. */
            private static Message busEvent(String field, Object value) {
                return Message.sns(
                        "signup", with(Message.eventBridge("signup", SIGNUP).body(), field, value));
            }

            private static Message cloudEvent(String field, Object value) {
                return Message.sns(
                        "signup", with(Message.cloudEvent("signup", SIGNUP).body(), field, value));
            }

            private static String with(String body, String field, Object value) {
                try {
                    ObjectNode tree = (ObjectNode) JSON.readTree(body);
                    return JSON.writeValueAsString(tree.set(field, JSON.valueToTree(value)));
                } catch (JsonProcessingException e) {
                    throw new IllegalStateException("no JSON object: " + body, e);
                }
            }
        }

        /**
         * What happens to the message, so that each line at INFO or above that tells of a message is written, but for those
         * about a record that is none, a fault of eventfork, and an error that no process survives: the last has a test below.
         */
        enum Fate {
            HANDLED("", Anywhere.SQS_POLLER, Anywhere.FORK_FUNCTION, Anywhere.FORK_FUNCTION_WITH_SETTLER),
            FAILED(
                    "failed; settlement asked for",
                    Anywhere.SQS_POLLER,
                    Anywhere.FORK_FUNCTION,
                    Anywhere.FORK_FUNCTION_WITH_SETTLER),
            PUT_OFF(
                    "is put off; settlement asked for",
                    Anywhere.SQS_POLLER,
                    Anywhere.FORK_FUNCTION,
                    Anywhere.FORK_FUNCTION_WITH_SETTLER),
            REJECTED_BY_HANDLER(
                    "the handler threw",
                    Anywhere.SQS_POLLER,
                    Anywhere.FORK_FUNCTION,
                    Anywhere.FORK_FUNCTION_WITH_SETTLER),
            STORE_DOWN(
                    "waits: the idempotency store failed",
                    Anywhere.SQS_POLLER,
                    Anywhere.FORK_FUNCTION,
                    Anywhere.FORK_FUNCTION_WITH_SETTLER),
            STORE_DOWN_FAILS_OPEN(
                    "runs without a claim: the idempotency store failed",
                    Anywhere.SQS_POLLER,
                    Anywhere.FORK_FUNCTION,
                    Anywhere.FORK_FUNCTION_WITH_SETTLER),
            CLAIM_LOST(
                    "Could not complete the claim",
                    Anywhere.SQS_POLLER,
                    Anywhere.FORK_FUNCTION,
                    Anywhere.FORK_FUNCTION_WITH_SETTLER),
            LEASE_LOST("ended after its lease was lost", Anywhere.SQS_POLLER),
            LEFT_BEHIND(
                    "ended after it had been left behind", Anywhere.FORK_FUNCTION, Anywhere.FORK_FUNCTION_WITH_SETTLER),
            DEAD_LETTER_REFUSED("refused message", Anywhere.SQS_POLLER, Anywhere.FORK_FUNCTION_WITH_SETTLER),
            DEAD_LETTER_NOT_SENT(
                    "a dead letter could not be sent", Anywhere.SQS_POLLER, Anywhere.FORK_FUNCTION_WITH_SETTLER),
            DEAD_LETTER_NOT_DELETED(
                    "stands in the dead-letter queue, but could not be deleted",
                    Anywhere.SQS_POLLER,
                    Anywhere.FORK_FUNCTION_WITH_SETTLER),
            DELETE_REFUSED("is unknown; asked for was Acknowledge", Anywhere.SQS_POLLER);

            /** What its own line says. */
            private final String line;

            /** Where it can happen. */
            private final List<Anywhere> ways;

            Fate(String line, Anywhere... ways) {
                this.line = line;
                this.ways = List.of(ways);
            }
        }

        private final Log log = new Log();
        private final VirtualRuntime time = VirtualRuntime.handlersOnThreads(1);
        private final Hold hold = time.hold();

        static Stream<Arguments> everyPlaceAndFate() {
            return Arrays.stream(Fate.values())
                    .flatMap(fate -> fate.ways.stream()
                            .flatMap(way -> Arrays.stream(Place.values())
                                    .filter(place -> place.meets(fate))
                                    .map(place -> Arguments.of(way, place, fate))));
        }

        @BeforeEach
        void catchTheLog() {
            log.start();
        }

        @AfterEach
        void letItGo() {
            log.stop();
        }

        @ParameterizedTest(name = "{0}, {1}, {2}")
        @MethodSource("everyPlaceAndFate")
        void no_text_of_a_message_breaks_or_forges_a_line(Anywhere way, Place place, Fate fate) {
            List<String> texts = new ArrayList<>();
            try (ForkHarness harness = way.running(fork(fate, texts), time)) {
                // given what goes wrong
                Fault wrong = fate == Fate.DEAD_LETTER_NOT_SENT ? Fault.failing() : Fault.answering(Entry.FINAL);
                Optional.ofNullable(WRONG.get(fate))
                        .ifPresent(call -> harness.queue().faults().always(call, wrong));

                // when
                Message plain = Message.sns("signup", SIGNUP);
                harness.deliver(place.put.apply(plain).receiveCount(fate == Fate.DEAD_LETTER_REFUSED ? 3 : 1));
                harness.advance(seconds(100));
                hold.release();
                harness.advance(seconds(140));

                // then the line was written that is the fate's own
                String own = place.readable() ? fate.line : "rejected message";
                assertThat(own.isEmpty() || log.lines().stream().anyMatch(line -> line.contains(own)))
                        .as("a line that says '%s', in %s", own, log.lines())
                        .isTrue();

                // and neither a line nor a text that others may log has more than one line, or an escape
                assertThat(harness.timeline().moments()).isNotEmpty();
                assertThat(log.lines())
                        .noneMatch(line -> line.startsWith("[main] ERROR forged") || hasControlCharacter(line));
                assertThat(texts).isNotEmpty().noneMatch(TextInLogs::hasControlCharacter);
            }
        }

        private static boolean hasControlCharacter(String text) {
            return text.replace("\t", "").codePoints().anyMatch(c -> switch (Character.getType(c)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR,
                        Character.SURROGATE -> true;
                default -> false;
            });
        }

        @ParameterizedTest
        @EnumSource(names = {"SQS_POLLER", "FORK_FUNCTION", "FORK_FUNCTION_WITH_SETTLER"})
        void what_an_exception_quotes_is_escaped_wherever_eventfork_writes_it_but_not_in_its_stack_trace(Anywhere way) {
            // given a message at its last attempt, and a handler whose exception quotes it
            List<String> texts = new ArrayList<>();
            Fork fork = told(texts, event -> {
                        throw new IllegalStateException(HOSTILE);
                    })
                    .build();
            try (ForkHarness harness = way.running(fork, time)) {
                // when
                harness.deliver(Message.sns("signup", SIGNUP).receiveCount(3));
                harness.advance(seconds(1));

                // then the line is whole, the exception follows it as it is, and listeners were told neither of its
                // breaks
                assertThat(log.lines())
                        .anyMatch(line -> line.endsWith("failed; settlement asked for: dead letter"))
                        .anyMatch(line -> line.startsWith(IllegalStateException.class.getName() + ": a"));
                assertThat(texts)
                        .anyMatch(text -> text.contains(IllegalStateException.class.getName() + ": a\\u000d"))
                        .noneMatch(TextInLogs::hasControlCharacter);
            }
        }

        @ParameterizedTest
        @EnumSource(names = {"SQS_POLLER", "FORK_FUNCTION", "FORK_FUNCTION_WITH_SETTLER"})
        @Promise({3, 23})
        void the_line_that_tells_of_an_error_that_no_process_survives_is_whole(Anywhere way) {
            Fork fork = told(new ArrayList<>(), event -> {
                        throw new InternalError(HOSTILE);
                    })
                    .build();
            try (ForkHarness harness = way.running(fork, time)) {
                harness.deliver(Message.sns("signup", SIGNUP).messageId(HOSTILE));
                harness.advance(seconds(1));

                assertThat(log.lines())
                        .filteredOn(line -> line.contains("Fork 'fork' stops: "))
                        .singleElement()
                        .satisfies(line -> assertThat(line)
                                .contains("java.lang.InternalError: a\\u000d\\u000a")
                                .contains("at message a\\u000d\\u000a")
                                .matches(text -> !hasControlCharacter(text)));
            }
        }

        @Test
        void what_a_reader_of_payloads_quotes_is_escaped() {
            // given a reader of one's own that does what it should not
            List<String> texts = new ArrayList<>();
            Fork fork = told(texts, event -> {})
                    .payloads(new PayloadReader() {
                        @Override
                        public <T> T read(String text, Class<T> type) throws PayloadException {
                            throw new PayloadException("$", "is " + HOSTILE);
                        }
                    })
                    .build();
            try (ForkHarness harness = Anywhere.SQS_POLLER.running(fork, time)) {
                harness.deliver(Message.sns("signup", SIGNUP));
                harness.advance(seconds(1));

                assertThat(log.lines())
                        .singleElement()
                        .satisfies(line ->
                                assertThat(line).contains("$ is a\\u000d").matches(text -> !hasControlCharacter(text)));
                assertThat(texts).isNotEmpty().noneMatch(TextInLogs::hasControlCharacter);
            }
        }

        /** The calls that go wrong: the queue refuses them, or fails. */
        private static final Map<Fate, InMemoryQueue.Call> WRONG = Map.of(
                Fate.LEASE_LOST, InMemoryQueue.Call.CHANGE_VISIBILITY,
                Fate.DEAD_LETTER_REFUSED, InMemoryQueue.Call.DEAD_LETTER,
                Fate.DEAD_LETTER_NOT_SENT, InMemoryQueue.Call.DEAD_LETTER,
                Fate.DEAD_LETTER_NOT_DELETED, InMemoryQueue.Call.DELETE,
                Fate.DELETE_REFUSED, InMemoryQueue.Call.DELETE);

        private Fork fork(Fate fate, List<String> texts) {
            Idempotency idempotency = Idempotency.in(store(fate)).by(IdempotencyKey.eventId());
            return told(texts, event -> {
                        switch (fate) {
                            case FAILED, DEAD_LETTER_REFUSED -> throw new IllegalStateException("no connection");
                            case PUT_OFF -> throw new RetryLaterException(seconds(30), "later");
                            case REJECTED_BY_HANDLER, DEAD_LETTER_NOT_SENT, DEAD_LETTER_NOT_DELETED ->
                                throw new RejectedEventException("unknown: " + HOSTILE);
                            case LEASE_LOST, LEFT_BEHIND -> hold.awaitIgnoringInterrupts();
                            case HANDLED, STORE_DOWN, STORE_DOWN_FAILS_OPEN, CLAIM_LOST, DELETE_REFUSED -> {}
                        }
                    })
                    .idempotency(fate == Fate.STORE_DOWN_FAILS_OPEN ? idempotency.failOpen() : idempotency)
                    .build();
        }

        /** Notes what handlers and listeners get to see and would log: events, deliveries, attributes, outcomes. */
        private static Fork.Builder told(List<String> texts, EventHandler<Signup> handler) {
            return Given.fork()
                    .on("signup", Signup.class, event -> {
                        texts.add(event.toString());
                        note(event.attributes(), texts);
                        handler.handle(event);
                    })
                    .listen(new ForkListener() {
                        @Override
                        public void finished(Delivery delivery, Outcome outcome) {
                            texts.add(delivery.toString());
                            texts.add(outcome.toString());
                            note(delivery.attributes(), texts);
                        }

                        @Override
                        public void settled(Delivery delivery, Settlement settlement) {
                            texts.add(settlement.toString());
                        }
                    });
        }

        private static void note(Attributes attributes, List<String> texts) {
            texts.add(attributes.toString());
            attributes.names().forEach(name -> texts.add(String.valueOf(attributes.value(name))));
        }

        private static IdempotencyStore store(Fate fate) {
            return switch (fate) {
                case STORE_DOWN, STORE_DOWN_FAILS_OPEN -> new Broken(false);
                case CLAIM_LOST -> new Broken(true);
                default -> new InMemoryIdempotencyStore();
            };
        }

        /** Claims, or throws, and refuses the rest. Its exceptions quote the key, as those of a driver may. */
        private record Broken(boolean claims) implements IdempotencyStore {

            @Override
            public Claim claim(String key, Duration hold) {
                if (claims) {
                    return new Claim.Acquired("token");
                }
                throw new IllegalStateException("no answer for " + key);
            }

            @Override
            public boolean renew(String key, String token, Duration hold) {
                return false;
            }

            @Override
            public boolean complete(String key, String token, Duration remember) {
                throw new IllegalStateException("no answer for " + key);
            }

            @Override
            public boolean release(String key, String token) {
                return false;
            }
        }
    }

    /** One line at WARN for what failed or was rejected, nothing for what was handled, and never a value of a payload. */
    @Nested
    @Promise({4, 23})
    class Lines {

        private static final String SECRET = "s3cret-of-ada";

        record Subscriber(String email, int age) {}

        private final Log log = new Log();

        @BeforeEach
        void catchTheLog() {
            log.start();
        }

        @AfterEach
        void letItGo() {
            log.stop();
        }

        @Test
        void what_is_handled_leaves_no_line() {
            deliver(Message.sns("signup", payload("1")));

            assertThat(log.lines()).isEmpty();
        }

        @Test
        void a_failure_is_one_warning_with_fork_message_type_attempt_settlement_and_stack_trace() {
            deliver(Message.sns("failing", payload("1")).messageId("m-1"));

            assertThat(log.lines())
                    .filteredOn(line -> line.contains(" WARN "))
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .contains("Fork 'fork': message m-1 (type 'failing', attempt 1) failed")
                            .contains("settlement asked for: give back for PT2S"));
            assertThat(log.lines()).anySatisfy(line -> assertThat(line).contains("at " + Lines.class.getName() + "."));
        }

        @Test
        void a_rejection_is_one_warning_with_the_settlement() {
            deliver(Message.sns("rejecting", payload("1")).messageId("m-1"));

            assertThat(log.lines())
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .contains("rejected message m-1 (type 'rejecting', attempt 1): the handler threw")
                            .contains("the list is closed")
                            .contains("Settlement asked for: dead letter"));
        }

        @Test
        void no_value_of_a_payload_reaches_the_log() {
            // when payloads can't be read, keys are values, and foreign exceptions quote them
            deliver(
                    Message.sns("signup", payload("\"" + SECRET + "\"")),
                    Message.sns("signup", "{\"email\":{\"" + SECRET + "\":1}}"),
                    Message.sns("signup", SECRET),
                    Message.sns("quoting", payload("1")),
                    Message.sns("signup", payload("1")).cutOff());

            assertThat(log.lines()).isNotEmpty().noneMatch(line -> line.contains(SECRET));
        }

        private static String payload(String age) {
            return "{\"email\":\"" + SECRET + "@example.org\",\"age\":" + age + "}";
        }

        private static void deliver(Message... messages) {
            Fork fork = Given.fork()
                    .rejecting(IllegalArgumentException.class)
                    .on("signup", Subscriber.class, event -> {})
                    .on("failing", Subscriber.class, event -> {
                        throw new IllegalStateException("no connection");
                    })
                    .on("rejecting", Subscriber.class, event -> {
                        throw new RejectedEventException("the list is closed");
                    })
                    .on("quoting", Subscriber.class, event -> {
                        throw new IllegalArgumentException(
                                "bad value " + event.payload().email());
                    })
                    .idempotency(Idempotency.in(new InMemoryIdempotencyStore())
                            .by(IdempotencyKey.jsonPointer("/email").orEventId()))
                    .build();
            try (PollerHarness harness = ForkHarness.poller(fork).build()) {
                harness.deliver(messages);
                harness.advance(seconds(1));
            }
        }
    }

    /** What is written to the log, which is standard error, between start and stop. */
    private static final class Log {

        private final ByteArrayOutputStream written = new ByteArrayOutputStream();
        private final PrintStream before = System.err;

        void start() {
            System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
        }

        void stop() {
            System.setErr(before);
        }

        List<String> lines() {
            return Arrays.stream(written.toString(StandardCharsets.UTF_8).split(System.lineSeparator()))
                    .filter(line -> !line.isEmpty())
                    .toList();
        }
    }

    @Nested
    @Tag("slow")
    class Mutated {

        private static final long SEED = Long.getLong("hostile.seed", 20_260_131);
        private static final int BODIES = Integer.getInteger("hostile.bodies", 25_000);
        private static final Duration LONGEST = Duration.ofSeconds(20);

        @Test
        void each_of_a_corpus_of_mutated_bodies_ends_in_the_outcome_that_an_oracle_expects() throws Exception {
            // given a thread of its own, so that a body that never ends holds nobody up
            Corpus corpus = new Corpus(SEED);
            FutureTask<Void> work = new FutureTask<>(() -> corpus.run(BODIES), null);
            Thread worker = new Thread(work, "corpus");
            worker.setDaemon(true);

            // when it runs, and gets on all the time
            worker.start();
            for (int at = 0; !over(work); at = corpus.number()) {
                assertThat(corpus.number())
                        .as(() -> "still at it after " + LONGEST + ": " + corpus + ", in "
                                + Arrays.toString(worker.getStackTrace()))
                        .isNotEqualTo(at);
            }

            // then each ended as expected, and the mutations were neither all fatal nor all harmless
            assertThat(corpus.handled()).isBetween(BODIES / 20, BODIES - BODIES / 20);
        }

        /** Waits for its end, but no longer than one body may take. */
        private static boolean over(FutureTask<Void> work) throws Exception {
            try {
                work.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
                return true;
            } catch (TimeoutException notYet) {
                return false;
            }
        }
    }
}
