package io.github.eventfork.filter;

import com.fasterxml.jackson.databind.node.NullNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What SNS is to ask of one attribute, or of one place in the body, besides the event type. Immutable.
 *
 * <p>The operators are those of
 * <a href="https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html">SNS filter policies</a>; those
 * that SNS refuses or does not document (a wildcard, anything but a suffix) are not here. Of an array, one element that
 * fits is enough, for {@code anythingBut} too. Strings and numbers are different things: {@code oneOf(1)} does not let
 * the string {@code "1"} in. Conditions are SNS's alone and are not checked again on arrival.
 */
public final class Condition {

    private static final BigDecimal LARGEST = new BigDecimal("1000000000");

    private final List<Object> values;

    private Condition(List<?> values) {
        this.values = List.copyOf(values);
    }

    private static Condition of(String operator, Object operand) {
        return new Condition(List.of(Map.of(operator, operand)));
    }

    /** One of these strings, letter for letter. */
    public static Condition oneOf(String first, String... more) {
        return new Condition(listOf(first, more));
    }

    /**
     * One of these numbers, however they are written: 100 is 1e2.
     *
     * @throws IllegalArgumentException if one is beyond 10^9 or has more than 5 decimals
     */
    public static Condition oneOf(Number first, Number... more) {
        return new Condition(numbers(first, more));
    }

    /**
     * This string, in upper or lower case. Which letters are one letter in two cases is for SNS to say.
     *
     * @throws IllegalArgumentException if it has a character beyond U+FFFF, which AWS's matcher does not find even where it
     *     stands as it is
     */
    public static Condition equalsIgnoreCase(String text) {
        if (text.codePoints().anyMatch(Character::isSupplementaryCodePoint)) {
            throw new IllegalArgumentException("AWS's matcher compares no character beyond U+FFFF without its case");
        }
        return of("equals-ignore-case", text);
    }

    /** The JSON value {@code true}: something that a body, or an array in an attribute, may hold. */
    public static Condition isTrue() {
        return new Condition(List.of(true));
    }

    /** The JSON value {@code false}: something that a body, or an array in an attribute, may hold. */
    public static Condition isFalse() {
        return new Condition(List.of(false));
    }

    /** The JSON value {@code null}, written out; what is not there is {@link #absent()}. */
    public static Condition isNull() {
        return new Condition(List.of(NullNode.getInstance()));
    }

    /**
     * A string that begins so.
     *
     * @throws IllegalArgumentException if {@code prefix} is empty
     */
    public static Condition prefix(String prefix) {
        return of("prefix", notEmpty("prefix", prefix));
    }

    /**
     * A string that ends so.
     *
     * @throws IllegalArgumentException if {@code suffix} is empty
     */
    public static Condition suffix(String suffix) {
        return of("suffix", notEmpty("suffix", suffix));
    }

    /** Present, and none of these strings. */
    public static Condition anythingBut(String first, String... more) {
        return of("anything-but", listOf(first, more));
    }

    /**
     * Present, and none of these numbers.
     *
     * @throws IllegalArgumentException if one is beyond 10^9 or has more than 5 decimals
     */
    public static Condition anythingBut(Number first, Number... more) {
        return of("anything-but", numbers(first, more));
    }

    /**
     * Present, and no string that begins so.
     *
     * @throws IllegalArgumentException if {@code prefix} is empty
     */
    public static Condition anythingButPrefix(String prefix) {
        return of("anything-but", Map.of("prefix", notEmpty("prefix", prefix)));
    }

    /** Present, whatever it is; an empty array and an object are nothing that is present. */
    public static Condition exists() {
        return of("exists", true);
    }

    /** Not present; an empty array and an object count as that. */
    public static Condition absent() {
        return of("exists", false);
    }

    /**
     * A number from {@code least} to {@code most}, both included.
     *
     * @throws IllegalArgumentException if {@code least} is more than {@code most}, one is beyond 10^9, or one has more
     *     than 5 decimals
     */
    public static Condition between(Number least, Number most) {
        return atLeast(least).and(atMost(most));
    }

    /**
     * A number of at least {@code least}.
     *
     * @throws IllegalArgumentException if it is beyond 10^9 or has more than 5 decimals
     */
    public static Condition atLeast(Number least) {
        return numeric(">=", least);
    }

    /**
     * A number of at most {@code most}.
     *
     * @throws IllegalArgumentException if it is beyond 10^9 or has more than 5 decimals
     */
    public static Condition atMost(Number most) {
        return numeric("<=", most);
    }

    /**
     * A number greater than {@code bound}.
     *
     * @throws IllegalArgumentException if it is beyond 10^9 or has more than 5 decimals
     */
    public static Condition greaterThan(Number bound) {
        return numeric(">", bound);
    }

    /**
     * A number less than {@code bound}.
     *
     * @throws IllegalArgumentException if it is beyond 10^9 or has more than 5 decimals
     */
    public static Condition lessThan(Number bound) {
        return numeric("<", bound);
    }

    /**
     * An IP address of this block, as in {@code 10.0.0.0/24} or {@code 2001:db8::/32}.
     *
     * @throws IllegalArgumentException if it is none that <a
     *     href="https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html">SNS</a> takes: at most 31 bits of an
     *     IPv4 address, 127 of an IPv6 address. For a single address use {@link #oneOf(String, String...)}
     */
    public static Condition cidr(String block) {
        return of("cidr", AddressBlock.checked(block));
    }

    /** This condition or that one, of the same value. */
    public Condition or(Condition other) {
        List<Object> all = new ArrayList<>(values);
        all.addAll(other.values);
        return new Condition(all);
    }

    /**
     * Both bounds, of one number: {@code atLeast(10).and(lessThan(100))}.
     *
     * @throws IllegalArgumentException unless one is a lower bound, the other an upper one, and a number is between them.
     *     SNS can't ask two other things of one value
     */
    public Condition and(Condition bound) {
        List<?> mine = numericTerms();
        List<?> others = bound.numericTerms();
        List<?> lower = isLower(mine) ? mine : others;
        List<?> upper = isLower(mine) ? others : mine;
        if (!isLower(lower) || !isUpper(upper)) {
            throw new IllegalArgumentException("and(..) joins a lower and an upper bound, such as"
                    + " atLeast(1).and(lessThan(10)), were " + this + " and " + bound);
        }
        int order = ((BigDecimal) lower.get(1)).compareTo((BigDecimal) upper.get(1));
        if (order == 0 && lower.get(0).equals(">=") && upper.get(0).equals("<=")) {
            return of("numeric", List.of("=", lower.get(1)));
        }
        if (order >= 0) {
            throw new IllegalArgumentException("no number is between the bounds " + this + " and " + bound);
        }
        return of("numeric", List.of(lower.get(0), lower.get(1), upper.get(0), upper.get(1)));
    }

    private List<?> numericTerms() {
        return values.size() == 1
                        && values.get(0) instanceof Map<?, ?> operator
                        && operator.get("numeric") instanceof List<?> terms
                ? terms
                : List.of();
    }

    private static boolean isLower(List<?> terms) {
        return terms.size() == 2 && (terms.get(0).equals(">") || terms.get(0).equals(">="));
    }

    private static boolean isUpper(List<?> terms) {
        return terms.size() == 2 && (terms.get(0).equals("<") || terms.get(0).equals("<="));
    }

    /** The array that stands in the policy: strings, numbers, and maps for operators. */
    List<Object> values() {
        return values;
    }

    /** The values and operators as a policy names them. */
    @Override
    public String toString() {
        return PolicyTree.json(values);
    }

    private static Condition numeric(String operator, Number bound) {
        return of("numeric", List.of(operator, number(bound)));
    }

    private static List<BigDecimal> numbers(Number first, Number... more) {
        return listOf(first, more).stream().map(Condition::number).toList();
    }

    private static BigDecimal number(Number number) {
        return number(number.toString());
    }

    /** The number that is written so, if SNS can compare with it. */
    static BigDecimal number(String number) {
        BigDecimal exact;
        try {
            exact = new BigDecimal(number).stripTrailingZeros();
        } catch (NumberFormatException notFinite) {
            throw new IllegalArgumentException("SNS compares finite numbers, was " + number);
        }
        if (exact.abs().compareTo(LARGEST) > 0 || exact.scale() > 5) {
            throw new IllegalArgumentException(
                    "SNS compares numbers from -10^9 to 10^9 with at most 5 decimals, was " + number);
        }
        return exact;
    }

    private static String notEmpty(String operator, String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("a " + operator + " must not be empty; exists() lets any value in");
        }
        return text;
    }

    private static <V> List<V> listOf(V first, V[] more) {
        List<V> all = new ArrayList<>(more.length + 1);
        all.add(first);
        all.addAll(Arrays.asList(more));
        return all;
    }
}
