package io.github.eventfork.conformance;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.eventfork.testkit.Message;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Somebody who may publish to a topic, and writes what passes for something else: wrappings within wrappings, forged fields,
 * names, sizes and types. What it writes, it knows the truth of: by which type the message was let in, and which event it is.
 */
final class Stranger {

    static final List<String> ROUTES = List.of("comment", "refund", "signup");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOPIC = "arn:aws:sns:us-east-2:111122223333:user-events";
    private static final String[] TYPES = {
        "comment", "refund", "signup", "nobody's", "", "Refund", "refund ", "\u202erefund"
    };
    private static final String[] PARTS = {
        "a", "b", " ", ":", "#", "sns", "/", "\u00e9", "\n", "\u0000", "\uD83D\uDE00", "#sha256:", "46", "x".repeat(300)
    };

    private final Random random;
    private int number;

    /**
     * A message and the truth of it.
     *
     * @param type by which the transport let it in, or, where it says nothing, what the event says; empty if neither does
     * @param identity what only copies of the same event have in common
     */
    record Mail(Message message, String id, Optional<String> type, String identity) {}

    /** What a body, or a notification's message, holds. */
    private record Content(String text, Optional<String> type, Optional<String> identity) {}

    Stranger(long seed) {
        this.random = new Random(seed);
    }

    Mail next() {
        String id = "m-" + ++number;
        return random.nextInt(3) == 0 ? raw(id) : wrapped(id);
    }

    /** What SNS has wrapped: its attributes are in the body, beside whatever the publisher wrote. */
    private Mail wrapped(String id) {
        Content content = content(false);
        String notificationId = "n-" + number;
        ObjectNode body = notification(notificationId, TOPIC, content.text);
        ObjectNode attributes = JSON.createObjectNode();
        Optional<Optional<String>> type = Optional.empty();
        if (random.nextInt(4) > 0) {
            boolean binary = random.nextInt(20) == 0;
            String value = pick(TYPES);
            type = Optional.of(binary ? Optional.empty() : Optional.of(value));
            attributes
                    .putObject("event")
                    .put("Type", binary ? "Binary" : "String")
                    .put(
                            "Value",
                            binary
                                    ? Base64.getEncoder()
                                            .encodeToString(value.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                                    : value);
        }
        if (random.nextInt(5) == 0) {
            attributes.putObject(hostile()).put("Type", "String." + hostile()).put("Value", hostile());
        }
        if (!attributes.isEmpty()) {
            body.set("MessageAttributes", attributes);
        }
        return new Mail(
                Message.raw(body.toString()).messageId(id),
                id,
                type.orElse(content.type),
                content.identity.map(inner -> within(inner, true)).orElse("sns " + notificationId));
    }

    /** What is delivered raw: the publisher's text, and real attributes. */
    private Mail raw(String id) {
        boolean attributes = random.nextInt(3) > 0;
        Content content = content(attributes);
        Message message = Message.raw(content.text).messageId(id);
        Optional<String> type = content.type;
        if (attributes) {
            type = Optional.of(pick(TYPES));
            message = message.attribute("event", type.get());
        }
        return new Mail(
                message,
                id,
                type,
                content.identity.map(inner -> within(inner, attributes)).orElse("sqs " + id));
    }

    /** A CloudEvent is the same however it came; the id of an EventBridge event is EventBridge's only where nothing is around it. */
    private static String within(String inner, boolean payload) {
        return inner.startsWith("eventbridge") && payload ? "a payload's " + inner : inner;
    }

    private Content content(boolean besideAttributes) {
        return switch (random.nextInt(besideAttributes ? 5 : 4)) {
            case 0 -> event(true);
            case 1 -> event(false);
            case 2 ->
                new Content(
                        "{\"detail-type\":\"refund\",\"event\":\"refund\",\"id\":\"" + number + "\"}", none(), none());
            case 3 -> new Content(hostile().repeat(random.nextInt(100) == 0 ? 300 : 1), none(), none());
            // a notification that nobody wrapped
            default ->
                new Content(
                        notification("n-" + random.nextInt(number), TOPIC, "{}").toString(), none(), none());
        };
    }

    private Content event(boolean eventBridge) {
        String type = pick(TYPES);
        String source = eventBridge || random.nextBoolean() ? hostile() : "/s" + random.nextInt(3);
        String id = random.nextBoolean() ? hostile() : "n-" + (1 + random.nextInt(number));
        ObjectNode event = JSON.createObjectNode().put("id", id).put("source", source);
        if (eventBridge) {
            event.put("version", "0")
                    .put("detail-type", type)
                    .put("account", "1")
                    .put("time", "2026-01-01T00:00:00Z")
                    .put("region", "r");
            event.putArray("resources");
            event.putObject("detail").put("MessageId", "n-1");
            return new Content(event.toString(), Optional.of(type), Optional.of("eventbridge " + quoted(source, id)));
        }
        event.put("specversion", "1.0").put("type", type).put("data", "d");
        boolean is = !source.isEmpty()
                && !id.isEmpty()
                && !type.isEmpty()
                && source.codePoints().noneMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c));
        return is
                ? new Content(event.toString(), Optional.of(type), Optional.of("cloudevents " + quoted(source, id)))
                : new Content(event.toString(), none(), none());
    }

    private static ObjectNode notification(String id, String topic, String message) {
        return JSON.createObjectNode()
                .put("Type", "Notification")
                .put("MessageId", id)
                .put("TopicArn", topic)
                .put("Message", message)
                .put("Timestamp", "2026-01-01T00:00:00.000Z")
                .put("UnsubscribeURL", "https://sns.us-east-2.amazonaws.com/");
    }

    private static String quoted(String source, String id) {
        return JSON.createArrayNode().add(source).add(id).toString();
    }

    private static Optional<String> none() {
        return Optional.empty();
    }

    private String hostile() {
        StringBuilder text = new StringBuilder();
        for (int length = 1 + random.nextInt(3); length > 0; length--) {
            text.append(pick(PARTS));
        }
        return text.toString();
    }

    private String pick(String[] of) {
        return of[random.nextInt(of.length)];
    }
}
