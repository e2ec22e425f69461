package io.github.eventfork.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.ForkRuntime;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunningTest {

    /** A runtime whose timers all go off in the moment in which they are called off. */
    private static final ForkRuntime TOO_LATE = (ForkRuntime) Proxy.newProxyInstance(
            RunningTest.class.getClassLoader(), new Class<?>[] {ForkRuntime.class}, (proxy, method, arguments) -> {
                if (method.getName().equals("schedule")) {
                    Runnable task = (Runnable) arguments[1];
                    return (ForkRuntime.Cancellable) task::run;
                }
                return method.invoke(ForkRuntime.system(), arguments);
            });

    @Test
    void a_handler_that_was_made_just_in_time_is_invoked_and_its_answer_counts() {
        // given
        List<String> told = new ArrayList<>();
        Environment environment = new Environment(
                "f",
                1,
                () -> (event, context) -> {
                    told.add("invoked");
                    return new byte[0];
                },
                ForkRuntime.system());
        Running running = new Running(
                Options.STANDARD,
                "arn",
                "request",
                environment,
                List.of(new Received("m", "r", new byte[0])),
                TOO_LATE,
                (over, answer) -> told.add(answer.result().name()));

        // when
        running.run();
        environment.throwAway();

        // then
        assertThat(told).containsExactly("invoked", "SUCCEEDED");
    }
}
