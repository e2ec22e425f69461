package io.github.eventfork.local.lambda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.eventfork.local.lambda.Invocation.Result;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What became of a batch: read from what the function returned, or from its not returning.
 *
 * <p>A partial response is read as <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html">
 * Lambda reads it</a>. What that page does not name (a response that is neither object nor null, a list that is none) fails
 * the batch: it loses nothing. Texts hold no value of the response.
 */
record Answer(Result result, List<String> givenBack, String reason) {

    /** What Lambda lets a synchronous invocation return. */
    static final int MOST_BYTES = 6_291_556;

    private static final Logger LOG = LoggerFactory.getLogger(Answer.class);
    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(JsonNode.class);

    /** Reads the response of a function whose mapping reports batch item failures, or does not. */
    static Answer of(byte[] response, List<String> batch, boolean reportsBatchItemFailures) {
        if (response.length > MOST_BYTES) {
            return failed(
                    Result.FUNCTION_FAILED,
                    batch,
                    "Response payload size exceeded maximum allowed payload size (" + MOST_BYTES + " bytes).");
        }
        return reportsBatchItemFailures ? partial(response, batch) : success();
    }

    static Answer failed(Result how, List<String> batch, String reason) {
        return new Answer(how, batch, reason);
    }

    private static Answer success() {
        return new Answer(Result.SUCCEEDED, List.of(), "");
    }

    private static Answer partial(byte[] response, List<String> batch) {
        if (response.length == 0) {
            return success();
        }
        JsonNode tree;
        try {
            tree = JSON.readTree(response);
        } catch (JsonProcessingException notJson) {
            // its own text quotes the response
            return invalid(batch, "The response is not JSON.");
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory can be read", e);
        }
        if (tree.isNull() || (tree.isTextual() && tree.textValue().isEmpty())) {
            return success();
        }
        return tree.isObject() ? listed(tree, batch) : invalid(batch, "The response is not a JSON object.");
    }

    private static Answer listed(JsonNode response, List<String> batch) {
        JsonNode failures = response.path("batchItemFailures");
        if (failures.isMissingNode() && !response.isEmpty()) {
            LOG.warn("The function's response has no key 'batchItemFailures': to Lambda that is success, so the whole "
                    + "batch is deleted. Is a key misspelt?");
        }
        if (failures.isMissingNode() || failures.isNull()) {
            return success();
        }
        if (!failures.isArray()) {
            return invalid(batch, "batchItemFailures is not a list.");
        }
        Set<String> named = new LinkedHashSet<>();
        for (int i = 0; i < failures.size(); i++) {
            JsonNode identifier = failures.get(i).path("itemIdentifier");
            Optional<String> problem = problem(identifier, batch);
            if (problem.isPresent()) {
                return invalid(batch, "batchItemFailures[" + i + "]: " + problem.get());
            }
            named.add(identifier.textValue());
        }
        List<String> givenBack = new ArrayList<>(batch);
        givenBack.retainAll(named);
        return givenBack.isEmpty()
                ? success()
                : new Answer(Result.ITEMS_FAILED, givenBack, "The function named them in batchItemFailures.");
    }

    private static Optional<String> problem(JsonNode identifier, List<String> batch) {
        if (identifier.isMissingNode()) {
            return Optional.of("there is no itemIdentifier.");
        }
        if (identifier.isNull()) {
            return Optional.of("itemIdentifier is null.");
        }
        if (!identifier.isTextual()) {
            return Optional.of("itemIdentifier is not a string.");
        }
        if (identifier.textValue().isEmpty()) {
            return Optional.of("itemIdentifier is empty.");
        }
        return batch.contains(identifier.textValue())
                ? Optional.empty()
                : Optional.of("itemIdentifier is no message id of the batch.");
    }

    private static Answer invalid(List<String> batch, String reason) {
        return failed(Result.INVALID_RESPONSE, batch, reason);
    }
}
