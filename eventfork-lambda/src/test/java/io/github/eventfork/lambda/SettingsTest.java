package io.github.eventfork.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.eventfork.ForkRuntime;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    @Test
    void standard_settings_run_in_sequence_keep_a_second_back_and_have_no_settler() {
        Settings standard = Settings.standard();

        assertThat(standard.concurrency()).isEqualTo(1);
        assertThat(standard.margin()).isEqualTo(Duration.ofSeconds(1));
        assertThat(standard.settler()).isEmpty();
        assertThat(standard.runtime()).isSameAs(ForkRuntime.system());
    }

    @Test
    void a_change_leaves_what_it_was_made_from() {
        // given
        Settings standard = Settings.standard();

        // when
        Settings changed = standard.withConcurrency(5).withMargin(Duration.ofMillis(300));

        // then
        assertThat(changed).hasToString("Settings[concurrency 5, margin PT0.3S, no settler]");
        assertThat(standard).hasToString("Settings[concurrency 1, margin PT1S, no settler]");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 10_001})
    void a_concurrency_that_no_batch_has_is_refused(int concurrency) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Settings.standard().withConcurrency(concurrency))
                .withMessage("concurrency must be 1 to 10000, was " + concurrency);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-1S", "PT0S", "PT15M"})
    void a_margin_that_no_invocation_has_is_refused(Duration margin) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Settings.standard().withMargin(margin))
                .withMessage("margin must be more than zero and less than 15 minutes, was " + margin);
    }

    @Test
    void null_is_refused_by_name() {
        assertThatNullPointerException()
                .isThrownBy(() -> Settings.standard().withSettler(null))
                .withMessage("settler");
        assertThatNullPointerException()
                .isThrownBy(() -> Settings.standard().withRuntime(null))
                .withMessage("runtime");
    }
}
