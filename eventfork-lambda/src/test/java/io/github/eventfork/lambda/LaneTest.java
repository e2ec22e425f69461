package io.github.eventfork.lambda;

import static io.github.eventfork.lambda.Messages.event;
import static io.github.eventfork.lambda.Messages.inGroup;
import static io.github.eventfork.lambda.Messages.reported;
import static io.github.eventfork.lambda.Messages.signup;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import io.github.eventfork.EventHandler;
import io.github.eventfork.Fork;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaneTest {

    private final List<String> handled = new CopyOnWriteArrayList<>();

    private static ForkFunction running(int concurrency, EventHandler<String> handler) {
        return new ForkFunction(
                Fork.named("t").on("signup", String.class, handler).build(),
                Settings.standard().withConcurrency(concurrency));
    }

    private ForkFunction failingOnBoom(int concurrency) {
        return running(concurrency, event -> {
            if (event.payload().equals("boom")) {
                throw new IllegalStateException("boom");
            }
            handled.add(event.payload());
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8})
    void a_failure_takes_the_rest_of_its_group_with_it_and_no_other_group(int concurrency) {
        // given
        SQSEvent event = event(
                inGroup("a", "a-1", "a1"),
                inGroup("a", "a-2", "boom"),
                inGroup("b", "b-1", "b1"),
                inGroup("a", "a-3", "a3"),
                inGroup("b", "b-2", "b2"),
                inGroup("a", "a-4", "a4"));

        // when
        List<String> reported = reported(failingOnBoom(concurrency).handleRequest(event, Invocation.longEnough()));

        // then
        assertThat(reported).containsExactly("a-2", "a-3", "a-4");
        assertThat(handled).containsExactlyInAnyOrder("a1", "b1", "b2").containsSubsequence("b1", "b2");
    }

    @Test
    void a_record_that_can_not_be_read_takes_the_rest_of_its_group_with_it() {
        // given
        SQSEvent event = event(
                inGroup("a", "a-1", "a1"),
                inGroup("a", "a-2", null),
                inGroup("b", "b-1", "b1"),
                inGroup("a", "a-3", "a3"));

        // when
        List<String> reported = reported(failingOnBoom(1).handleRequest(event, Invocation.longEnough()));

        // then
        assertThat(reported).containsExactly("a-2", "a-3");
        assertThat(handled).containsExactly("a1", "b1");
    }

    @Test
    void a_group_of_a_standard_queue_is_no_order() {
        // given
        SQSMessage first = signup("m-1", "boom");
        SQSMessage second = signup("m-2", "b");
        first.getAttributes().put("MessageGroupId", "tenant");
        second.getAttributes().put("MessageGroupId", "tenant");

        // when
        List<String> reported = reported(failingOnBoom(1).handleRequest(event(first, second), Invocation.longEnough()));

        // then
        assertThat(reported).containsExactly("m-1");
        assertThat(handled).containsExactly("b");
    }

    @Test
    void groups_overlap_when_a_concurrency_is_given_and_each_stays_in_order() {
        // given
        CyclicBarrier bothGroups = new CyclicBarrier(2);
        ForkFunction function = running(2, event -> {
            bothGroups.await(20, TimeUnit.SECONDS);
            handled.add(event.payload());
        });
        SQSEvent event = event(
                inGroup("a", "a-1", "a1"),
                inGroup("a", "a-2", "a2"),
                inGroup("b", "b-1", "b1"),
                inGroup("b", "b-2", "b2"));

        // when
        List<String> reported = reported(function.handleRequest(event, Invocation.longEnough()));

        // then
        assertThat(reported).isEmpty();
        assertThat(handled).containsSubsequence("a1", "a2").containsSubsequence("b1", "b2");
    }

    @Test
    void records_run_in_sequence_unless_a_concurrency_is_given() {
        // given
        List<String> steps = new CopyOnWriteArrayList<>();
        ForkFunction function = running(1, event -> {
            steps.add("begin " + event.payload());
            Thread.yield();
            steps.add("end " + event.payload());
        });

        // when
        function.handleRequest(event(signup("m-1", "a"), signup("m-2", "b")), Invocation.longEnough());

        // then
        assertThat(steps).containsExactly("begin a", "end a", "begin b", "end b");
    }
}
