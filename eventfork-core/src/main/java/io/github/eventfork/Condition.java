package io.github.eventfork;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What SNS is to ask of one attribute, or of one place in the body, besides the event type. Immutable.
 *
 * <p>The operators are those of
 * <a href="https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html">SNS filter policies</a>. Conditions are
 * SNS's alone and are not checked again on arrival.
 */
public final class Condition {

    private static final BigDecimal LARGEST = new BigDecimal("1000000000");

    private final List<Object> values;

    private Condition(List<?> values) {
        this.values = List.copyOf(values);
    }

    /** One of these strings. */
    public static Condition oneOf(String first, String... more) {
        return new Condition(listOf(first, more));
    }

    /**
     * One of these numbers.
     *
     * @throws IllegalArgumentException if one is beyond 10^9 or has more than 5 decimals
     */
    public static Condition oneOf(Number first, Number... more) {
        return new Condition(listOf(first, more).stream().map(Condition::number).toList());
    }

    /** A string that begins so. */
    public static Condition prefix(String prefix) {
        return new Condition(List.of(Map.of("prefix", prefix)));
    }

    /** A string that ends so. */
    public static Condition suffix(String suffix) {
        return new Condition(List.of(Map.of("suffix", suffix)));
    }

    /** Present, and none of these strings. */
    public static Condition anythingBut(String first, String... more) {
        return new Condition(List.of(Map.of("anything-but", listOf(first, more))));
    }

    /** Present, whatever it is. */
    public static Condition exists() {
        return new Condition(List.of(Map.of("exists", true)));
    }

    /** Not present. */
    public static Condition absent() {
        return new Condition(List.of(Map.of("exists", false)));
    }

    /**
     * A number from {@code least} to {@code most}, both included.
     *
     * @throws IllegalArgumentException if {@code least} is more than {@code most}, one is beyond 10^9, or one has more
     *     than 5 decimals
     */
    public static Condition between(Number least, Number most) {
        BigDecimal from = number(least);
        BigDecimal to = number(most);
        if (from.compareTo(to) > 0) {
            throw new IllegalArgumentException("least must not exceed most, were " + from + " and " + to);
        }
        return from.compareTo(to) == 0
                ? numeric("=", from)
                : new Condition(List.of(Map.of("numeric", List.of(">=", from, "<=", to))));
    }

    /**
     * A number of at least {@code least}.
     *
     * @throws IllegalArgumentException if it is beyond 10^9 or has more than 5 decimals
     */
    public static Condition atLeast(Number least) {
        return numeric(">=", number(least));
    }

    /**
     * A number of at most {@code most}.
     *
     * @throws IllegalArgumentException if it is beyond 10^9 or has more than 5 decimals
     */
    public static Condition atMost(Number most) {
        return numeric("<=", number(most));
    }

    /** This condition or that one. */
    public Condition or(Condition other) {
        List<Object> all = new ArrayList<>(values);
        all.addAll(other.values);
        return new Condition(all);
    }

    /** The array that stands in the policy: strings, numbers, and maps for operators. */
    List<Object> values() {
        return values;
    }

    private static Condition numeric(String operator, BigDecimal number) {
        return new Condition(List.of(Map.of("numeric", List.of(operator, number))));
    }

    private static BigDecimal number(Number number) {
        BigDecimal exact = new BigDecimal(number.toString());
        if (exact.abs().compareTo(LARGEST) > 0 || exact.stripTrailingZeros().scale() > 5) {
            throw new IllegalArgumentException(
                    "SNS compares numbers from -10^9 to 10^9 with at most 5 decimals, was " + number);
        }
        return exact;
    }

    private static <V> List<V> listOf(V first, V[] more) {
        List<V> all = new ArrayList<>(more.length + 1);
        all.add(first);
        all.addAll(Arrays.asList(more));
        return all;
    }
}
