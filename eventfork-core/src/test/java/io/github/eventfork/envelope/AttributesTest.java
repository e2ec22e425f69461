package io.github.eventfork.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttributesTest {
    private static Attributes put(String dataType, String text) {
        return Attributes.builder().put("a", dataType, text).build();
    }

    @Test
    void a_number_keeps_its_text() {
        // given
        Attributes attributes = Attributes.builder().number("a", "1.50").build();

        // then
        assertThat(attributes.text("a")).contains("1.50");
        assertThat(attributes.number("a")).contains(new BigDecimal("1.50"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1e999999999", "1e-999999999", "1e99999999999", "NaN", "0x10", "1,5", "1 "})
    void what_is_no_sane_number_has_a_text_only(String text) {
        assertThat(put("Number", text).number("a")).isEmpty();
        assertThat(put("Number", text).text("a")).contains(text);
    }

    @Test
    void a_number_of_100_000_digits_has_a_text_only() {
        assertThat(put("Number", "9".repeat(100_000)).number("a")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "String, Text", "String.email, Text", "Number, Numeric", "Number.int, Numeric",
                "Number.java.lang.Runtime, Numeric",
        "String.Array, TextArray", "String.Array.x, Text", "String.array, Text", "java.lang.Runtime, Text",
                "number, Text",
    })
    void the_base_type_decides_and_the_label_is_kept(String dataType, String kind) {
        // when
        Attributes.Value value = put(dataType, "1").value("a").orElseThrow();

        // then
        assertThat(value.getClass().getSimpleName()).isEqualTo(kind);
        assertThat(value.dataType()).isEqualTo(dataType);
    }

    @Test
    void a_name_or_a_data_type_that_would_break_a_line_is_shown_escaped() {
        // given what SQS refuses, and a body that passes for a notification may hold
        Attributes attributes = Attributes.builder()
                .put("a\r\nb\u202e", "String.\u001b[2J", "x")
                .put("\uDB40\uDC01", "Number.\u0007", "1")
                .put("b", "Binary.\n", "AA==")
                .stringArray("c", "[]")
                .build();

        // then
        assertThat(attributes)
                .hasToString("{a\\u000d\\u000ab\\u202e: String.\\u001b[2J, \\udb40\\udc01: Number.\\u0007,"
                        + " b: Binary.\\u000a, c: String.Array}");
        assertThat(attributes.value("b").orElseThrow()).hasToString("Binary.\\u000a");
        assertThat(attributes.names()).contains("a\r\nb\u202e");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Attributes.builder().put("a\nb", "Binary", "?"))
                .withMessageContaining("'a\\u000ab'");
    }

    @Test
    void a_long_name_is_shown_cut() {
        assertThat(Attributes.builder().string("n".repeat(100_000), "x").build())
                .hasToString("{" + "n".repeat(256) + "...: String}");
    }

    @Test
    void only_a_number_is_one() {
        assertThat(put("String", "1").number("a")).isEmpty();
    }

    @Test
    void the_text_of_a_binary_is_base64_and_its_bytes_are_copies() {
        // given
        Attributes attributes = put("Binary.gif", "AgME");

        // when
        attributes.binary("a").orElseThrow()[0] = 9;

        // then
        assertThat(attributes.binary("a"))
                .hasValueSatisfying(bytes -> assertThat(bytes).containsExactly(2, 3, 4));
        assertThat(attributes.text("a")).isEmpty();
    }

    @Test
    void a_binary_without_base64_is_refused_without_quoting_it() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> put("Binary", "Marker!"))
                .withMessage("attribute 'a' is a Binary but its text is not base64")
                .withNoCause();
    }

    @Test
    void bytes_of_a_text_type_are_its_utf_8() {
        // given
        byte[] bytes = "é".getBytes(StandardCharsets.UTF_8);

        // then
        assertThat(Attributes.builder().put("a", "String", bytes).build()).isEqualTo(put("String", "é"));
        assertThat(Attributes.builder().put("a", "Binary", bytes).build().binary("a"))
                .contains(bytes);
    }

    @Test
    void an_array_gives_its_scalars_as_text() {
        // given
        String json = "[\"a\", 1.50, true, false, null, \"\\u00e9\"]";
        Attributes attributes = Attributes.builder().stringArray("a", json).build();

        // then
        assertThat(attributes.strings("a")).contains(List.of("a", "1.50", "true", "false", "é"));
        assertThat(attributes.text("a")).contains(json);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "\"a\"", "{}", "[", "[1", "[[1]]", "[{}]", "[1]]", "[1] x"})
    void what_is_no_array_of_scalars_has_no_strings(String json) {
        assertThat(put("String.Array", json).strings("a")).isEmpty();
    }

    @Test
    void names_come_in_their_order_and_cannot_be_changed() {
        // given
        Attributes attributes = Attributes.builder()
                .string("z", "1")
                .string("a", "2")
                .string("z", "3")
                .build();

        // then
        assertThat(attributes.names()).containsExactly("z", "a");
        assertThat(attributes.text("z")).contains("3");
        assertThatThrownBy(() -> attributes.names().remove("z")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void a_builder_shares_nothing_with_what_it_built() {
        // given
        Attributes.Builder builder = Attributes.builder().string("a", "1");
        Attributes built = builder.build();

        // when
        builder.string("b", "2");

        // then
        assertThat(built.names()).containsExactly("a");
    }

    @Test
    void attributes_are_equal_by_value() {
        // given
        Attributes one = Attributes.builder()
                .binary("a", new byte[] {1})
                .number("n", "1")
                .build();
        Attributes same = Attributes.builder()
                .binary("a", new byte[] {1})
                .number("n", "1")
                .build();
        Attributes other = Attributes.builder()
                .binary("a", new byte[] {2})
                .number("n", "1")
                .build();

        // then
        assertThat(one).isEqualTo(same).hasSameHashCodeAs(same).isNotEqualTo(other);
        assertThat(Attributes.builder().build()).isEqualTo(Attributes.none());
        assertThat(Attributes.none().isEmpty()).isTrue();
    }

    @Test
    void no_value_is_shown() {
        // given
        Attributes attributes = Attributes.builder()
                .string("s", "Marker")
                .put("n", "Number.Int", "Marker")
                .stringArray("l", "Marker")
                .binary("b", "Marker".getBytes(StandardCharsets.UTF_8))
                .build();

        // then
        assertThat(attributes).hasToString("{s: String, n: Number.Int, l: String.Array, b: Binary}");
        assertThat(attributes.names())
                .allSatisfy(
                        name -> assertThat(attributes.value(name).orElseThrow().toString())
                                .doesNotContain("Marker"));
    }
}
