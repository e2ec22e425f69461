package io.github.eventfork.lambda;

import static io.github.eventfork.lambda.Messages.event;
import static io.github.eventfork.lambda.Messages.message;
import static io.github.eventfork.lambda.Messages.notification;
import static io.github.eventfork.lambda.Messages.reported;
import static io.github.eventfork.lambda.Messages.signup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import io.github.eventfork.EventHandler;
import io.github.eventfork.Fork;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForkFunctionTest {

    private final List<String> handled = new CopyOnWriteArrayList<>();

    record Signup(String email) {}

    private static ForkFunction running(EventHandler<String> handler) {
        return new ForkFunction(
                Fork.named("t").on("signup", String.class, handler).build());
    }

    /** Handles each payload but {@code boom}. */
    private ForkFunction recording() {
        return running(event -> {
            if (event.payload().equals("boom")) {
                throw new IllegalStateException("boom");
            }
            handled.add(event.payload());
        });
    }

    @Test
    void a_batch_that_succeeds_is_answered_without_failures() {
        // given
        SQSEvent event = event(signup("m-1", "a"), signup("m-2", "b"), signup("m-3", "c"));

        // when
        List<String> reported = reported(recording().handleRequest(event, Invocation.longEnough()));

        // then
        assertThat(reported).isEmpty();
        assertThat(handled).containsExactly("a", "b", "c");
    }

    @Test
    void one_failing_record_of_three_is_reported_alone() {
        // given
        SQSEvent event = event(signup("m-1", "a"), signup("m-2", "boom"), signup("m-3", "c"));

        // when
        List<String> reported = reported(recording().handleRequest(event, Invocation.longEnough()));

        // then
        assertThat(reported).containsExactly("m-2");
        assertThat(handled).containsExactly("a", "c");
    }

    @Test
    void a_payload_that_is_no_json_is_reported_and_its_neighbours_are_handled() {
        // given
        ForkFunction function = new ForkFunction(Fork.named("t")
                .on("signup", Signup.class, event -> handled.add(event.payload().email()))
                .build());
        SQSEvent event = event(
                signup("m-1", "{\"email\":\"ada@example.org\"}"),
                signup("m-2", "{\"email\":"),
                signup("m-3", "{\"email\":\"alan@example.org\"}"));

        // when
        List<String> reported = reported(function.handleRequest(event, Invocation.longEnough()));

        // then
        assertThat(reported).containsExactly("m-2");
        assertThat(handled).containsExactly("ada@example.org", "alan@example.org");
    }

    @Test
    void an_sns_notification_is_unwrapped() {
        // given
        SQSEvent event = event(message("m-1", notification("hello")));

        // when
        List<String> reported = reported(recording().handleRequest(event, Invocation.longEnough()));

        // then
        assertThat(reported).isEmpty();
        assertThat(handled).containsExactly("hello");
    }

    @Test
    void a_record_whose_type_no_route_wants_is_reported() {
        // given
        SQSEvent event = event(message("m-1", "no type"), signup("m-2", "b"));

        // when
        List<String> reported = reported(recording().handleRequest(event, Invocation.longEnough()));

        // then
        assertThat(reported).containsExactly("m-1");
        assertThat(handled).containsExactly("b");
    }

    @Test
    void an_empty_list_of_records_is_answered_without_failures() {
        assertThat(reported(recording().handleRequest(event(), Invocation.longEnough())))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource
    void what_is_no_sqs_event_fails_the_invocation_because_an_answer_would_lose_it(SQSEvent event) {
        assertThatThrownBy(() -> recording().handleRequest(event, Invocation.longEnough()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no SQS event, so nothing was run");
    }

    static Stream<SQSEvent> what_is_no_sqs_event_fails_the_invocation_because_an_answer_would_lose_it() {
        return Stream.of(null, new SQSEvent());
    }

    @Test
    void a_message_that_is_twice_in_a_batch_is_handled_once() {
        // given
        SQSEvent event = event(signup("m-1", "a"), signup("m-1", "a"));

        // when
        List<String> reported = reported(recording().handleRequest(event, Invocation.longEnough()));

        // then
        assertThat(reported).isEmpty();
        assertThat(handled).containsExactly("a");
    }

    @Test
    void a_message_that_is_twice_in_a_batch_and_fails_is_reported_once() {
        // given
        SQSEvent event = event(signup("m-1", "boom"), signup("m-2", "b"), signup("m-1", "boom"));

        // when
        List<String> reported = reported(recording().handleRequest(event, Invocation.longEnough()));

        // then
        assertThat(reported).containsExactly("m-1");
    }

    @Test
    void a_handler_runs_on_a_thread_of_the_runtime() {
        // given
        List<Thread> threads = new CopyOnWriteArrayList<>();
        ForkFunction function = running(event -> threads.add(Thread.currentThread()));

        // when
        function.handleRequest(event(signup("m-1", "a")), Invocation.longEnough());

        // then
        assertThat(threads).hasSize(1).doesNotContain(Thread.currentThread());
    }

    @ParameterizedTest
    @MethodSource
    void a_record_that_could_not_be_reported_fails_the_batch_before_anything_runs(SQSMessage nameless) {
        // given
        SQSEvent event = event(signup("m-1", "a"), nameless);

        // then
        assertThatThrownBy(() -> recording().handleRequest(event, Invocation.longEnough()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Fork 't': record 2 of 2 has no messageId")
                .hasMessageNotContaining("secret");
        assertThat(handled).isEmpty();
    }

    static Stream<SQSMessage> a_record_that_could_not_be_reported_fails_the_batch_before_anything_runs() {
        return Stream.of(signup(null, "secret"), signup("", "secret"), null);
    }

    @Test
    void a_record_without_a_body_is_reported_unrun() {
        // given
        SQSEvent event = event(signup("m-1", null), signup("m-2", "b"));

        // when
        List<String> reported = reported(recording().handleRequest(event, Invocation.longEnough()));

        // then
        assertThat(reported).containsExactly("m-1");
        assertThat(handled).containsExactly("b");
    }

    @Test
    void an_error_fails_its_record_alone() {
        // given
        ForkFunction function = running(event -> {
            if (event.payload().equals("boom")) {
                throw new StackOverflowError("deep");
            }
            handled.add(event.payload());
        });
        SQSEvent event = event(signup("m-1", "boom"), signup("m-2", "b"));

        // when
        List<String> reported = reported(function.handleRequest(event, Invocation.longEnough()));

        // then
        assertThat(reported).containsExactly("m-1");
        assertThat(handled).containsExactly("b");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void an_error_of_the_virtual_machine_fails_the_whole_batch(int records) {
        // given
        ForkFunction function = running(event -> {
            throw new InternalError("the machine is broken");
        });
        SQSEvent event = event(Stream.of("m-1", "m-2", "m-3")
                .limit(records)
                .map(id -> signup(id, "a"))
                .toArray(SQSMessage[]::new));

        // then
        assertThatThrownBy(() -> function.handleRequest(event, Invocation.longEnough()))
                .isInstanceOf(InternalError.class)
                .hasMessage("the machine is broken");
    }

    @Test
    void an_interrupted_invocation_fails_the_whole_batch_and_stays_interrupted() {
        // given
        CountDownLatch release = new CountDownLatch(1);
        ForkFunction function = running(event -> release.await());
        Thread.currentThread().interrupt();

        // then
        assertThatThrownBy(() -> function.handleRequest(event(signup("m-1", "a")), Invocation.longEnough()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Fork 't': the invocation was interrupted");
        assertThat(Thread.interrupted()).isTrue();
        release.countDown();
    }

    @Test
    void invocations_at_once_on_one_instance_have_their_own_answers() throws Exception {
        // given
        CyclicBarrier allRun = new CyclicBarrier(4);
        ForkFunction function = running(event -> {
            meet(allRun);
            if (event.payload().equals("boom")) {
                throw new IllegalStateException("boom");
            }
        });

        // when
        List<CompletableFuture<List<String>>> answers = Stream.of("a", "boom", "c", "boom")
                .map(body -> answered(() ->
                        reported(function.handleRequest(event(signup("same-id", body)), Invocation.longEnough()))))
                .toList();

        // then
        assertThat(answers.get(0).get(20, TimeUnit.SECONDS)).isEmpty();
        assertThat(answers.get(1).get(20, TimeUnit.SECONDS)).containsExactly("same-id");
        assertThat(answers.get(2).get(20, TimeUnit.SECONDS)).isEmpty();
        assertThat(answers.get(3).get(20, TimeUnit.SECONDS)).containsExactly("same-id");
    }

    @Test
    void a_fork_that_can_not_be_built_fails_the_construction_as_it_is() {
        // given
        class BrokenFunction extends ForkFunction {
            BrokenFunction() {
                super(Fork.named("broken").build());
            }
        }

        // then
        assertThatThrownBy(BrokenFunction::new)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Fork 'broken': it has no route");
    }

    private static void meet(CyclicBarrier barrier)
            throws InterruptedException, BrokenBarrierException, TimeoutException {
        barrier.await(20, TimeUnit.SECONDS);
    }

    private static <T> CompletableFuture<T> answered(Supplier<T> invocation) {
        return CompletableFuture.supplyAsync(invocation, task -> new Thread(task, "invocation").start());
    }
}
