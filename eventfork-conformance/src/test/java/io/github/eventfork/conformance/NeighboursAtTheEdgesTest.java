package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Delivery;
import io.github.eventfork.Fork;
import io.github.eventfork.Settlement;
import io.github.eventfork.Settler;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.LambdaHarness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What LambdaBudgetTest claims, at the edges. */
class NeighboursAtTheEdgesTest {

    private final List<Settlement> asked = new ArrayList<>();
    private final List<String> flushes = new ArrayList<>();

    @Test
    @Promise(16)
    void on_lambda_the_settler_is_handed_what_is_given_back_and_dead_letters_only() {
        LambdaHarness harness = lambda(failingAt("failing"), () -> CompletableFuture.completedFuture(asked.get(0)))
                .build();

        harness.invoke(signup("good"), signup("failing"));

        assertThat(asked).containsExactly(new Settlement.GiveBack(Given.DELAY));
    }

    @Test
    @Promise(16)
    void on_lambda_the_settler_is_flushed_within_the_margin() {
        // given a settler that sends nothing until it is flushed
        CompletableFuture<Settlement> sent = new CompletableFuture<>();
        Fork fork = failingAt("failing");
        Settler settler = new Settler() {
            @Override
            public CompletionStage<Settlement> settle(Delivery delivery, Settlement settlement) {
                return sent;
            }

            @Override
            public CompletionStage<Void> flush() {
                flushes.add("flush");
                sent.complete(new Settlement.DeadLetter("x", "fork", 3));
                return CompletableFuture.completedFuture(null);
            }
        };
        LambdaHarness harness =
                ForkHarness.lambda(fork).remaining(seconds(10)).settler(settler).build();

        // then what it then says still counts
        assertThat(harness.invoke(signup("failing").receiveCount(3))).isEmpty();
        assertThat(flushes).isNotEmpty();
        assertThat(harness.time().elapsed()).isLessThan(seconds(10));
    }

    @Test
    @Promise(15)
    void on_lambda_a_handler_that_ends_soon_after_its_interruption_is_done_within_the_margin() {
        LambdaHarness[] running = new LambdaHarness[1];
        Fork fork = Given.fork()
                .on("signup", String.class, event -> {
                    try {
                        running[0].time().sleep(seconds(60));
                    } catch (InterruptedException e) {
                        running[0].time().sleep(Duration.ofMillis(100));
                    }
                })
                .build();
        running[0] = ForkHarness.lambda(fork)
                .remaining(seconds(10))
                .handlersOnThreads()
                .build();

        assertThat(running[0].invoke(signup("m-1"))).isEmpty();
    }

    @Test
    @Promise({15, 16})
    void on_lambda_a_settler_that_never_answers_keeps_no_invocation_past_its_time() {
        Settler silent = new Settler() {
            @Override
            public CompletionStage<Settlement> settle(Delivery delivery, Settlement settlement) {
                return new CompletableFuture<>();
            }

            @Override
            public CompletionStage<Void> flush() {
                return new CompletableFuture<>();
            }
        };
        LambdaHarness harness = ForkHarness.lambda(failingAt("failing"))
                .remaining(seconds(10))
                .settler(silent)
                .build();

        assertThat(harness.invoke(signup("good"), signup("failing"))).containsExactly("failing");
        assertThat(harness.time().elapsed()).isLessThan(seconds(10));
    }

    private static Fork failingAt(String messageId) {
        return Given.fork()
                .on("signup", String.class, event -> {
                    if (event.delivery().messageId().equals(messageId)) {
                        throw new IllegalStateException("this one only");
                    }
                })
                .build();
    }

    private LambdaHarness.Builder lambda(Fork fork, Supplier<CompletionStage<Settlement>> answer) {
        return ForkHarness.lambda(fork).settler(new Settler() {
            @Override
            public CompletionStage<Settlement> settle(Delivery delivery, Settlement settlement) {
                asked.add(settlement);
                return answer.get();
            }

            @Override
            public CompletionStage<Void> flush() {
                flushes.add("flush");
                return CompletableFuture.completedFuture(null);
            }
        });
    }
}
