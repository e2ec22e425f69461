package io.github.eventfork.poller;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A queue's <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html">
 * RedrivePolicy</a>.
 *
 * @param deadLetterQueue the ARN of the dead-letter queue
 * @param maxReceiveCount after how many receives SQS moves a message there
 */
record Redrive(QueueAddress deadLetterQueue, int maxReceiveCount) {

    private static final Logger log = LoggerFactory.getLogger(Redrive.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DEFAULT_COUNT = 10;

    /** Reads the policy's text leniently: a count may be a string or missing; what is no policy is none. */
    static Optional<Redrive> of(String policy) {
        Optional<Redrive> read = read(policy);
        if (read.isEmpty()) {
            log.warn("A queue's RedrivePolicy can't be read, so it counts as having no dead-letter queue: {}", policy);
        }
        return read;
    }

    private static Optional<Redrive> read(String policy) {
        try {
            JsonNode root = JSON.readTree(policy);
            int count = root.path("maxReceiveCount").asInt(DEFAULT_COUNT);
            return QueueAddress.Arn.of(root.path("deadLetterTargetArn").asText(""))
                    .map(queue -> new Redrive(queue, count > 0 ? count : DEFAULT_COUNT));
        } catch (JsonProcessingException noJson) {
            return Optional.empty();
        }
    }
}
