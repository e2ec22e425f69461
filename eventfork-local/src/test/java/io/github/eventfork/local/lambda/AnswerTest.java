package io.github.eventfork.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.local.lambda.Invocation.Result;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How Lambda reads a partial batch response. */
class AnswerTest {

    private static final List<String> BATCH = List.of("m-1", "m-2", "m-3");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "\"\"",
                "{}",
                "{\"batchItemFailures\":[]}",
                "{\"batchItemFailures\":null}",
                "{\"BatchItemFailures\":[{\"itemIdentifier\":\"m-1\"}]}",
                "{\"batchItemFailure\":[{\"itemIdentifier\":\"m-1\"}]}",
                " {\"batchItemFailures\" : [ ] } \n"
            })
    void these_are_success(String response) {
        assertThat(read(response)).isEqualTo(new Answer(Result.SUCCEEDED, List.of(), ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"batchItemFailures\":[{\"itemIdentifier\":\"m-1\"} | The response is not JSON.",
                "{\"batchItemFailures\":[]} and more | The response is not JSON.",
                "batchItemFailures: [] | The response is not JSON.",
                "` ` | The response is not a JSON object.",
                "\"done\" | The response is not a JSON object.",
                "[\"m-1\"] | The response is not a JSON object.",
                "true | The response is not a JSON object.",
                "{\"batchItemFailures\":\"m-1\"} | batchItemFailures is not a list.",
                "{\"batchItemFailures\":{\"itemIdentifier\":\"m-1\"}} | batchItemFailures is not a list.",
                "{\"batchItemFailures\":[{\"itemIdentifier\":\"\"}]} | batchItemFailures[0]: itemIdentifier is empty.",
                "{\"batchItemFailures\":[{\"itemIdentifier\":null}]} | batchItemFailures[0]: itemIdentifier is null.",
                "{\"batchItemFailures\":[{\"itemIdentifier\":1}]} | batchItemFailures[0]: itemIdentifier is not a string.",
                "{\"batchItemFailures\":[{\"ItemIdentifier\":\"m-1\"}]} | batchItemFailures[0]: there is no itemIdentifier.",
                "{\"batchItemFailures\":[{}]} | batchItemFailures[0]: there is no itemIdentifier.",
                "{\"batchItemFailures\":[null]} | batchItemFailures[0]: there is no itemIdentifier.",
                "{\"batchItemFailures\":[\"m-1\"]} | batchItemFailures[0]: there is no itemIdentifier.",
                "{\"batchItemFailures\":[{\"itemIdentifier\":\"m-1\"},{\"itemIdentifier\":\"m-4\"}]} | batchItemFailures[1]: itemIdentifier is no message id of the batch."
            })
    void these_fail_the_whole_batch(String response, String reason) {
        assertThat(read(response)).isEqualTo(new Answer(Result.INVALID_RESPONSE, BATCH, reason));
    }

    @Test
    void those_listed_come_back_once_each_in_the_order_of_the_batch() {
        String response = "{\"batchItemFailures\":[{\"itemIdentifier\":\"m-3\",\"why\":1},{\"itemIdentifier\":\"m-1\"},"
                + "{\"itemIdentifier\":\"m-3\"}],\"more\":{}}";

        assertThat(read(response).result()).isEqualTo(Result.ITEMS_FAILED);
        assertThat(read(response).givenBack()).containsExactly("m-1", "m-3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no JSON", "{\"batchItemFailures\":[{\"itemIdentifier\":\"m-1\"}]}", "{"})
    void without_the_feature_whatever_is_returned_is_success(String response) {
        assertThat(Answer.of(bytes(response), BATCH, false)).isEqualTo(new Answer(Result.SUCCEEDED, List.of(), ""));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_response_of_more_than_6_mb_fails_the_function(boolean reports) {
        String head = "{\"batchItemFailures\":[]";
        String largest = head + " ".repeat(Answer.MOST_BYTES - head.length() - 1) + "}";

        assertThat(Answer.of(bytes(largest), BATCH, reports).result()).isEqualTo(Result.SUCCEEDED);
        assertThat(Answer.of(bytes(largest + " "), BATCH, reports))
                .isEqualTo(new Answer(
                        Result.FUNCTION_FAILED,
                        BATCH,
                        "Response payload size exceeded maximum allowed payload size (6291556 bytes)."));
    }

    @Test
    void no_value_of_the_response_is_in_a_reason() {
        assertThat(read("{\"batchItemFailures\":[{\"itemIdentifier\":\"ada@example.org\"}]}")
                        .reason())
                .doesNotContain("ada");
        assertThat(read("{\"batchItemFailures\":[ada").reason()).doesNotContain("ada");
    }

    private static Answer read(String response) {
        return Answer.of(bytes(response), BATCH, true);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
