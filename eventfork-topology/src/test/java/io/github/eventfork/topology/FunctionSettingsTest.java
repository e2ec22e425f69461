package io.github.eventfork.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FunctionSettingsTest {

    private final FunctionSettings settings = FunctionSettings.of("com.example.Chat", "target/chat.jar");

    @Test
    void all_but_handler_and_code_has_a_default() {
        assertThat(settings.handler()).isEqualTo("com.example.Chat");
        assertThat(settings.code()).isEqualTo("target/chat.jar");
        assertThat(settings.runtime()).isEqualTo(JavaRuntime.JAVA_21);
        assertThat(settings.memory()).isEqualTo(512);
        assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.batchSize()).isEqualTo(10);
        assertThat(settings.batchingWindow()).isEqualTo(Duration.ZERO);
        assertThat(settings.maximumConcurrency()).isEmpty();
        assertThat(settings.settler()).isFalse();
        assertThat(settings.environment()).isEmpty();
        assertThat(settings.policies()).isEmpty();
    }

    @Test
    void a_change_leaves_all_else_as_it_was() {
        // given all at once, in an order in which each could undo the one before
        FunctionSettings changed = settings.withRuntime(JavaRuntime.JAVA_25)
                .withMemory(128)
                .withTimeout(Duration.ofMinutes(15))
                .withBatchSize(10_000)
                .withBatchingWindow(Duration.ofMinutes(5))
                .withMaximumConcurrency(1000)
                .withSettler()
                .withEnvironment("B_1", "x")
                .withEnvironment("A_1", "")
                .withPolicy("arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess")
                .withPolicy("arn:aws-cn:iam::123456789012:policy/a/b");

        // then
        assertThat(changed.handler()).isEqualTo("com.example.Chat");
        assertThat(changed.code()).isEqualTo("target/chat.jar");
        assertThat(changed.runtime()).isEqualTo(JavaRuntime.JAVA_25);
        assertThat(changed.memory()).isEqualTo(128);
        assertThat(changed.timeout()).isEqualTo(Duration.ofMinutes(15));
        assertThat(changed.batchSize()).isEqualTo(10_000);
        assertThat(changed.batchingWindow()).isEqualTo(Duration.ofMinutes(5));
        assertThat(changed.maximumConcurrency()).isEqualTo(OptionalInt.of(1000));
        assertThat(changed.settler()).isTrue();
        assertThat(changed.environment()).containsExactly(Map.entry("B_1", "x"), Map.entry("A_1", ""));
        assertThat(changed.policies())
                .isEqualTo(List.of(
                        "arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess",
                        "arn:aws-cn:iam::123456789012:policy/a/b"));
        assertThat(settings.environment()).isEmpty();
    }

    @Test
    void a_variable_that_is_given_later_has_no_value_now() {
        // given
        FunctionSettings later = settings.withEnvironment("A1", "x").withEnvironment("B1", "y");

        // when one of them is left to who deploys
        FunctionSettings changed = later.withEnvironment("A1", TemplateParameter.named("A"));

        // then
        assertThat(changed.environment()).containsExactly(Map.entry("B1", "y"));
    }

    static Stream<Arguments> illegal() {
        return Stream.of(
                illegal(it -> it.withMemory(127), "memory must be 128 to 10240 MB, was '127'"),
                illegal(it -> it.withMemory(10_241), "memory must be 128 to 10240 MB, was '10241'"),
                illegal(
                        it -> it.withTimeout(Duration.ZERO),
                        "timeout must be whole seconds from PT1S to PT15M, was 'PT0S'"),
                illegal(
                        it -> it.withTimeout(Duration.ofSeconds(901)),
                        "timeout must be whole seconds from PT1S to PT15M, was 'PT15M1S'"),
                illegal(
                        it -> it.withTimeout(Duration.ofMillis(1500)),
                        "timeout must be whole seconds from PT1S to PT15M, was 'PT1.5S'"),
                illegal(it -> it.withBatchSize(0), "batch size must be 1 to 10000, was '0'"),
                illegal(it -> it.withBatchSize(10_001), "batch size must be 1 to 10000, was '10001'"),
                illegal(
                        it -> it.withBatchingWindow(Duration.ofSeconds(301)),
                        "batching window must be whole seconds from PT0S to PT5M, was 'PT5M1S'"),
                illegal(it -> it.withMaximumConcurrency(1), "maximum concurrency must be 2 to 1000, was '1'"),
                illegal(it -> it.withMaximumConcurrency(1001), "maximum concurrency must be 2 to 1000, was '1001'"),
                illegal(
                        it -> it.withEnvironment("1A", "x"),
                        "a variable is a letter, then letters, digits and '_', was '1A'"),
                illegal(
                        it -> it.withEnvironment("AWS_REGION", "x"),
                        "a variable must not be one that Lambda sets itself, was 'AWS_REGION'"),
                illegal(
                        it -> IntStream.rangeClosed(1, 10)
                                .boxed()
                                .reduce(
                                        it,
                                        (all, i) -> all.withPolicy("arn:aws:iam::aws:policy/P" + i),
                                        (one, other) -> other),
                        "a role takes 9 managed policies more; join some in one, was '10'"),
                illegal(
                        it -> it.withEnvironment("1A", TemplateParameter.named("A")),
                        "a variable is a letter, then letters, digits and '_', was '1A'"),
                illegal(
                        it -> it.withSecret("A-B", TemplateParameter.named("A")),
                        "a variable is a letter, then letters, digits and '_', was 'A-B'"),
                illegal(
                        it -> it.withEnvironment("AB", TemplateParameter.named("A-B")),
                        "a parameter's name is 1 to 255 letters and digits, was 'A-B'"),
                illegal(
                        it -> it.withEnvironment(
                                "AB", TemplateParameter.named("A").withDescription(" ")),
                        "a description has 1 to 4000 letters"),
                illegal(it -> it.withPolicy("ReadOnly"), "a managed policy is given by its ARN, was 'ReadOnly'"),
                illegal(
                        it -> FunctionSettings.of("a b", "code"),
                        "a handler is 1 to 128 letters without a space, was 'a b'"),
                illegal(it -> FunctionSettings.of("a.B", " "), "code must be a place, was ' '"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("illegal")
    void what_lambda_would_refuse_is_refused_at_once(UnaryOperator<FunctionSettings> change, String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> change.apply(settings))
                .withMessage(text);
    }

    @Test
    void a_batch_fits_its_queue() {
        // given
        BatchSettings ten = settings.batches();
        BatchSettings more = settings.withBatchSize(11)
                .withBatchingWindow(Duration.ofSeconds(1))
                .batches();

        // then
        assertThatCode(() -> ten.checkFor(true)).doesNotThrowAnyException();
        assertThatCode(() -> more.checkFor(false)).doesNotThrowAnyException();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> more.checkFor(true))
                .withMessage("a FIFO queue has batches of at most 10 and no batching window, were 11 and PT1S");
    }

    private static Arguments illegal(UnaryOperator<FunctionSettings> change, String text) {
        return arguments(change, text);
    }
}
