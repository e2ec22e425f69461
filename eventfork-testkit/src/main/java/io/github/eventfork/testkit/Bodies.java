package io.github.eventfork.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.eventfork.envelope.Attributes;
import java.util.Base64;

/** Writes bodies as AWS writes them. */
final class Bodies {

    private static final String TIME = "2026-01-31T12:34:56.789Z";
    private static final String TOPIC = "arn:aws:sns:us-east-2:111122223333:user-events";
    private static final String SNS = "https://sns.us-east-2.amazonaws.com/";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** SNS's own form: two spaces, one field a line, spaces around the colon. */
    private static final ObjectWriter PRETTY =
            JSON.writer(new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));

    private Bodies() {}

    static String notification(String messageId, String message, Attributes attributes) {
        ObjectNode body = JSON.createObjectNode();
        body.put("Type", "Notification");
        body.put("MessageId", messageId);
        body.put("TopicArn", TOPIC);
        body.put("Message", message);
        body.put("Timestamp", TIME);
        body.put("SignatureVersion", "1");
        body.put("Signature", "c2lnbmF0dXJl");
        body.put("SigningCertURL", SNS + "SimpleNotificationService-010a507c1833636cd94bdb98bd93083a.pem");
        body.put("UnsubscribeURL", SNS + "?Action=Unsubscribe&SubscriptionArn=" + TOPIC + ":1f-2e");
        if (!attributes.isEmpty()) {
            ObjectNode all = body.putObject("MessageAttributes");
            for (String name : attributes.names()) {
                Attributes.Value value = attributes.value(name).orElseThrow();
                String text = attributes
                        .binary(name)
                        .map(bytes -> Base64.getEncoder().encodeToString(bytes))
                        .orElseGet(() -> value.text().orElseThrow());
                all.putObject(name).put("Type", value.dataType()).put("Value", text);
            }
        }
        return written(PRETTY, body);
    }

    /** {@code detail} stands in it as it is, valid JSON or not. */
    static String eventBridge(String id, String detailType, String detail) {
        ObjectNode head = JSON.createObjectNode();
        head.put("version", "0");
        head.put("id", id);
        head.put("detail-type", detailType);
        head.put("source", "org.example.users");
        head.put("account", "111122223333");
        head.put("time", "2026-01-31T12:00:00Z");
        head.put("region", "us-east-2");
        head.putArray("resources");
        return withLast(head, "detail", detail);
    }

    /** {@code data} stands in it as it is, valid JSON or not. */
    static String cloudEvent(String id, String type, String data) {
        ObjectNode head = JSON.createObjectNode();
        head.put("specversion", "1.0");
        head.put("id", id);
        head.put("source", "https://example.org/users");
        head.put("type", type);
        head.put("time", "2026-01-31T12:00:00Z");
        head.put("datacontenttype", "application/json");
        return withLast(head, "data", data);
    }

    static JsonNode object(String key, String value, String key2, String value2) {
        return JSON.createObjectNode().put(key, value).put(key2, value2);
    }

    static String array(String first, JsonNode second) {
        return written(JSON.writer(), JSON.createArrayNode().add(first).add(second));
    }

    private static String withLast(ObjectNode head, String name, String json) {
        String text = written(JSON.writer(), head);
        return text.substring(0, text.length() - 1) + ",\"" + name + "\":" + json + "}";
    }

    private static String written(ObjectWriter writer, JsonNode node) {
        try {
            return writer.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts can't be written", e);
        }
    }
}
