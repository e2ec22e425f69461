package io.github.eventfork.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Fork;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts by which things are kept: bounded, and two that differ stay two. */
class KeysTest {

    private static final Fork FORK =
            Fork.named("fork").on("signup", String.class, event -> {}).build();

    @ParameterizedTest
    @ValueSource(strings = {"", "o-1", "Zoë 😀", "sns:5:topic:id", "almost#sha256:abc"})
    void what_is_short_stays_as_it_is(String key) {
        assertThat(Keys.of(FORK, key)).isEqualTo("fork#" + key);
    }

    @Test
    void up_to_512_bytes_it_stays_and_beyond_it_is_its_beginning_and_a_hash() {
        assertThat(Keys.bounded("x".repeat(512))).isEqualTo("x".repeat(512));

        assertThat(Keys.bounded("x".repeat(513))).matches("x{400}#sha256:[0-9a-f]{64}");
        assertThat(Keys.bounded("😀".repeat(1_000))).matches("(😀){100}#sha256:[0-9a-f]{64}");
    }

    @Test
    void what_looks_shortened_is_shortened_so_that_nobody_passes_for_another() {
        String shortened = Keys.bounded("x".repeat(513));

        assertThat(Keys.bounded(shortened)).isNotEqualTo(shortened).matches("x{400}#sha256:[0-9a-f]{64}");
    }

    @Test
    void halves_of_surrogate_pairs_which_utf_8_has_not_stay_apart() {
        assertThat(Keys.bounded("\ud800")).isNotEqualTo(Keys.bounded("\udbff")).isNotEqualTo(Keys.bounded("?"));
        assertThat(Keys.bounded("\ud800")).doesNotContain("\ud800");
    }

    @Test
    void random_texts_that_differ_have_keys_that_differ_and_none_is_too_long() {
        // given texts of all lengths and of hostile characters, and what they are shortened to
        Random random = new Random(20_261_201);
        String[] parts = {"a", "b", " ", ":", "#", "#sha256:", "😀", "\ud800", "\udc00", "ß", "\u0000", "0".repeat(64)};
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(20); length > 0; length--) {
                text.append(parts[random.nextInt(parts.length)].repeat(random.nextInt(50) == 0 ? 200 : 1));
            }
            texts.add(text.toString());
            texts.add(Keys.bounded(text.toString()));
        }

        // then
        Map<String, String> byKey = new HashMap<>();
        for (String text : texts) {
            String key = Keys.bounded(text);
            assertThat(key.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(512);
            assertThat(byKey.put(key, text)).isIn(null, text);
        }
    }
}
