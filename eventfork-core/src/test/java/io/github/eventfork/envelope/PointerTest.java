package io.github.eventfork.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PointerTest {
    private static final String JSON = """
            {"s":"a\\nb","n":1.50,"t":true,"f":false,"nil":null,"o":{"x":{"y":"deep"}},"l":[10,["in"],{"k":"v"}],
             "":"empty","a/b":"slash","m~n":"tilde","7":"seven","twice":1,"twice":2}""";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/n | 1.50",
                "/t | true",
                "/f | false",
                "/o/x/y | deep",
                "/l/0 | 10",
                "/l/1/0 | in",
                "/l/2/k | v",
                "/ | empty",
                "/a~1b | slash",
                "/m~0n | tilde",
                "/7 | seven",
                "/twice | 2",
            })
    void a_pointer_finds_a_scalar_as_text(String pointer, String found) {
        assertThat(Pointer.compile(pointer).in(JSON)).contains(found);
    }

    @Test
    void a_string_is_found_as_its_value() {
        assertThat(Pointer.compile("/s").in(JSON)).contains("a\nb");
    }

    @Test
    void the_empty_pointer_is_the_whole_document() {
        assertThat(Pointer.compile("").in("\"whole\"")).contains("whole");
        assertThat(Pointer.compile("").in(JSON)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nil", "/o", "/l", "/none", "/o/x/y/z", "/s/0", "/l/01", "/l/-", "/l/9", "/l/k"})
    void null_containers_and_what_is_absent_are_not_found(String pointer) {
        assertThat(Pointer.compile(pointer).in(JSON)).isEmpty();
    }

    @Test
    void of_a_name_that_is_there_twice_the_last_counts_even_if_it_holds_nothing() {
        assertThat(Pointer.compile("/a/b").in("{\"a\":{\"b\":1},\"a\":{}}")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "{\"a\":1", "{\"a\":1}x", "{\"a\":1}{}", "{\"a\":1,}", "a", "{\"a\":tru}"})
    void what_is_not_one_json_text_holds_nothing(String text) {
        assertThat(Pointer.compile("/a").in(text)).isEmpty();
    }

    @Test
    void hostile_json_holds_nothing() {
        assertThat(Pointer.compile("/a").in("{\"a\":".repeat(10_000))).isEmpty();
        assertThat(Pointer.compile("/a".repeat(5_000)).in("{\"a\":".repeat(10_000)))
                .isEmpty();
        assertThat(Pointer.compile("/a").in("{\"a\":" + "9".repeat(100_000) + "}"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "#/a", "/a~", "/a~2", "/~~0", " /a"})
    void what_is_no_pointer_is_refused(String expression) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pointer.compile(expression))
                .withMessageContaining(expression);
    }

    @Test
    void a_pointer_tells_its_segments_and_is_equal_by_its_spelling() {
        assertThat(Pointer.compile("/a~1b/0/~01").segments()).containsExactly("a/b", "0", "~1");
        assertThat(Pointer.compile("/a")).isEqualTo(Pointer.compile("/a")).hasToString("/a");
        assertThat(Pointer.compile("/a")).isNotEqualTo(Pointer.compile("/b"));
    }
}
