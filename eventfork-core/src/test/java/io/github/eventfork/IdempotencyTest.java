package io.github.eventfork;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import java.time.Duration;
import org.junit.jupiter.api.Test;

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

    @Test
    void work_is_remembered_for_some_time() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Idempotency.in(new InMemoryIdempotencyStore()).rememberFor(Duration.ZERO))
                .withMessage("time must be positive, was PT0S");
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
