package io.github.eventfork.lambda;

import static io.github.eventfork.lambda.Messages.event;
import static io.github.eventfork.lambda.Messages.message;
import static io.github.eventfork.lambda.Messages.reported;
import static io.github.eventfork.lambda.Messages.signup;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import io.github.eventfork.Delivery;
import io.github.eventfork.Fork;
import io.github.eventfork.RetryLaterException;
import io.github.eventfork.Settlement;
import io.github.eventfork.Settler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class SettlerTest {

    /** Longer than any invocation. */
    private static final Duration DELAY = Duration.ofMinutes(30);

    private final ManualRuntime runtime = new ManualRuntime();
    private final Map<String, Settlement> asked = new ConcurrentHashMap<>();
    private final CountDownLatch askedOnce = new CountDownLatch(1);

    /** A settler that notes what it is asked for and answers with {@code answer}. */
    private Settler answering(Function<Settlement, CompletionStage<Settlement>> answer) {
        return new Settler() {
            @Override
            public CompletionStage<Settlement> settle(Delivery delivery, Settlement settlement) {
                asked.put(delivery.messageId(), settlement);
                askedOnce.countDown();
                return answer.apply(settlement);
            }

            @Override
            public CompletionStage<Void> flush() {
                return completedFuture(null);
            }
        };
    }

    /** Asks for {@code later} to be retried after a while, and handles the rest. */
    private ForkFunction function(Settler settler) {
        Fork fork = Fork.named("t")
                .on("signup", String.class, event -> {
                    if (event.payload().equals("later")) {
                        throw new RetryLaterException(DELAY, "the list is busy");
                    }
                })
                .build();
        return new ForkFunction(
                fork,
                Settings.standard().withSettler(settler).withRuntime(runtime).withMargin(Duration.ofSeconds(4)));
    }

    private static SQSEvent handledLaterAndUnrouted() {
        return event(signup("m-1", "a"), signup("m-2", "later"), message("m-3", "no type"));
    }

    @Test
    void it_is_asked_for_delays_and_dead_letters_only() {
        // given
        ForkFunction function = function(answering(CompletableFuture::completedFuture));

        // when
        List<String> reported = reported(function.handleRequest(handledLaterAndUnrouted(), Invocation.longEnough()));

        // then
        assertThat(asked)
                .containsOnlyKeys("m-2", "m-3")
                .contains(entry("m-2", new Settlement.GiveBack(DELAY)))
                .hasEntrySatisfying(
                        "m-3", settlement -> assertThat(settlement).isInstanceOf(Settlement.DeadLetter.class));
        assertThat(reported).containsExactly("m-2");
    }

    @Test
    void a_dead_letter_that_stands_as_given_back_is_reported() {
        // given
        ForkFunction function =
                function(answering(settlement -> completedFuture(new Settlement.GiveBack(Duration.ofSeconds(30)))));

        // when
        List<String> reported = reported(function.handleRequest(handledLaterAndUnrouted(), Invocation.longEnough()));

        // then
        assertThat(reported).containsExactly("m-2", "m-3");
    }

    @Test
    void what_stands_unknown_is_reported() {
        // given
        ForkFunction function = function(answering(settlement -> failedFuture(new IllegalStateException("no answer"))));

        // when
        List<String> reported = reported(function.handleRequest(handledLaterAndUnrouted(), Invocation.longEnough()));

        // then
        assertThat(reported).containsExactly("m-2", "m-3");
    }

    @Test
    void what_has_no_answer_when_the_time_is_over_is_reported() throws Exception {
        // given
        ForkFunction function = function(answering(settlement -> new CompletableFuture<>()));
        CompletableFuture<List<String>> answer = CompletableFuture.supplyAsync(
                () -> reported(function.handleRequest(event(message("m-1", "no type")), Invocation.longEnough())),
                task -> new Thread(task, "invocation").start());
        assertThat(askedOnce.await(20, TimeUnit.SECONDS)).isTrue();

        // when
        runtime.advance(Invocation.longEnough().remaining());

        // then
        assertThat(answer.get(20, TimeUnit.SECONDS)).containsExactly("m-1");
    }
}
