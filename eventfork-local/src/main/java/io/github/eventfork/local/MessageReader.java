package io.github.eventfork.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Reads a message out of a Publish request, or out of an entry of PublishBatch, by the rules of
 * <a href="https://docs.aws.amazon.com/sns/latest/api/API_Publish.html">Publish</a>.
 */
final class MessageReader {
    private static final int SUBJECT_BELOW = 100;
    private static final Pattern ID = Pattern.compile("[!-~]{1,128}");
    private static final ObjectMapper JSON = SqsEndpoint.JSON;

    private final InstantSource clock;

    MessageReader(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Throws what would fail a whole batch too; {@link #fault} and the size are other questions.
     *
     * @param path of the message in the request, as SNS names it in a refusal: empty, or with a dot at its end
     */
    SnsMessage read(QueryRequest request, Topic topic, String path) {
        boolean perProtocol = isPerProtocol(request);
        String message = request.text("Message");
        return new SnsMessage(
                UUID.randomUUID().toString(),
                perProtocol ? textForSqs(message) : message,
                perProtocol,
                request.find("Subject"),
                MessageAttributes.of(request, path),
                group(request, topic),
                deduplicationId(request, topic),
                Optional.empty(),
                request.traceHeader(),
                clock.instant());
    }

    private static Optional<String> group(QueryRequest request, Topic topic) {
        Optional<String> group = request.find("MessageGroupId");
        if (topic.isFifo() && group.isEmpty()) {
            throw SnsError.invalidParameter("The MessageGroupId parameter is required for FIFO topics");
        }
        return checkedId("MessageGroupId", group);
    }

    private static Optional<String> deduplicationId(QueryRequest request, Topic topic) {
        Optional<String> given = request.find("MessageDeduplicationId");
        if (given.isPresent() && !topic.isFifo()) {
            throw SnsError.invalidParameter("MessageDeduplicationId Reason: The request includes"
                    + " MessageDeduplicationId parameter that is not valid for this topic type");
        }
        if (given.isEmpty() && topic.isFifo()) {
            if (!topic.deduplicatesByContent()) {
                throw SnsError.invalidParameter("The topic should either have ContentBasedDeduplication enabled or"
                        + " MessageDeduplicationId provided explicitly");
            }
            return Optional.of(sha256(request.text("Message")));
        }
        return checkedId("MessageDeduplicationId", given);
    }

    private static Optional<String> checkedId(String parameter, Optional<String> id) {
        if (id.isPresent() && !ID.matcher(id.get()).matches()) {
            throw SnsError.invalidParameter(parameter).because("it has 1 to 128 characters, from ! to ~ in ASCII");
        }
        return id;
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** What is wrong with this one message, but with no other of its batch. */
    static Optional<SnsError> fault(QueryRequest request) {
        if (request.text("Message").isEmpty()) {
            return Optional.of(SnsError.invalidParameter("Empty message"));
        }
        return request.find("Subject")
                .filter(MessageReader::isIllegalSubject)
                .map(subject -> SnsError.invalidParameter("Subject"));
    }

    private static boolean isIllegalSubject(String subject) {
        return subject.isEmpty()
                || subject.length() >= SUBJECT_BELOW
                || subject.codePoints().anyMatch(Character::isISOControl);
    }

    /** The size that SNS limits: the message as it came, and its attributes. */
    static int bytes(QueryRequest request, SnsMessage message) {
        return request.text("Message").getBytes(UTF_8).length
                + message.attributes().bytes();
    }

    private static boolean isPerProtocol(QueryRequest request) {
        String structure = request.text("MessageStructure");
        if (!structure.isEmpty() && !structure.equals("json")) {
            throw SnsError.invalidParameter("MessageStructure");
        }
        return structure.equals("json");
    }

    private static String textForSqs(String message) {
        JsonNode texts = parse(message);
        if (!texts.path("default").isTextual()) {
            throw SnsError.invalidParameter("Message Structure - No default entry in JSON message body");
        }
        return texts.path("sqs").isTextual()
                ? texts.path("sqs").textValue()
                : texts.path("default").textValue();
    }

    private static JsonNode parse(String message) {
        try {
            return JSON.readTree(message);
        } catch (JsonProcessingException e) {
            throw SnsError.invalidParameter("Message Structure - JSON message body failed to parse");
        }
    }
}
