package io.github.eventfork.filter;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AttributeNameTest {

    @Test
    void a_name_has_256_characters_at_most() {
        assertThatCode(() -> AttributeName.check("a".repeat(256))).doesNotThrowAnyException();
        assertThatThrownBy(() -> AttributeName.check("a".repeat(257))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_name_of_very_many_parts_is_refused_like_any_other_that_is_too_long() {
        assertThatThrownBy(() -> AttributeName.check("a" + ".a".repeat(100_000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 256");
    }
}
