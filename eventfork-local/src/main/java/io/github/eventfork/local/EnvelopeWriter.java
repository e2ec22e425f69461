package io.github.eventfork.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.eventfork.local.MessageAttributes.Attribute;
import java.net.URI;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Random;

/**
 * Wraps a message for a subscription without raw delivery, in SNS's order of keys and with its line breaks.
 * The signature only looks like one; what comes from a FIFO topic has none, as in SNS.
 */
final class EnvelopeWriter {
    private static final DateTimeFormatter MILLISECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final ObjectWriter PRETTY =
            new ObjectMapper().writer(new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));
    private static final int SIGNATURE_BYTES = 256;

    private final Account account;
    private final URI snsEndpoint;

    EnvelopeWriter(Account account, URI snsEndpoint) {
        this.account = account;
        this.snsEndpoint = snsEndpoint;
    }

    String wrap(SnsMessage message, Topic topic, Subscription subscription) {
        ObjectNode envelope = JsonNodeFactory.instance.objectNode();
        envelope.put("Type", "Notification");
        envelope.put("MessageId", message.id());
        message.sequenceNumber().ifPresent(number -> envelope.put("SequenceNumber", number));
        envelope.put("TopicArn", topic.arn());
        message.subject().ifPresent(subject -> envelope.put("Subject", subject));
        envelope.put("Message", message.text());
        envelope.put("Timestamp", MILLISECONDS.format(message.publishedAt()));
        if (!topic.isFifo()) {
            sign(envelope, message, topic);
        }
        envelope.put("UnsubscribeURL", snsEndpoint + "/?Action=Unsubscribe&SubscriptionArn=" + subscription.arn());
        if (!message.attributes().all().isEmpty()) {
            envelope.set("MessageAttributes", attributes(message));
        }
        return written(envelope);
    }

    private void sign(ObjectNode envelope, SnsMessage message, Topic topic) {
        envelope.put("SignatureVersion", topic.signatureVersion());
        envelope.put("Signature", signature(message));
        envelope.put(
                "SigningCertURL",
                "https://sns." + account.region()
                        + ".amazonaws.com/SimpleNotificationService-00000000000000000000000000000000.pem");
    }

    private static ObjectNode attributes(SnsMessage message) {
        ObjectNode attributes = JsonNodeFactory.instance.objectNode();
        for (Attribute attribute : message.attributes().all()) {
            attributes
                    .putObject(attribute.name())
                    .put("Type", attribute.dataType())
                    .put("Value", attribute.value());
        }
        return attributes;
    }

    private static String signature(SnsMessage message) {
        byte[] bytes = new byte[SIGNATURE_BYTES];
        new Random(message.id().hashCode()).nextBytes(bytes);
        return new String(Base64.getEncoder().encode(bytes), UTF_8);
    }

    private static String written(ObjectNode envelope) {
        try {
            return PRETTY.writeValueAsString(envelope);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts could not be written", e);
        }
    }
}
