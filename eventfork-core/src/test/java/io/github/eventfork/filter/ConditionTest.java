package io.github.eventfork.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionTest {

    static List<Arguments> conditions() {
        return List.of(
                Arguments.of(Condition.oneOf("a", "b"), "[\"a\",\"b\"]"),
                Arguments.of(Condition.oneOf(1, 2.50, new BigDecimal("1E+2")), "[1,2.5,100]"),
                Arguments.of(Condition.equalsIgnoreCase("Ada"), "[{\"equals-ignore-case\":\"Ada\"}]"),
                Arguments.of(Condition.isTrue().or(Condition.isNull()), "[true,null]"),
                Arguments.of(Condition.isFalse(), "[false]"),
                Arguments.of(Condition.prefix("a"), "[{\"prefix\":\"a\"}]"),
                Arguments.of(Condition.suffix("a"), "[{\"suffix\":\"a\"}]"),
                Arguments.of(Condition.anythingBut("a", "b"), "[{\"anything-but\":[\"a\",\"b\"]}]"),
                Arguments.of(Condition.anythingBut(1, 2), "[{\"anything-but\":[1,2]}]"),
                Arguments.of(Condition.anythingButPrefix("a"), "[{\"anything-but\":{\"prefix\":\"a\"}}]"),
                Arguments.of(Condition.exists(), "[{\"exists\":true}]"),
                Arguments.of(Condition.absent(), "[{\"exists\":false}]"),
                Arguments.of(Condition.atLeast(1), "[{\"numeric\":[\">=\",1]}]"),
                Arguments.of(Condition.atMost(1), "[{\"numeric\":[\"<=\",1]}]"),
                Arguments.of(Condition.greaterThan(1), "[{\"numeric\":[\">\",1]}]"),
                Arguments.of(Condition.lessThan(1), "[{\"numeric\":[\"<\",1]}]"),
                Arguments.of(Condition.between(1, 2), "[{\"numeric\":[\">=\",1,\"<=\",2]}]"),
                Arguments.of(Condition.between(1, 1.0), "[{\"numeric\":[\"=\",1]}]"),
                Arguments.of(Condition.atLeast(1).and(Condition.lessThan(2)), "[{\"numeric\":[\">=\",1,\"<\",2]}]"),
                Arguments.of(Condition.atMost(2).and(Condition.greaterThan(1)), "[{\"numeric\":[\">\",1,\"<=\",2]}]"),
                Arguments.of(Condition.cidr("10.0.0.0/31"), "[{\"cidr\":\"10.0.0.0/31\"}]"),
                Arguments.of(Condition.cidr("2001:db8::/127"), "[{\"cidr\":\"2001:db8::/127\"}]"));
    }

    @ParameterizedTest
    @MethodSource("conditions")
    void a_condition_is_written_as_sns_reads_it(Condition condition, String json) {
        assertThat(condition).hasToString(json);
    }

    static Stream<ThrowingCallable> beyondNumbers() {
        return Stream.of(
                () -> Condition.oneOf(1_000_000_001),
                () -> Condition.oneOf(0, -1_000_000_000.5),
                () -> Condition.anythingBut(1.000001),
                () -> Condition.atLeast(1e10),
                () -> Condition.between(0, 1e-6),
                () -> Condition.lessThan(Double.NaN),
                () -> Condition.greaterThan(Double.NEGATIVE_INFINITY));
    }

    @ParameterizedTest
    @MethodSource("beyondNumbers")
    void a_number_that_sns_does_not_compare_is_refused(ThrowingCallable beyond) {
        assertThatIllegalArgumentException().isThrownBy(beyond).withMessageStartingWith("SNS compares ");
    }

    @Test
    void numbers_at_the_limits_are_taken() {
        assertThat(Condition.between(-1_000_000_000, 1e9))
                .hasToString("[{\"numeric\":[\">=\",-1000000000,\"<=\",1000000000]}]");
        assertThat(Condition.oneOf(0.00001)).hasToString("[0.00001]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0",
                "10.0.0.0/32",
                "10.0.0.0/-1",
                "10.0.0.0/8/8",
                "10.0.0/8",
                "10.0.0.256/8",
                "example.org/8",
                "fe80/8",
                "2001:db8::/128",
                "2001:db8:::/32",
                "1:2/8",
                "::ffff:0a00:1/8",
                "/8",
                "10.0.0.0/"
            })
    void a_block_that_sns_does_not_take_is_refused(String block) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Condition.cidr(block))
                .withMessageContaining("'" + block + "'");
    }

    static Stream<ThrowingCallable> noRanges() {
        return Stream.of(
                () -> Condition.atLeast(1).and(Condition.greaterThan(2)),
                () -> Condition.lessThan(1).and(Condition.atMost(2)),
                () -> Condition.oneOf(1).and(Condition.lessThan(2)),
                () -> Condition.atLeast(1).and(Condition.prefix("a")),
                () -> Condition.between(1, 3).and(Condition.lessThan(2)),
                () -> Condition.atLeast(1).or(Condition.oneOf(5)).and(Condition.lessThan(2)));
    }

    @ParameterizedTest
    @MethodSource("noRanges")
    void only_a_lower_and_an_upper_bound_make_a_range(ThrowingCallable noRange) {
        assertThatIllegalArgumentException()
                .isThrownBy(noRange)
                .withMessageStartingWith("and(..) joins a lower and an upper bound");
    }

    @Test
    void a_range_with_no_number_in_it_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Condition.between(2, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Condition.atLeast(1).and(Condition.lessThan(1)))
                .withMessageStartingWith("no number is between the bounds");
    }

    @Test
    void what_the_matcher_does_not_find_in_any_case_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Condition.equalsIgnoreCase("ok 😀"))
                .withMessageContaining("U+FFFF");
    }

    @Test
    void an_empty_prefix_or_suffix_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Condition.prefix(""));
        assertThatIllegalArgumentException().isThrownBy(() -> Condition.suffix(""));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Condition.anythingButPrefix(""))
                .withMessage("a prefix must not be empty; exists() lets any value in");
    }
}
