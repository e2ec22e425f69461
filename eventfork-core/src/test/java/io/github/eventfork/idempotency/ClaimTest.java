package io.github.eventfork.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClaimTest {

    @Test
    void a_claim_without_a_token_is_none() {
        assertThatNullPointerException()
                .isThrownBy(() -> new Claim.Acquired(null))
                .withMessage("token");
    }

    @Test
    void a_key_in_progress_is_held_for_another_zero_or_more() {
        assertThat(new Claim.InProgress(Duration.ZERO).remaining()).isZero();
        assertThatNullPointerException().isThrownBy(() -> new Claim.InProgress(null));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Claim.InProgress(Duration.ofNanos(-1)))
                .withMessage("a key in progress is held for another zero or more, not for PT-0.000000001S; "
                        + "a claim whose time is over goes to who asks for it");
    }
}
