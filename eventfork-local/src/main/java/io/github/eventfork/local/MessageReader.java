package io.github.eventfork.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Reads a message out of a Publish request, or out of an entry of PublishBatch, by the rules of
 * <a href="https://docs.aws.amazon.com/sns/latest/api/API_Publish.html">Publish</a>.
 */
final class MessageReader {
    private static final int SUBJECT_BELOW = 100;
    private static final Pattern GROUP_ID = Pattern.compile("[!-~]{1,128}");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Clock clock;

    MessageReader(Clock clock) {
        this.clock = clock;
    }

    /** Throws what would fail a whole batch too; {@link #fault} and the size are other questions. */
    SnsMessage read(QueryRequest request) {
        if (request.find("MessageDeduplicationId").isPresent()) {
            throw SnsError.invalidParameter("MessageDeduplicationId Reason: The request includes"
                    + " MessageDeduplicationId parameter that is not valid for this topic type");
        }
        Optional<String> group = request.find("MessageGroupId");
        if (group.isPresent() && !GROUP_ID.matcher(group.get()).matches()) {
            throw SnsError.invalidParameter("MessageGroupId");
        }
        boolean perProtocol = isPerProtocol(request);
        String message = request.text("Message");
        return new SnsMessage(
                UUID.randomUUID().toString(),
                perProtocol ? textForSqs(message) : message,
                perProtocol,
                request.find("Subject"),
                MessageAttributes.of(request),
                group,
                request.traceHeader(),
                clock.instant());
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
