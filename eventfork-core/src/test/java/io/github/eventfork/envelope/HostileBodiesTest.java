package io.github.eventfork.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.eventfork.envelope.Envelope.Kind;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The detecting reader takes whatever a queue holds. */
class HostileBodiesTest {
    private static final int SEED = 20_260_131;

    private static Stream<Arguments> hostileBodies() {
        String notification = Bodies.notification("hi");
        return Stream.of(
                arguments("empty", ""),
                arguments("blank", " \n\t\r "),
                arguments("a brace", "{"),
                arguments("null", "null"),
                arguments("an array of envelopes", "[" + notification + "]"),
                arguments("a byte order mark", "\uFEFF" + notification),
                arguments("a lone surrogate", "{\"Type\":\"\uD800\",\"Message\":\"\uDC00\"}"),
                arguments("an escaped lone surrogate as a name", "{\"\\uD800\":1}"),
                arguments("cut off", notification.substring(0, notification.length() - 1)),
                arguments("cut off in an escape", "{\"Type\":\"\\u00"),
                arguments("a control character in a string", "{\"Type\":\"\0\"}"),
                arguments("10,000 arrays", "{\"a\":" + "[".repeat(10_000)),
                arguments("10,000 objects", "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000)),
                arguments("10,000 levels in a field", "{\"detail\":" + "{\"a\":".repeat(10_000)),
                arguments("10,000 levels in attributes", "{\"MessageAttributes\":" + "{\"a\":".repeat(10_000)),
                arguments("100,000 digits", "{\"a\":" + "9".repeat(100_000) + "}"),
                arguments("100,000 decimals", "{\"data\":0." + "9".repeat(100_000) + "}"),
                arguments("1 MiB of blanks", " ".repeat(1 << 20) + "x"),
                arguments("1 MiB of braces", "{".repeat(1 << 20)),
                arguments("1 MiB of one name", "{\"" + "n".repeat(1 << 20) + "\":1}"),
                arguments("100,000 names", "{" + "\"n\":1,".repeat(100_000) + "\"n\":1}"),
                arguments("1 MiB of topic", notification.replace(Bodies.TOPIC, "arn:" + "a".repeat(1 << 20))),
                arguments("comments", "/* */" + notification),
                arguments("single quotes", notification.replace('"', '\'')),
                arguments("NaN", "{\"Type\":NaN}"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostileBodies")
    void a_hostile_body_is_raw_and_verbatim(String name, String body) throws Exception {
        // when
        Envelope envelope = EnvelopeReader.detecting().read(body, Attributes.none());

        // then
        assertThat(envelope.kind()).as(name).isEqualTo(Kind.RAW);
        assertThat(envelope.text()).isSameAs(body);
    }

    @Test
    void a_hostile_message_in_a_notification_is_its_payload() throws Exception {
        // given
        String message = "{\"detail\":".repeat(10_000);

        // when
        Envelope envelope = EnvelopeReader.detecting().read(Bodies.notification(message), Attributes.none());

        // then
        assertThat(envelope.kind()).isEqualTo(Kind.SNS);
        assertThat(envelope.text()).isEqualTo(message);
    }

    @Test
    void a_message_of_a_mebibyte_comes_through() throws Exception {
        // given
        String message = "\"\\\n\u00e9".repeat(1 << 18);

        // when
        Envelope envelope = EnvelopeReader.detecting().read(Bodies.notification(message), Attributes.none());

        // then
        assertThat(envelope.kind()).isEqualTo(Kind.SNS);
        assertThat(envelope.text()).isEqualTo(message);
    }

    @Test
    void no_mutation_of_an_envelope_makes_the_reader_throw() throws Exception {
        // given
        Random random = new Random(SEED);
        List<String> originals = List.of(
                Bodies.notification(Bodies.EVENT_BRIDGE),
                Bodies.notification(Bodies.CLOUD_EVENT),
                Bodies.EVENT_BRIDGE,
                Bodies.CLOUD_EVENT);
        Pointer pointer = Pointer.compile("/detail/order/1");
        int stillEnvelopes = 0;

        // when 5,000 of them are read, with all that can be asked of the answer
        for (int round = 0; round < 5_000; round++) {
            String body = originals.get(round % originals.size());
            for (int change = random.nextInt(4); change >= 0; change--) {
                body = mutated(body, random);
            }
            Envelope envelope = EnvelopeReader.detecting().read(body, Attributes.none());
            envelope.time();
            envelope.bytes();
            pointer.in(envelope.text());
            envelope.attributes().names().forEach(name -> {
                envelope.attributes().number(name);
                envelope.attributes().strings(name);
            });
            stillEnvelopes += envelope.kind() == Kind.RAW ? 0 : 1;
        }

        // then nothing was thrown, and the mutations were neither all fatal nor all harmless
        assertThat(stillEnvelopes).isBetween(500, 4_500);
    }

    /** Changes, removes, repeats or inserts a few characters somewhere. */
    private static String mutated(String body, Random random) {
        if (body.length() < 2) {
            return body + "{";
        }
        int at = random.nextInt(body.length() - 1);
        int to = Math.min(body.length(), at + 1 + random.nextInt(8));
        String signs = "{}[]\",:\\u0eE-.\0\uD800\uFEFFntx ";
        String sign = String.valueOf(signs.charAt(random.nextInt(signs.length())));
        return switch (random.nextInt(5)) {
            case 0 -> body.substring(0, at) + sign + body.substring(at + 1);
            case 1 -> body.substring(0, at) + body.substring(to);
            case 2 -> body.substring(0, to) + body.substring(at);
            case 3 -> body.substring(0, at) + sign + body.substring(at);
            default -> body.substring(0, at) + sign.repeat(random.nextInt(600)) + body.substring(at);
        };
    }
}
