package io.github.eventfork.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.eventfork.local.lambda.Invocation.Result;
import io.github.eventfork.local.lambda.Queues.Queue;
import io.github.eventfork.local.lambda.Queues.Size;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a function does with three messages, and which of them are in the queue afterwards. */
class ResponseTableTest {

    private static final Queues QUEUES = new Queues();
    private static final JsonMapper JSON = new JsonMapper();
    private static final Map<String, Mapped> MAPPINGS = new HashMap<>();

    /** What the function does in the row under way: takes the batch's ids, gives JSON. */
    private static volatile Function<List<String>, String> script = ids -> "";

    private record Mapped(Queue queue, EventSourceMapping mapping) {}

    private enum Kind {
        STREAM,
        SQS_BATCH_RESPONSE,
        MAP
    }

    @AfterAll
    static void close() {
        MAPPINGS.values().parallelStream().forEach(mapped -> mapped.mapping().close());
        QUEUES.close();
    }

    private enum Row {
        EMPTY_LIST(ids -> "{\"batchItemFailures\":[]}", Result.SUCCEEDED),
        NULL_LIST(ids -> "{\"batchItemFailures\":null}", Result.SUCCEEDED),
        EMPTY_RESPONSE(ids -> "", Result.SUCCEEDED),
        NULL_RESPONSE(ids -> "null", Result.SUCCEEDED),
        EMPTY_OBJECT(ids -> "{}", Result.SUCCEEDED, Kind.STREAM, Kind.MAP),
        ONE_LISTED(ids -> failures(ids.get(1)), Result.ITEMS_FAILED),
        ALL_LISTED(ids -> failures(ids.get(0), ids.get(1), ids.get(2)), Result.ITEMS_FAILED),
        INVALID_JSON(ids -> "{\"batchItemFailures\":[", Result.INVALID_RESPONSE, Kind.STREAM),
        EMPTY_IDENTIFIER(ids -> failures(ids.get(0), ""), Result.INVALID_RESPONSE),
        NULL_IDENTIFIER(ids -> "{\"batchItemFailures\":[{\"itemIdentifier\":null}]}", Result.INVALID_RESPONSE),
        MISSPELT_IDENTIFIER(
                ids -> failures(ids.get(0)).replace("itemIdentifier", "messageId"),
                Result.INVALID_RESPONSE,
                Kind.STREAM,
                Kind.MAP),
        UNKNOWN_IDENTIFIER(ids -> failures(ids.get(0), "unknown"), Result.INVALID_RESPONSE),
        MISSPELT_LIST(
                ids -> failures(ids.get(0)).replace("batchItemFailures", "batchItemFailure"),
                Result.SUCCEEDED,
                Kind.STREAM,
                Kind.MAP),
        EXCEPTION(
                ids -> {
                    throw new IllegalStateException("as it should");
                },
                Result.FUNCTION_FAILED),
        CRASH(
                ids -> {
                    throw new StackOverflowError("as it should");
                },
                Result.FUNCTION_FAILED),
        TIME_OUT(ids -> hang(), Result.TIMED_OUT),
        LARGER_THAN_6_MB(
                ids -> "{\"batchItemFailures\":[],\"more\":\"" + "x".repeat(Answer.MOST_BYTES) + "\"}",
                Result.FUNCTION_FAILED,
                Kind.STREAM,
                Kind.MAP);

        private final Function<List<String>, String> script;
        private final Result result;
        private final List<Kind> kinds;

        Row(Function<List<String>, String> script, Result result, Kind... kinds) {
            this.script = script;
            this.result = result;
            this.kinds = List.of(kinds.length == 0 ? Kind.values() : kinds);
        }

        private List<String> givenBack(List<String> batch) {
            return switch (this) {
                case ONE_LISTED -> List.of(batch.get(1));
                default -> result == Result.SUCCEEDED ? List.of() : batch;
            };
        }
    }

    private static Stream<Arguments> rows() {
        return Arrays.stream(Row.values()).flatMap(row -> row.kinds.stream().map(kind -> Arguments.of(row, kind)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("rows")
    void with_partial_batch_responses(Row row, Kind kind) {
        // given
        script = row.script;
        Mapped mapped = MAPPINGS.computeIfAbsent(kind.name(), name -> mapped(kind, true));

        // when
        Invocation invocation = invoked(mapped);

        // then what is not deleted stays hidden for the rest of its visibility timeout
        List<String> givenBack = row.givenBack(invocation.messageIds());
        assertThat(invocation.result()).as(invocation.reason()).isEqualTo(row.result);
        assertThat(invocation.givenBack()).isEqualTo(givenBack);
        assertThat(QUEUES.size(mapped.queue())).isEqualTo(new Size(0, givenBack.size()));
        assertThat(invocation.reason().isEmpty()).isEqualTo(row.result == Result.SUCCEEDED);
    }

    private static Stream<Arguments> rowsWithout() {
        return Stream.of(Row.ONE_LISTED, Row.INVALID_JSON, Row.UNKNOWN_IDENTIFIER, Row.EXCEPTION)
                .map(row -> Arguments.of(row, row == Row.EXCEPTION ? Result.FUNCTION_FAILED : Result.SUCCEEDED));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("rowsWithout")
    void without_partial_batch_responses(Row row, Result result) {
        // given
        script = row.script;
        Mapped mapped = MAPPINGS.computeIfAbsent("without", name -> mapped(Kind.STREAM, false));

        // when
        Invocation invocation = invoked(mapped);

        // then
        assertThat(invocation.result()).isEqualTo(result);
        assertThat(QUEUES.size(mapped.queue())).isEqualTo(result == Result.SUCCEEDED ? Size.EMPTY : new Size(0, 3));
    }

    /** Sends three messages to an empty queue, and waits for the invocation that gets them. */
    private static Invocation invoked(Mapped mapped) {
        QUEUES.sqs.purgeQueue(request -> request.queueUrl(mapped.queue().url()));
        long before = mapped.mapping().invocations();
        List<String> sent = QUEUES.send(mapped.queue(), "one", "two", "three");
        await().atMost(Duration.ofSeconds(60)).until(() -> mapped.mapping().invocations() > before);
        List<Invocation> invocations = mapped.mapping().lastInvocations();
        Invocation last = invocations.get(invocations.size() - 1);
        assertThat(last.messageIds()).containsExactlyInAnyOrderElementsOf(sent);
        return last;
    }

    private static Mapped mapped(Kind kind, boolean reports) {
        Queue queue = QUEUES.standard(600);
        EventSourceMapping.Builder mapping = EventSourceMapping.of(QUEUES.aws, queue.name())
                .functionTimeout(Duration.ofSeconds(2))
                .batchSize(3)
                .batchingWindow(Duration.ofSeconds(20));
        switch (kind) {
            case STREAM ->
                mapping.streamHandler(() -> (in, out, context) ->
                        out.write(script.apply(ids(JSON.readTree(in))).getBytes(StandardCharsets.UTF_8)));
            case SQS_BATCH_RESPONSE -> mapping.handler(Typed::new);
            case MAP -> mapping.handler(Mapping::new);
        }
        return new Mapped(queue, (reports ? mapping.reportBatchItemFailures() : mapping).start());
    }

    private static final class Typed implements RequestHandler<SQSEvent, @Nullable SQSBatchResponse> {
        @Override
        public @Nullable SQSBatchResponse handleRequest(SQSEvent event, Context context) {
            JsonNode answer = tree(script.apply(ids(event)));
            if (answer.isNull() || answer.isMissingNode()) {
                return null;
            }
            JsonNode failures = answer.get("batchItemFailures");
            if (failures.isNull()) {
                return new SQSBatchResponse(null);
            }
            List<BatchItemFailure> items = new ArrayList<>();
            failures.forEach(item ->
                    items.add(new BatchItemFailure(item.get("itemIdentifier").textValue())));
            return new SQSBatchResponse(items);
        }
    }

    private static final class Mapping implements RequestHandler<SQSEvent, @Nullable Map<String, Object>> {
        @Override
        public @Nullable Map<String, Object> handleRequest(SQSEvent event, Context context) {
            JsonNode answer = tree(script.apply(ids(event)));
            return answer.isObject() ? JSON.convertValue(answer, new TypeReference<>() {}) : null;
        }
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> ids(SQSEvent event) {
        return event.getRecords().stream().map(SQSMessage::getMessageId).toList();
    }

    private static List<String> ids(JsonNode event) {
        return StreamSupport.stream(event.get("Records").spliterator(), false)
                .map(record -> record.get("messageId").textValue())
                .toList();
    }

    private static String failures(String... ids) {
        return Arrays.stream(ids)
                .map(id -> "{\"itemIdentifier\":\"" + id + "\"}")
                .collect(Collectors.joining(",", "{\"batchItemFailures\":[", "]}"));
    }

    private static String hang() {
        try {
            new CountDownLatch(1).await();
            return "never";
        } catch (InterruptedException timedOut) {
            return "{\"batchItemFailures\":[]}";
        }
    }
}
