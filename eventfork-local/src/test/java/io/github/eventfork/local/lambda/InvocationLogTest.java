package io.github.eventfork.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.local.lambda.Invocation.Result;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class InvocationLogTest {
    private final InvocationLog log = new InvocationLog();

    @Test
    void the_last_invocations_are_kept_and_all_are_counted() {
        for (int i = 0; i < 1_001; i++) {
            log.add(invocation("r" + i, 1));
        }

        assertThat(log.last())
                .hasSize(1_000)
                .first()
                .extracting(Invocation::requestId)
                .isEqualTo("r1");
        assertThat(log.count()).isEqualTo(1_001);
    }

    @Test
    void fewer_are_kept_of_those_with_many_messages() {
        for (int i = 0; i < 11; i++) {
            log.add(invocation("r" + i, 10_000));
        }

        assertThat(log.last())
                .hasSize(10)
                .first()
                .extracting(Invocation::requestId)
                .isEqualTo("r1");
    }

    private static Invocation invocation(String requestId, int messages) {
        return new Invocation(requestId, Result.SUCCEEDED, Collections.nCopies(messages, "m"), List.of(), "");
    }
}
