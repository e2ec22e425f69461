package io.github.eventfork.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said when a payload does not fit: where, what was expected, what was found, and no value. */
class PayloadFailuresTest {
    private static final PayloadReader STANDARD = JacksonPayloads.standard();

    private enum Plan {
        FREE,
        PAID
    }

    private record User(
            String email,
            int age,
            Plan plan,
            Instant at,
            LocalDate birthday,
            Duration trial,
            UUID id,
            boolean active,
            double score,
            BigInteger big,
            byte[] photo,
            List<User> friends,
            Map<String, Integer> counts,
            Map<String, User> others,
            @JsonAlias("nick") String nickname,
            @JsonProperty(required = true) String name) {}

    private record Event(User user) {}

    private record Recursive(Recursive next, String end) {}

    /** A class that throws what Bean Validation by hand throws: the value in the message. */
    private record Checked(String email) {
        private Checked {
            if (!email.contains("@")) {
                throw new IllegalArgumentException("no address: " + email);
            }
        }
    }

    private record Wrapped(Checked checked) {}

    private record Fatal(String text) {
        private Fatal {
            throw new StackOverflowError();
        }
    }

    private static final class Open {
        private final Map<String, Integer> rest = new HashMap<>();

        @JsonAnySetter
        private void put(String name, Integer value) {
            rest.put(name, value);
        }
    }

    private static final class Bean {
        private int size;

        private Bean() {}

        @SuppressWarnings("unused")
        private void setSize(int size) {
            throw new UnsupportedOperationException("Marker " + size + this.size);
        }
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes(@JsonSubTypes.Type(value = Circle.class, name = "circle"))
    private interface Shape {}

    private record Circle(int radius) implements Shape {}

    private interface Abstract {}

    private static Arguments user(String json, String message) {
        return arguments("{\"user\":{\"name\":\"Marker\"," + json + "}}", Event.class, message);
    }

    private static Stream<Arguments> failures() {
        return Stream.of(
                user("\"email\":{\"Marker\":1}", "$.user.email must be a string but is an object"),
                user("\"email\":[\"Marker\"]", "$.user.email must be a string but is an array"),
                user("\"age\":\"Marker\"", "$.user.age must be a number but is a string"),
                user("\"age\":{}", "$.user.age must be a number but is an object"),
                user("\"age\":99999999999", "$.user.age must be a number that fits int but is out of range"),
                user("\"age\":1e99", "$.user.age must be a number that fits int but is out of range"),
                user("\"age\":\"99999999999\"", "$.user.age must be a number but is a string"),
                user("\"score\":\"Marker\"", "$.user.score must be a number but is a string"),
                user("\"active\":\"Marker\"", "$.user.active must be a boolean but is a string"),
                user("\"plan\":\"Marker\"", "$.user.plan must be one of the constants of Plan but is another string"),
                user(
                        "\"plan\":77",
                        "$.user.plan must be one of the constants of Plan but is a number that does not fit Plan"),
                user("\"plan\":{}", "$.user.plan must be one of the constants of Plan but is an object"),
                user("\"at\":\"Marker\"", "$.user.at must be a date-time (ISO 8601) but is another string"),
                user("\"at\":true", "$.user.at must be a date-time (ISO 8601) but is a boolean"),
                user("\"birthday\":\"2026-02-30\"", "$.user.birthday must be a date (ISO 8601) but is another string"),
                user("\"trial\":\"Marker\"", "$.user.trial must be a duration (ISO 8601) but is another string"),
                user("\"id\":\"Marker\"", "$.user.id must be a UUID but is another string"),
                user("\"photo\":\"*Marker*\"", "$.user.photo must be a base64 string but is another string"),
                user("\"friends\":{\"Marker\":1}", "$.user.friends must be an array but is an object"),
                user("\"friends\":[null,\"Marker\"]", "$.user.friends[1] must be an object but is a string"),
                user("\"friends\":[{\"age\":\"Marker\"}]", "$.user.friends[0].age must be a number but is a string"),
                user("\"counts\":{\"Marker@x\":\"Marker\"}", "$.user.counts.* must be a number but is a string"),
                user("\"others\":{\"email\":{\"age\":[]}}", "$.user.others.*.age must be a number but is an array"),
                user("\"nick\":{}", "$.user.nickname must be a string but is an object"),
                user("\"big\":1e999999999", "$.user.big has too long a number"),
                user("\"big\":" + "9".repeat(100_000), "$.user has too long a number"),
                arguments("{\"user\":\"Marker\"}", Event.class, "$.user must be an object but is a string"),
                arguments("{\"user\":{}}", Event.class, "$.user.name is missing"),
                arguments("[\"Marker\"]", Event.class, "$ must be an object but is an array"),
                arguments("\"Marker\"", Integer.class, "$ must be a number but is a string"),
                arguments("null", Event.class, "$ is null"),
                arguments(" null ", int.class, "$ is null"),
                arguments("", Event.class, "$ is empty: there is no JSON value"),
                arguments(" \n ", Event.class, "$ is empty: there is no JSON value"),
                arguments("Marker", Event.class, "$ is not JSON: unexpected character at line 1, column 1"),
                arguments("{\"a\":Marker}", Event.class, "$ is not JSON: unexpected character at line 1, column 6"),
                arguments(
                        "{\"user\":{\"age\":1Marker}}",
                        Event.class,
                        "$ is not JSON: unexpected character at line 1, column 17"),
                arguments("<Marker/>", Event.class, "$ is not JSON: unexpected character at line 1, column 1"),
                arguments(
                        "\uFEFF{\"Marker\":1}", Event.class, "$ is not JSON: unexpected character at line 1, column 1"),
                arguments("{\"user\":{\"email\":\"Marker", Event.class, "$ is not JSON: cut off at line 1, column 25"),
                arguments("{\"user\":{", Event.class, "$ is not JSON: cut off at line 1, column 10"),
                arguments("{} Marker", Event.class, "$ is followed by more text; one JSON value is expected"),
                arguments("{}{\"Marker\":1}", Event.class, "$ is followed by more text; one JSON value is expected"),
                arguments("{\"a\":".repeat(10_000), Event.class, "$ is nested too deep"),
                arguments(
                        "{\"next\":".repeat(10_000),
                        Recursive.class,
                        "$" + ".next".repeat(30) + "... is nested too deep"),
                arguments("{\"" + "Marker".repeat(20_000) + "\":1}", Event.class, "$ has too long a name"),
                arguments(
                        "{\"checked\":{\"email\":\"Marker\"}}",
                        Wrapped.class,
                        "$.checked cannot be read as Checked: java.lang.IllegalArgumentException was thrown"),
                arguments(
                        "{\"size\":7}",
                        Bean.class,
                        "$.size cannot be read as Bean: java.lang.UnsupportedOperationException was thrown"),
                arguments("{\"Marker\":\"Marker\"}", Open.class, "$.* must be a number but is a string"),
                arguments("{\"kind\":\"Marker\"}", Shape.class, "$ names no subtype of Shape"),
                arguments("{\"Marker\":1}", Shape.class, "$ names no subtype of Shape"),
                arguments(
                        "{\"kind\":\"circle\",\"radius\":\"Marker\"}",
                        Shape.class,
                        "$.radius must be a number but is a string"),
                arguments(
                        "{\"Marker\":1}",
                        Abstract.class,
                        "$ cannot be read: Abstract, as it is declared, is no type that Jackson reads, or one that asks"
                                + " for class names"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void a_failure_names_place_and_kinds_and_no_value(String json, Class<?> type, String message) {
        // when
        PayloadException failure = catchThrowableOfType(PayloadException.class, () -> STANDARD.read(json, type));

        // then
        assertThat(failure).hasMessageStartingWith(message);
        assertThat(failure.getMessage()).startsWith(failure.path() + " ").doesNotContain("Marker");
        assertThat(printed(failure)).doesNotContain("Marker").doesNotContain("Caused by");
    }

    private static String printed(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Test
    void what_jackson_said_is_kept_apart() {
        // when
        PayloadException failure = catchThrowableOfType(
                PayloadException.class, () -> STANDARD.read("{\"user\":{\"age\":\"Marker\"}}", Event.class));

        // then
        assertThat(failure.path()).isEqualTo("$.user.age");
        assertThat(failure.detail())
                .hasValueSatisfying(detail -> assertThat(detail).hasMessageContaining("Marker"));
    }

    @Test
    void a_long_path_is_cut() {
        // given
        String json = "{\"next\":".repeat(100) + "{\"end\":[]}" + "}".repeat(100);

        // then
        assertThatThrownBy(() -> STANDARD.read(json, Recursive.class))
                .hasMessage("$" + ".next".repeat(30) + "... must be a string but is an array");
    }

    @Test
    void an_error_of_the_users_class_passes() {
        assertThatThrownBy(() -> STANDARD.read("{\"text\":\"x\"}", Fatal.class)).isInstanceOf(StackOverflowError.class);
    }

    @Test
    void a_mapper_that_wraps_nothing_still_fails_as_a_payload_exception() {
        // given
        ObjectMapper mapper = new ObjectMapper().disable(DeserializationFeature.WRAP_EXCEPTIONS);

        // then
        assertThatThrownBy(() -> JacksonPayloads.with(mapper).read("{\"email\":\"Marker\"}", Checked.class))
                .isInstanceOf(PayloadException.class)
                .hasMessage("$ cannot be read as Checked: java.lang.IllegalArgumentException was thrown");
    }
}
