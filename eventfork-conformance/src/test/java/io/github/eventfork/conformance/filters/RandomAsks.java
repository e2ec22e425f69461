package io.github.eventfork.conformance.filters;

import io.github.eventfork.filter.Condition;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Draws conditions, and values that are likely to meet them: both from the same few, with their neighbours. */
final class RandomAsks {

    private static final List<String> TEXTS = List.of(
            "pro",
            "Pro",
            "PRO",
            "team",
            "prof",
            "x-pro",
            "xx",
            "é",
            "É",
            "ÉA",
            "éa",
            "я",
            "Я",
            "😀",
            "a😀",
            "😀a",
            "naïve",
            "1",
            "5",
            "true",
            "null",
            "signup",
            "10.0.0.1",
            "10.0.0.200",
            "10.0.1.1",
            "192.168.7.7",
            "2001:db8::1",
            "2001:db8:1::9",
            "2001:db9::1");

    private static final List<String> NUMBERS = List.of(
            "0",
            "1",
            "-1",
            "1.5",
            "0.00001",
            "-0.00001",
            "4.99999",
            "5",
            "5.00001",
            "42",
            "100",
            "1000000000",
            "-1000000000",
            "999999999.99999");

    private static final List<String> NUMBERS_BEYOND =
            List.of("1000000000.00001", "-1000000001", "0.000001", "4.999999", "123456789012");

    private static final List<String> BLOCKS = List.of(
            "10.0.0.0/24",
            "10.0.0.0/25",
            "10.0.0.1/8",
            "192.168.0.0/16",
            "10.0.0.0/31",
            "2001:db8::/32",
            "2001:db8::/48",
            "2001:db8::/127");

    private final Random random;
    private final boolean inBody;

    RandomAsks(Random random, boolean inBody) {
        this.random = random;
        this.inBody = inBody;
    }

    /** A condition, or two or three that are joined by or. */
    Ask ask(boolean mayBeAbsent) {
        Ask ask = one(mayBeAbsent);
        while (random.nextInt(4) == 0) {
            ask = ask.or(one(mayBeAbsent));
        }
        return ask;
    }

    private Ask one(boolean mayBeAbsent) {
        List<Supplier<Ask>> kinds = List.of(
                this::texts,
                this::texts,
                this::numbers,
                this::ignoringCase,
                this::prefix,
                this::suffix,
                this::notTexts,
                this::notNumbers,
                this::notPrefix,
                this::bound,
                this::range,
                this::block,
                this::constant,
                () -> new Ask(Condition.exists(), 1, value -> true, false),
                () -> new Ask(Condition.absent(), 1, value -> false, true));
        return kinds.get(random.nextInt(mayBeAbsent ? kinds.size() : kinds.size() - 1))
                .get();
    }

    private Ask texts() {
        List<String> some = some(this::text);
        return new Ask(Condition.oneOf(some.get(0), rest(some)), some.size(), some::contains, false);
    }

    private Ask numbers() {
        List<BigDecimal> some = some(this::number);
        Number[] rest = some.subList(1, some.size()).toArray(Number[]::new);
        return new Ask(Condition.oneOf(some.get(0), rest), some.size(), isOneOf(some), false);
    }

    private Ask ignoringCase() {
        String text = text().replace("😀", "é");
        return new Ask(Condition.equalsIgnoreCase(text), 1, isText(text::equalsIgnoreCase), false);
    }

    private Ask prefix() {
        String text = beginning();
        return new Ask(Condition.prefix(text), 1, isText(value -> value.startsWith(text)), false);
    }

    private Ask suffix() {
        String text = TEXTS.get(random.nextInt(TEXTS.size()));
        String end = text.substring(text.offsetByCodePoints(text.length(), -1));
        return new Ask(Condition.suffix(end), 1, isText(value -> value.endsWith(end)), false);
    }

    private Ask notTexts() {
        List<String> some = some(this::text);
        return new Ask(Condition.anythingBut(some.get(0), rest(some)), 1, value -> !some.contains(value), false);
    }

    private Ask notNumbers() {
        List<BigDecimal> some = some(this::number);
        Number[] rest = some.subList(1, some.size()).toArray(Number[]::new);
        return new Ask(
                Condition.anythingBut(some.get(0), rest), 1, isOneOf(some).negate(), false);
    }

    private Ask notPrefix() {
        String text = beginning();
        return new Ask(
                Condition.anythingButPrefix(text),
                1,
                isText(value -> value.startsWith(text)).negate(),
                false);
    }

    private Ask bound() {
        return random.nextBoolean() ? lower() : upper();
    }

    private Ask lower() {
        BigDecimal bound = number();
        return random.nextBoolean()
                ? new Ask(Condition.atLeast(bound), 1, isNumber(value -> value.compareTo(bound) >= 0), false)
                : new Ask(Condition.greaterThan(bound), 1, isNumber(value -> value.compareTo(bound) > 0), false);
    }

    private Ask upper() {
        BigDecimal bound = number();
        return random.nextBoolean()
                ? new Ask(Condition.atMost(bound), 1, isNumber(value -> value.compareTo(bound) <= 0), false)
                : new Ask(Condition.lessThan(bound), 1, isNumber(value -> value.compareTo(bound) < 0), false);
    }

    private Ask range() {
        while (true) {
            Ask lower = lower();
            Ask upper = upper();
            try {
                return new Ask(
                        lower.condition().and(upper.condition()),
                        1,
                        lower.fits().and(upper.fits()),
                        false);
            } catch (IllegalArgumentException nothingBetween) {
                // drawn again
            }
        }
    }

    private Ask block() {
        String block = BLOCKS.get(random.nextInt(BLOCKS.size()));
        return new Ask(Condition.cidr(block), 1, isText(value -> isWithin(block, value)), false);
    }

    private Ask constant() {
        return switch (random.nextInt(3)) {
            case 0 -> new Ask(Condition.isTrue(), 1, Boolean.TRUE::equals, false);
            case 1 -> new Ask(Condition.isFalse(), 1, Boolean.FALSE::equals, false);
            default -> new Ask(Condition.isNull(), 1, value -> value == Ask.NULL, false);
        };
    }

    /** A text for a condition; SNS does not take all of them on attributes. */
    String text() {
        return inBody && random.nextInt(12) == 0
                ? List.of("", "a\"b", "a\\b").get(random.nextInt(3))
                : TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private String beginning() {
        String text = TEXTS.get(random.nextInt(TEXTS.size()));
        return text.substring(0, text.offsetByCodePoints(0, 1 + random.nextInt(text.codePointCount(0, text.length()))));
    }

    BigDecimal number() {
        return random.nextInt(3) == 0
                ? BigDecimal.valueOf(random.nextInt(16) - 4)
                : new BigDecimal(NUMBERS.get(random.nextInt(NUMBERS.size())));
    }

    /** A scalar as an event may hold it. */
    Object value() {
        return switch (random.nextInt(16)) {
            case 0 -> Boolean.TRUE;
            case 1 -> Boolean.FALSE;
            case 2 -> Ask.NULL;
            case 3, 4, 5, 6, 7 -> number();
            case 8 -> new BigDecimal(NUMBERS_BEYOND.get(random.nextInt(NUMBERS_BEYOND.size())));
            case 9 -> List.of("a\"b", "a\\b", "10.0.0.999", "pros").get(random.nextInt(4));
            default -> text();
        };
    }

    private <V> List<V> some(Supplier<V> draw) {
        List<V> some = new ArrayList<>();
        do {
            some.add(draw.get());
        } while (random.nextInt(3) == 0);
        return some;
    }

    private static String[] rest(List<String> texts) {
        return texts.subList(1, texts.size()).toArray(String[]::new);
    }

    private static Predicate<Object> isText(Predicate<String> fits) {
        return value -> value instanceof String text && fits.test(text);
    }

    private static Predicate<Object> isNumber(Predicate<BigDecimal> fits) {
        return value -> value instanceof BigDecimal number && fits.test(number);
    }

    private static Predicate<Object> isOneOf(List<BigDecimal> numbers) {
        return isNumber(value -> numbers.stream().anyMatch(number -> number.compareTo(value) == 0));
    }

    private static boolean isWithin(String block, String address) {
        if (!address.matches("[0-9.]+|[0-9a-f:]+") || !address.matches(".*[.:].*")) {
            return false;
        }
        byte[] base = bytes(block.substring(0, block.indexOf('/')));
        byte[] other = bytes(address);
        int bits = Integer.parseInt(block.substring(block.indexOf('/') + 1));
        for (int bit = 0; bit < bits && base.length == other.length; bit++) {
            int mask = 0x80 >> (bit % 8);
            if ((base[bit / 8] & mask) != (other[bit / 8] & mask)) {
                return false;
            }
        }
        return base.length == other.length;
    }

    private static byte[] bytes(String address) {
        if (address.contains(".")
                && Arrays.stream(address.split("\\.")).anyMatch(part -> Integer.parseInt(part) > 255)) {
            return new byte[0];
        }
        try {
            return InetAddress.getByName(address).getAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
