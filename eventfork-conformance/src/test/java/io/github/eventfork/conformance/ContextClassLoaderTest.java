package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Event;
import io.github.eventfork.Fork;
import io.github.eventfork.ForkListener;
import io.github.eventfork.Idempotency;
import io.github.eventfork.conformance.WatchedStore.Call;
import io.github.eventfork.testkit.LambdaHarness;
import io.github.eventfork.testkit.PollerHarness;
import io.github.eventfork.testkit.VirtualRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Handlers run with the context class loader of the thread that built the poller or the function: the threads are the JVM's,
 * which in a server serves many applications.
 */
class ContextClassLoaderTest {

    private final ClassLoader application = new ClassLoader(getClass().getClassLoader()) {};
    private final List<ClassLoader> seen = new ArrayList<>();

    @ParameterizedTest
    @EnumSource
    void of_a_poller_it_is_that_of_the_thread_that_built_it(Pollers pollers) {
        // given a poller that an application with a class loader of its own builds, and that learns of its queue later
        VirtualRuntime time = VirtualRuntime.seeded(1);
        PollerHarness harness = asTheApplication(() -> pollers.of(noting(time))
                .time(time)
                .roundTrip(Duration.ofMillis(10))
                .build());

        // when
        harness.deliver(signup("m-1"));
        harness.advance(seconds(1));

        // then store, listener, handler and all about it had it, and this thread, on which they ran, has its own again
        assertThat(seen).hasSize(4).containsOnly(application);
        assertThat(Thread.currentThread().getContextClassLoader()).isNotSameAs(application);
        harness.close();
    }

    @ParameterizedTest
    @EnumSource
    void it_is_another_for_each_poller_though_they_share_a_thread(Pollers pollers) {
        VirtualRuntime time = VirtualRuntime.seeded(1);
        PollerHarness harness =
                asTheApplication(() -> pollers.of(noting(time)).time(time).build());
        PollerHarness other = pollers.of(noting(time)).beside(harness).build();
        harness.pause();
        harness.advance(seconds(21));

        other.deliver(signup("m-1"));
        other.advance(seconds(1));

        assertThat(seen).hasSize(4).containsOnly(Thread.currentThread().getContextClassLoader());
        harness.close();
        other.close();
    }

    @ParameterizedTest
    @EnumSource
    void of_a_function_it_is_that_of_the_thread_that_made_it(Functions functions) {
        VirtualRuntime time = VirtualRuntime.seeded(1);
        LambdaHarness harness =
                asTheApplication(() -> functions.of(noting(time)).time(time).build());

        harness.invoke(signup("m-1"));

        assertThat(seen).hasSize(4).containsOnly(application);
        assertThat(Thread.currentThread().getContextClassLoader()).isNotSameAs(application);
    }

    private <T> T asTheApplication(Supplier<T> build) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(application);
        try {
            return build.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private Fork noting(VirtualRuntime time) {
        return Given.fork()
                .on("signup", String.class, event -> note())
                .idempotency(Idempotency.in(new WatchedStore(time::nanoTime)
                        .at(Call.CLAIM, this::note)
                        .at(Call.COMPLETE, this::note)))
                .listen(new ForkListener() {
                    @Override
                    public Scope started(Event<?> event) {
                        note();
                        return Scope.NONE;
                    }
                })
                .build();
    }

    private void note() {
        seen.add(Thread.currentThread().getContextClassLoader());
    }
}
