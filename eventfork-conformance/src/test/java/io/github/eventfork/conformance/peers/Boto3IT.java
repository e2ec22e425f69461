package io.github.eventfork.conformance.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.eventfork.local.LocalAws;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a Python service sees of our local server, by {@code boto3_walk.py}. Skipped where Python has no boto3. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Boto3IT {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, JsonNode> found = new LinkedHashMap<>();

    @BeforeAll
    void walk(@TempDir Path directory) throws Exception {
        Optional<String> boto3 = Python.versionOf("boto3");
        assumeTrue(boto3.isPresent(), "python3 with boto3 is not here");
        try (LocalAws aws = LocalAws.start()) {
            Process process = Python.start(
                    "boto3_walk.py",
                    directory,
                    Map.of(
                            "AWS_ENDPOINT_URL", aws.endpoint().toString(),
                            "AWS_DEFAULT_REGION", "us-east-1",
                            "AWS_ACCESS_KEY_ID", "test",
                            "AWS_SECRET_ACCESS_KEY", "test",
                            "NO_PROXY", "127.0.0.1"),
                    List.of());
            try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                    ObjectNode step = (ObjectNode) JSON.readTree(line);
                    found.put(step.remove("step").textValue(), step);
                }
            }
            assertThat(process.waitFor())
                    .as("how boto3 %s ended: %s", boto3.get(), Files.readString(directory.resolve("boto3_walk.py.log")))
                    .isZero();
        }
        System.out.println("boto3 " + boto3.get() + " walked through " + found.size() + " steps");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            topic                 | {"arn":"arn:aws:sns:us-east-1:000000000000:events","tags":[{"Key":"team","Value":"growth"}]}
            subscription          | {"policy":{"event":["signup"]},"raw":"false"}
            batch                 | {"failed":[],"successful":["a","b"]}
            wrapped               | {"messages":["m-1","m-3"],"subjects":["","hello"]}
            raw                   | {"bodies":["m-1","m-2","m-3"],"bytes":"0203","counts":["1","1","1"]}
            again                 | {"bodies":["m-1"],"counts":["2"]}
            deleted               | {"failed":[],"successful":["0","1","2"]}
            counts                | {"visible":"0","hidden":"0"}
            fifo                  | {"bodies":["o-1","o-2","o-3"],"groups":["g"],"deduplication":["d-1","d-2","d-3"]}
            paged topics          | {"topics":105,"pages":2}
            paged subscriptions   | {"subscriptions":2,"protocols":["sqs"]}
            paged queues          | {"names":["ordered.fifo","raw","wrapped"]}
            """)
    void boto3_finds(String step, String expected) throws Exception {
        assertThat(found.get(step)).isEqualTo(JSON.readTree(expected));
    }

    @ParameterizedTest
    @CsvSource({
        "no topic,              NotFound,                                              404, NotFoundException",
        "no name,               InvalidParameter,                                      400, InvalidParameterException",
        "no policy,             InvalidParameter,                                      400, InvalidParameterException",
        "no value,              ParameterValueInvalid,                                 400, InvalidParameterValueException",
        "no group,              InvalidParameter,                                      400, InvalidParameterException",
        "too many,              TooManyEntriesInBatchRequest,                          400, TooManyEntriesInBatchRequestException",
        "twice,                 BatchEntryIdsNotDistinct,                              400, BatchEntryIdsNotDistinctException",
        "no queue,              AWS.SimpleQueueService.NonExistentQueue,               400, QueueDoesNotExist",
        "no queue of that name, AWS.SimpleQueueService.NonExistentQueue,               400, QueueDoesNotExist",
        "no receipt,            ReceiptHandleIsInvalid,                                400, ReceiptHandleIsInvalid",
        "no entries,            AWS.SimpleQueueService.EmptyBatchRequest,              400, EmptyBatchRequest",
        "too long hidden,       InvalidParameterValue,                                 400, ClientError",
    })
    void boto3_is_refused_with(String step, String code, int status, String kind) {
        assertThat(found.get(step))
                .isEqualTo(JSON.createObjectNode()
                        .put("code", code)
                        .put("status", status)
                        .put("kind", kind));
    }
}
