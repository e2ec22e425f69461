package io.github.eventfork.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What this store has beside the contract of all stores, which the testkit checks: its bounds. */
class InMemoryIdempotencyStoreTest {

    private static final Duration HOLD = Duration.ofSeconds(30);

    private long now = Long.MAX_VALUE - 5;
    private final InMemoryIdempotencyStore store = new InMemoryIdempotencyStore(3, () -> now);

    @Test
    void when_it_is_full_the_completed_key_that_would_end_first_is_forgotten() {
        complete("a", Duration.ofDays(3));
        complete("b", Duration.ofDays(1));
        complete("c", Duration.ofDays(2));

        store.claim("d", HOLD);

        assertThat(store.size()).isEqualTo(3);
        assertThat(store.claim("a", HOLD)).isInstanceOf(Claim.Completed.class);
        assertThat(store.claim("c", HOLD)).isInstanceOf(Claim.Completed.class);
        assertThat(store.claim("b", HOLD)).isInstanceOf(Claim.Acquired.class);
    }

    @Test
    void a_key_in_progress_is_never_forgotten_for_another() {
        store.claim("a", HOLD);
        store.claim("b", HOLD);
        store.claim("c", HOLD);

        assertThatThrownBy(() -> store.claim("d", HOLD))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the store is full: 3 keys are in progress");
        assertThat(store.claim("a", HOLD)).isInstanceOf(Claim.InProgress.class);
    }

    @Test
    void what_is_over_takes_no_room() {
        store.claim("a", HOLD);
        complete("b", Duration.ofSeconds(10));
        store.claim("c", HOLD);
        now += HOLD.toNanos();

        assertThat(store.size()).isZero();
        assertThat(store.claim("d", HOLD)).isInstanceOf(Claim.Acquired.class);
    }

    @Test
    void what_is_over_is_forgotten_and_nothing_else() {
        // given a completed key, and two claims of which the first stands in the tree between the two others
        complete("done", Duration.ofDays(1));
        store.claim("over", HOLD);
        store.claim("live", HOLD.multipliedBy(2));

        // when
        now += HOLD.toNanos();

        // then
        assertThat(store.claim("live", HOLD)).isEqualTo(new Claim.InProgress(HOLD));
        assertThat(store.claim("over", HOLD)).isInstanceOf(Claim.Acquired.class);
        assertThat(store.claim("done", HOLD)).isInstanceOf(Claim.Completed.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1_000_000, Long.MAX_VALUE / 1_000, Long.MAX_VALUE - 10_000_000_000L, Long.MIN_VALUE})
    void what_is_kept_for_ever_is_kept_beside_what_is_not(long beginning) {
        // given
        now = beginning;
        complete("done", ChronoUnit.FOREVER.getDuration());
        store.claim("held", ChronoUnit.FOREVER.getDuration());
        store.claim("over", HOLD);

        // when
        now += Duration.ofDays(365).toNanos();

        // then
        assertThat(store.claim("done", HOLD)).isInstanceOf(Claim.Completed.class);
        assertThat(store.claim("held", HOLD)).isInstanceOf(Claim.InProgress.class);
        assertThat(store.claim("over", HOLD)).isInstanceOf(Claim.Acquired.class);
    }

    @Test
    void what_is_kept_for_less_than_no_time_is_over_at_once() {
        store.claim("a", Duration.ofSeconds(Long.MIN_VALUE));

        assertThat(store.claim("a", HOLD)).isInstanceOf(Claim.Acquired.class);
    }

    @Test
    void a_store_that_could_keep_no_key_is_refused() {
        assertThatThrownBy(() -> new InMemoryIdempotencyStore(0, () -> now))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void complete(String key, Duration rememberFor) {
        Claim.Acquired claim = (Claim.Acquired) store.claim(key, HOLD);
        assertThat(store.complete(key, claim.token(), rememberFor)).isTrue();
    }
}
