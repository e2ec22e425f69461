package io.github.eventfork.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import io.github.eventfork.Fork;
import io.github.eventfork.idempotency.IdempotencyStore;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import io.github.eventfork.lambda.ForkFunction;
import io.github.eventfork.lambda.Settings;
import io.github.eventfork.topology.ForkQueue;
import io.github.eventfork.topology.Topology;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FunctionsTest {

    private final List<String> done = new CopyOnWriteArrayList<>();
    private final Topology topology = Topology.of("user-events")
            .forks(
                    Forks.analytics((event, email) -> done.add("counted " + email)),
                    Forks.mailingList((email, name) -> done.add("listed " + email)),
                    Forks.chatNotifications(text -> done.add("told " + text)));

    @ParameterizedTest
    @CsvSource({
        "analytics, AnalyticsFunction, counted ada@example.org",
        "mailing-list, MailingListFunction, listed ada@example.org",
        "chat-notifications, ChatNotificationsFunction, told Ada signed up"
    })
    void a_function_handles_a_signup_and_reports_what_is_none(String fork, String type, String effect) {
        // given
        ForkFunction function = Functions.of(fork(fork), Settings.standard());
        SQSEvent batch = Invocations.batch(List.of(
                Invocations.signup("good", "{\"name\":\"Ada\",\"email\":\"ada@example.org\"}"),
                Invocations.signup("bad", "no JSON")));

        // when
        var response = function.handleRequest(batch, Invocations.context());

        // then
        assertThat(response.getBatchItemFailures())
                .extracting(BatchItemFailure::getItemIdentifier)
                .containsExactly("bad");
        assertThat(done).containsExactly(effect);
        assertThat(function.getClass().getSimpleName()).isEqualTo(type);
    }

    @Test
    void two_environments_with_a_store_in_common_tell_the_chat_once() {
        // given
        IdempotencyStore store = new InMemoryIdempotencyStore();
        SQSEvent batch = Invocations.batch(
                List.of(Invocations.signup("m-1", "{\"name\":\"Ada\",\"email\":\"ada@example.org\"}")));

        // when
        for (int environment = 0; environment < 2; environment++) {
            ForkFunction function = Functions.of(Forks.chatNotifications(done::add, store), Settings.standard());
            assertThat(function.handleRequest(batch, Invocations.context()).getBatchItemFailures())
                    .isEmpty();
        }

        // then
        assertThat(done).containsExactly("Ada signed up");
    }

    @Test
    void a_fork_without_a_function_is_named() {
        // given
        Fork farewell = Fork.named("farewell-mail")
                .on("signup", Signup.class, event -> {})
                .build();

        // then
        assertThatIllegalStateException()
                .isThrownBy(() -> Functions.of(farewell, Settings.standard()))
                .withMessage(
                        "fork 'farewell-mail' needs a class io.github.eventfork.examples.FarewellMailFunction with a"
                                + " constructor of fork and settings");
    }

    private Fork fork(String name) {
        return topology.queues().stream()
                .map(ForkQueue::fork)
                .filter(fork -> fork.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
