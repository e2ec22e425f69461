package io.github.eventfork.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JacksonPayloadsTest {
    private static final PayloadReader STANDARD = JacksonPayloads.standard();
    private static final AtomicInteger LOADED = new AtomicInteger();

    private record Signup(String email, Instant at, LocalDate birthday, List<Integer> scores) {}

    private record Renamed(String eMail) {}

    private record Square(int side) {}

    private record Anything(Object any) {}

    private record Typed(Class<?> type) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
    private interface ByClassName {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes(@JsonSubTypes.Type(value = Circle.class, name = "circle"))
    private interface Shape {}

    private record Circle(int radius) implements Shape {}

    /** A class whose loading is noticed, named in payloads below. */
    static final class Gadget implements ByClassName {
        static {
            LOADED.incrementAndGet();
        }
    }

    private static final String GADGET = "io.github.eventfork.payload.JacksonPayloadsTest$Gadget";

    @Test
    void a_record_is_read_with_its_dates_and_unknown_properties_are_ignored() throws Exception {
        // given
        String text = """
                {"email":"ada@example.org","at":"2026-01-31T12:00:00Z","birthday":"1815-12-10","scores":[1,2],"more":{}}""";

        // then
        assertThat(STANDARD.read(text, Signup.class))
                .isEqualTo(new Signup(
                        "ada@example.org",
                        Instant.parse("2026-01-31T12:00:00Z"),
                        LocalDate.parse("1815-12-10"),
                        List.of(1, 2)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "null", "{\"a\" : 1.50}", "no JSON"})
    void a_string_is_the_text_and_bytes_are_its_utf_8(String text) throws Exception {
        assertThat(STANDARD.read(text, String.class)).isEqualTo(text);
        assertThat(STANDARD.read(text, byte[].class)).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_tree_is_read_and_may_be_null_in_json() throws Exception {
        assertThat(STANDARD.read("{\"a\":[1]}", JsonNode.class).at("/a/0").intValue())
                .isEqualTo(1);
        assertThat(STANDARD.read("null", JsonNode.class).isNull()).isTrue();
    }

    @Test
    void bytes_stay_bytes_or_are_read_as_utf_8() throws Exception {
        // given
        byte[] bytes = "{\"side\":1}".getBytes(StandardCharsets.UTF_8);

        // then
        assertThat(STANDARD.read(bytes, byte[].class)).isEqualTo(bytes).isNotSameAs(bytes);
        assertThat(STANDARD.read(bytes, String.class)).isEqualTo("{\"side\":1}");
        assertThat(STANDARD.read(bytes, Square.class)).isEqualTo(new Square(1));
    }

    @Test
    void bytes_that_are_not_utf_8_are_no_text() {
        assertThatThrownBy(() -> STANDARD.read(new byte[] {(byte) 0xff}, String.class))
                .isInstanceOf(PayloadException.class)
                .hasMessage("$ is not UTF-8 text");
    }

    @Test
    void a_primitive_is_read() throws Exception {
        assertThat(STANDARD.read("7", int.class)).isEqualTo(7);
    }

    @Test
    void the_users_mapper_keeps_its_settings() throws Exception {
        // given
        ObjectMapper mapper = new ObjectMapper()
                .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        PayloadReader payloads = JacksonPayloads.with(mapper);

        // then
        assertThat(payloads.read("{\"e_mail\":\"x\"} behind", Renamed.class)).isEqualTo(new Renamed("x"));
        assertThatThrownBy(() -> payloads.read("{\"more\":1}", Renamed.class))
                .hasMessage("$.* is not a property of Renamed");
    }

    @Test
    void the_users_mapper_is_not_changed_and_may_be_changed_later() throws Exception {
        // given
        ObjectMapper mapper = new ObjectMapper();
        PayloadReader payloads = JacksonPayloads.with(mapper);

        // when
        mapper.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

        // then
        assertThatThrownBy(() -> payloads.read("{\"more\":1}", Square.class)).isInstanceOf(PayloadException.class);
        assertThat(mapper.readValue("\"java.lang.String\"", Class.class)).isEqualTo(String.class);
    }

    @Test
    void a_mapper_that_cannot_be_copied_is_refused() {
        // given
        ObjectMapper mapper = new ObjectMapper() {
            private static final long serialVersionUID = 1L;
        };

        // then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JacksonPayloads.with(mapper))
                .withMessageContaining("must override copy()");
    }

    @Test
    void default_typing_of_the_users_mapper_is_turned_off() throws Exception {
        // given a mapper that would load any class that a message names
        ObjectMapper mapper = new ObjectMapper();
        mapper.activateDefaultTyping(
                BasicPolymorphicTypeValidator.builder()
                        .allowIfSubType(Object.class)
                        .build(),
                ObjectMapper.DefaultTyping.NON_FINAL);

        // when
        Anything read = JacksonPayloads.with(mapper).read("{\"any\":[\"" + GADGET + "\",{}]}", Anything.class);

        // then
        assertThat(read.any()).asInstanceOf(InstanceOfAssertFactories.LIST).hasSize(2);
        assertThat(LOADED).hasValue(0);
    }

    @Test
    void no_class_named_by_a_message_is_loaded() {
        // given
        List<PayloadReader> readers = List.of(STANDARD, JacksonPayloads.with(new ObjectMapper()));

        // then
        assertThat(readers).allSatisfy(reader -> {
            assertThatThrownBy(() -> reader.read("{\"@class\":\"" + GADGET + "\"}", ByClassName.class))
                    .isInstanceOf(PayloadException.class)
                    .hasMessageStartingWith("$ cannot be read: ByClassName, as it is declared,");
            assertThatThrownBy(() -> reader.read("{\"type\":\"" + GADGET + "\"}", Typed.class))
                    .isInstanceOf(PayloadException.class)
                    .hasMessageStartingWith("$.type cannot be read: Class, as it is declared,");
        });
        assertThat(LOADED).hasValue(0);
    }

    @Test
    void named_subtypes_are_read() throws Exception {
        assertThat(STANDARD.read("{\"kind\":\"circle\",\"radius\":2}", Shape.class))
                .isEqualTo(new Circle(2));
    }

    @Test
    void what_a_deserializer_throws_is_told_by_its_name_only() {
        // given
        ObjectMapper mapper =
                new ObjectMapper().registerModule(new SimpleModule().addDeserializer(Square.class, throwing()));

        // when
        PayloadException failure = catchThrowableOfType(
                PayloadException.class, () -> JacksonPayloads.with(mapper).read("{}", Square.class));

        // then
        assertThat(failure)
                .hasMessage("$ cannot be read as Square: java.lang.IllegalStateException was thrown")
                .hasNoCause();
        assertThat(failure.detail()).containsInstanceOf(IllegalStateException.class);
    }

    private static StdDeserializer<Square> throwing() {
        return new StdDeserializer<>(Square.class) {
            private static final long serialVersionUID = 1L;

            @Override
            public Square deserialize(JsonParser parser, DeserializationContext context) {
                throw new IllegalStateException("Marker");
            }
        };
    }

    private record Keyed(Map<Class<?>, Integer> byClass) {}

    private record Typist(Map<JavaType, Integer> byType) {}

    private record Priced(BigDecimal price, Number number) {}

    private record Hosted(InetAddress address, InetSocketAddress service) {}

    static Stream<PayloadReader> readers() {
        return Stream.of(STANDARD, JacksonPayloads.with(new ObjectMapper()));
    }

    @ParameterizedTest
    @MethodSource("readers")
    void no_class_is_loaded_by_the_key_of_a_map(PayloadReader payloads) {
        int before = LOADED.get();

        assertThatThrownBy(() -> payloads.read("{\"byClass\":{\"" + GADGET + "\":1}}", Keyed.class))
                .isInstanceOf(PayloadException.class);
        assertThatThrownBy(() -> payloads.read("{\"byType\":{\"" + GADGET + "\":1}}", Typist.class))
                .isInstanceOf(PayloadException.class);

        assertThat(LOADED).hasValue(before);
    }

    @ParameterizedTest
    @CsvSource({"1e1000000000", "1e-1000000000", "1.5e1002", "1e-1001", "'\"1e2000000\"'", "'\"1e-2000000\"'"})
    void a_number_on_which_arithmetic_hangs_is_refused(String number) {
        assertThatThrownBy(() -> STANDARD.read("{\"price\":" + number + "}", Priced.class))
                .isInstanceOf(PayloadException.class)
                .hasMessage("$.price has too long a number");
    }

    @ParameterizedTest
    @CsvSource({"1e1000", "1e-1000", "1.50", "123456789012345678901234567890", "'\"7.25\"'", "null"})
    void a_number_of_use_is_read(String number) throws Exception {
        Priced read = STANDARD.read("{\"price\":" + number + "}", Priced.class);

        assertThat(read.price()).isEqualTo(number.equals("null") ? null : new BigDecimal(number.replace("\"", "")));
    }

    @Test
    void a_mapper_that_reads_any_number_as_a_decimal_is_bounded_too() {
        PayloadReader decimal = JacksonPayloads.with(JsonMapper.builder()
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .build());

        assertThatThrownBy(() -> decimal.read("{\"number\":1e2000000}", Priced.class))
                .isInstanceOf(PayloadException.class)
                .hasMessage("$.number has too long a number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "localhost", "999.1.1.1", "1.2.3.4.evil.example", "1.2.3.400", "::zz", ""})
    void no_name_of_a_host_is_looked_up(String address) throws Exception {
        String json = "{\"address\":\"" + address + "\"}";
        if (address.isEmpty()) {
            assertThat(STANDARD.read(json, Hosted.class).address()).isNull();
        } else {
            assertThatThrownBy(() -> STANDARD.read(json, Hosted.class)).isInstanceOf(PayloadException.class);
        }
    }

    @Test
    void an_address_in_numbers_is_read_and_one_with_a_port_is_left_unresolved() throws Exception {
        assertThat(STANDARD.read("{\"address\":\"10.1.2.3\"}", Hosted.class)
                        .address()
                        .getHostAddress())
                .isEqualTo("10.1.2.3");
        assertThat(STANDARD.read("{\"address\":\"::1\"}", Hosted.class)
                        .address()
                        .isLoopbackAddress())
                .isTrue();
        assertThat(STANDARD.read("{\"service\":\"evil.example:443\"}", Hosted.class)
                        .service())
                .isEqualTo(InetSocketAddress.createUnresolved("evil.example", 443));
        assertThat(STANDARD.read("{\"service\":\"[::1]:80\"}", Hosted.class).service())
                .isEqualTo(InetSocketAddress.createUnresolved("::1", 80));
        assertThatThrownBy(() -> STANDARD.read("{\"service\":\"x:99999\"}", Hosted.class))
                .isInstanceOf(PayloadException.class);
    }

    @ParameterizedTest
    @MethodSource("readers")
    void the_names_of_unknown_fields_are_not_kept(PayloadReader payloads) throws Exception {
        // given a reader that ignores them
        PayloadReader lenient = payloads == STANDARD
                ? payloads
                : JacksonPayloads.with(JsonMapper.builder()
                        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                        .build());
        lenient.read(fields(0), Square.class);
        long before = heap();

        // when a thousand messages of a megabyte have had long names that no other has
        for (int i = 1; i <= 1_000; i++) {
            lenient.read(fields(i), Square.class);
        }

        // then
        assertThat(heap() - before).isLessThan(10L * 1024 * 1024);
    }

    private static String fields(int message) {
        StringBuilder json = new StringBuilder(1 << 20).append("{\"side\":1");
        String name = "n".repeat(40_000) + message + "-";
        for (int i = 0; json.length() < 1_000_000; i++) {
            json.append(",\"").append(name).append(i).append("\":0");
        }
        return json.append('}').toString();
    }

    /** What is in use when all that is garbage is gone. */
    private static long heap() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            runtime.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
