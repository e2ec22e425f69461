package io.github.eventfork;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdempotencyTest {

    @Test
    void what_is_said_of_a_store_is_refused_where_the_service_downstream_remembers() {
        Idempotency downstream = Idempotency.downstream();

        assertThatIllegalStateException()
                .isThrownBy(() -> downstream.rememberFor(Duration.ofDays(2)))
                .withMessage("rememberFor is said of a store, and downstream() has none");
        assertThatIllegalStateException()
                .isThrownBy(downstream::failOpen)
                .withMessage("failOpen is said of a store, and downstream() has none");
    }

    @Test
    void another_key_changes_nothing_of_what_the_store_keeps() {
        Idempotency idempotency = Idempotency.in(new InMemoryIdempotencyStore())
                .rememberFor(Duration.ofDays(2))
                .failOpen();

        assertThat(idempotency.by(IdempotencyKey.attribute("order")).memory()).isEqualTo(idempotency.memory());
        assertThat(Idempotency.downstream()
                        .by(IdempotencyKey.attribute("order"))
                        .memory())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"PT0S", "PT-1S", "PT876600H0.000000001S", "PT2562047788015215H30M7.999999999S"})
    void work_is_remembered_for_some_time_but_not_for_centuries(Duration time) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Idempotency.in(new InMemoryIdempotencyStore()).rememberFor(time))
                .withMessage(
                        "work is remembered for more than no time and at most 36525 days, which are 100 years; was "
                                + time);
    }

    @Test
    void work_may_be_remembered_for_a_hundred_years() {
        Duration time = Duration.ofDays(36_525);

        assertThat(Idempotency.in(new InMemoryIdempotencyStore())
                        .rememberFor(time)
                        .memory())
                .hasValueSatisfying(memory -> assertThat(memory.rememberFor()).isEqualTo(time));
    }

    @Test
    void a_fork_claims_keys_where_it_has_a_store() {
        assertThat(fork().build().claimsKeys()).isFalse();
        assertThat(fork().idempotency(Idempotency.downstream()).build().claimsKeys())
                .isFalse();
        assertThat(fork().idempotency(Idempotency.in(new InMemoryIdempotencyStore()))
                        .build()
                        .claimsKeys())
                .isTrue();
    }

    private static Fork.Builder fork() {
        return Fork.named("fork").on("signup", String.class, event -> {});
    }
}
