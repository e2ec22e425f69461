package io.github.eventfork.poller;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PollBudgetsTest {

    @Test
    void pollers_of_one_client_share_a_budget() {
        // given
        ScriptedSqs client = new ScriptedSqs();

        // then
        assertThat(PollBudgets.of(client)).isSameAs(PollBudgets.of(client));
    }

    @Test
    void another_client_has_a_budget_of_its_own() {
        assertThat(PollBudgets.of(new ScriptedSqs())).isNotSameAs(PollBudgets.of(new ScriptedSqs()));
    }
}
