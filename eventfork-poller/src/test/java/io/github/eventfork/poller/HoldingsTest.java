package io.github.eventfork.poller;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HoldingsTest {

    private final Holdings holdings = new Holdings();
    private final List<String> letGo = new ArrayList<>();

    @Test
    void what_is_held_is_let_go_in_order_and_once() {
        // given
        holdings.hold(() -> letGo.add("client"));
        holdings.hold(() -> letGo.add("life"));

        // when
        holdings.release();
        holdings.release();

        // then
        assertThat(letGo).containsExactly("client", "life");
    }

    @Test
    void what_comes_after_the_release_is_let_go_at_once() {
        // given
        holdings.release();

        // when
        holdings.hold(() -> letGo.add("life"));

        // then
        assertThat(letGo).containsExactly("life");
    }

    @Test
    void one_that_fails_keeps_no_other_from_being_let_go() {
        // given
        holdings.hold(() -> {
            throw new IllegalStateException("the event loop is gone");
        });
        holdings.hold(() -> letGo.add("life"));

        // when
        holdings.release();

        // then
        assertThat(letGo).containsExactly("life");
    }
}
