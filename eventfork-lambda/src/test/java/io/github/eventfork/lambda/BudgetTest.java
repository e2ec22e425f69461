package io.github.eventfork.lambda;

import static io.github.eventfork.lambda.Messages.event;
import static io.github.eventfork.lambda.Messages.inGroup;
import static io.github.eventfork.lambda.Messages.reported;
import static io.github.eventfork.lambda.Messages.signup;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import io.github.eventfork.Delivery;
import io.github.eventfork.EventHandler;
import io.github.eventfork.Fork;
import io.github.eventfork.ForkListener;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.Outcome;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** An invocation of ten seconds with a margin of four: nothing starts after the sixth. */
class BudgetTest {

    private static final Duration REMAINING = Duration.ofSeconds(10);
    private static final Duration MARGIN = Duration.ofSeconds(4);
    private static final Duration BUDGET = REMAINING.minus(MARGIN);

    private final ManualRuntime runtime = new ManualRuntime();
    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final List<String> handled = new CopyOnWriteArrayList<>();
    private final List<String> finished = new CopyOnWriteArrayList<>();

    private ForkFunction function(EventHandler<String> handler) {
        Fork fork = Fork.named("t")
                .on("signup", String.class, handler)
                .listen(new ForkListener() {
                    @Override
                    public void finished(Delivery delivery, Outcome outcome) {
                        finished.add(delivery.messageId());
                    }
                })
                .build();
        return new ForkFunction(fork, Settings.standard().withMargin(MARGIN).withRuntime(runtime));
    }

    private CompletableFuture<List<String>> invoked(ForkFunction function, SQSEvent event) throws InterruptedException {
        CompletableFuture<List<String>> answer = CompletableFuture.supplyAsync(
                () -> reported(function.handleRequest(event, new Invocation(REMAINING))),
                task -> new Thread(task, "invocation").start());
        assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
        return answer;
    }

    /** Handles {@code done} at once and waits for its interruption otherwise. */
    private void obediently(String payload) throws InterruptedException {
        if (!payload.equals("done")) {
            running.countDown();
            release.await();
        }
        handled.add(payload);
    }

    /** Handles {@code done} at once and ignores its interruption otherwise. */
    private void stubbornly(String payload) {
        if (!payload.equals("done")) {
            running.countDown();
            boolean released = false;
            while (!released) {
                try {
                    release.await();
                    released = true;
                } catch (InterruptedException ignored) {
                    handled.add("interrupted");
                }
            }
        }
        handled.add(payload);
    }

    @Test
    void when_the_budget_ends_what_is_done_stays_done_and_what_has_not_started_is_reported() throws Exception {
        // given
        ForkFunction function = function(event -> obediently(event.payload()));
        CompletableFuture<List<String>> answer =
                invoked(function, event(signup("m-1", "done"), signup("m-2", "runs"), signup("m-3", "waits")));

        // when
        runtime.advance(BUDGET);

        // then
        assertThat(answer.get(20, TimeUnit.SECONDS)).containsExactly("m-2", "m-3");
        runtime.joinHandlers();
        assertThat(handled).containsExactly("done");
    }

    @Test
    void a_handler_that_ignores_its_interruption_is_left_behind_and_reported() throws Exception {
        // given
        ForkFunction function = function(event -> stubbornly(event.payload()));
        CompletableFuture<List<String>> answer =
                invoked(function, event(signup("m-1", "done"), signup("m-2", "runs"), signup("m-3", "waits")));

        // when
        runtime.advance(REMAINING);

        // then
        assertThat(answer.get(20, TimeUnit.SECONDS)).containsExactly("m-2", "m-3");

        // and when it ends after all
        release.countDown();
        runtime.joinHandlers();

        // then its result is dropped
        assertThat(handled).contains("runs");
        assertThat(finished).containsExactlyInAnyOrder("m-1", "m-3");
    }

    @Test
    void what_waits_behind_a_handler_left_behind_is_reported_too() throws Exception {
        // given
        ForkFunction function = function(event -> stubbornly(event.payload()));
        CompletableFuture<List<String>> answer =
                invoked(function, event(inGroup("a", "a-1", "runs"), inGroup("a", "a-2", "done")));

        // when
        runtime.advance(REMAINING);

        // then
        assertThat(answer.get(20, TimeUnit.SECONDS)).containsExactly("a-1", "a-2");
        release.countDown();
        runtime.joinHandlers();
        assertThat(handled).doesNotContain("done");
    }

    @Test
    void an_invocation_within_its_margin_starts_nothing_and_reports_all() throws Exception {
        // given
        ForkFunction function = function(event -> handled.add(event.payload()));

        // when
        List<String> reported =
                reported(function.handleRequest(event(signup("m-1", "a"), signup("m-2", "b")), new Invocation(MARGIN)));

        // then
        assertThat(reported).containsExactly("m-1", "m-2");
        runtime.joinHandlers();
        assertThat(handled).isEmpty();
    }

    @Test
    void a_lease_lasts_as_long_as_the_invocation() {
        // given
        List<Duration> leases = new CopyOnWriteArrayList<>();
        ForkFunction function = function(event -> leases.add(event.lease().remaining()));

        // when
        function.handleRequest(event(signup("m-1", "a")), new Invocation(REMAINING));

        // then
        assertThat(leases).containsExactly(REMAINING);
    }

    @Test
    void an_answer_that_never_comes_reports_every_record() {
        // given
        Fork fork = Fork.named("t").on("signup", String.class, event -> {}).build();
        ForkFunction function = new ForkFunction(fork, Settings.standard().withRuntime(neverAnswering()));

        // when
        List<String> reported = reported(
                function.handleRequest(event(signup("m-1", "a"), signup("m-2", "b")), Invocation.longEnough()));

        // then
        assertThat(reported).containsExactly("m-1", "m-2");
    }

    /** The manual runtime, but waiting ends without what was waited for. */
    private ForkRuntime neverAnswering() {
        return (ForkRuntime) Proxy.newProxyInstance(
                ForkRuntime.class.getClassLoader(), new Class<?>[] {ForkRuntime.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("await")) {
                        throw new TimeoutException("waited long enough");
                    }
                    return method.invoke(runtime, arguments);
                });
    }
}
