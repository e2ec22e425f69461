package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.AlreadyHandledException;
import io.github.eventfork.EventInterceptor;
import io.github.eventfork.Fork;
import io.github.eventfork.Idempotency;
import io.github.eventfork.Outcome;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.conformance.WatchedStore.Call;
import io.github.eventfork.testkit.ForkHarness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Interceptors run around the handler, inside the claim, in the order in which they were added; nothing is lost in one. */
class InterceptorsTest {

    private final List<String> story = new ArrayList<>();

    @ParameterizedTest
    @EnumSource
    void run_around_the_handler_the_first_one_outermost(Anywhere adapter) {
        deliver(
                adapter,
                fork().intercept(noting("outer")).intercept(noting("inner")).build());

        assertThat(story).containsExactly("outer", "inner", "handler", "inner ends", "outer ends");
    }

    @ParameterizedTest
    @EnumSource
    void run_inside_the_claim(Anywhere adapter) {
        WatchedStore store = new WatchedStore(System::nanoTime);
        EventInterceptor seesTheStore = (event, chain) -> {
            story.add("key " + event.key().orElse("none"));
            story.addAll(store.calls().stream().map(Call::name).toList());
            chain.proceed();
        };

        deliver(
                adapter,
                fork().idempotency(Idempotency.in(store))
                        .intercept(seesTheStore)
                        .build());

        assertThat(story).containsExactly("key " + Given.key("fork", "event-of-m-1"), "CLAIM", "handler");
        assertThat(store.calls()).containsExactly(Call.CLAIM, Call.COMPLETE);
    }

    @ParameterizedTest
    @EnumSource
    void may_proceed_again_and_all_behind_run_again(Anywhere adapter) {
        EventInterceptor twice = (event, chain) -> {
            try {
                chain.proceed();
            } catch (IllegalStateException deadlock) {
                chain.proceed();
            }
        };

        List<Outcome> outcomes = deliver(
                adapter,
                Given.fork()
                        .on("signup", String.class, event -> {
                            story.add("handler");
                            if (story.size() <= 2) {
                                throw new IllegalStateException("deadlock");
                            }
                        })
                        .intercept(twice)
                        .intercept(noting("inner"))
                        .build());

        assertThat(story).containsExactly("inner", "handler", "inner", "handler", "inner ends");
        assertThat(outcomes).containsExactly(new Outcome.Handled());
    }

    @ParameterizedTest
    @EnumSource
    void decide_by_what_they_throw_as_a_handler_does(Anywhere adapter) {
        List<Outcome> refused = deliver(
                adapter,
                fork().intercept((event, chain) -> {
                            throw new RejectedEventException("from another tenant");
                        })
                        .build());
        List<Outcome> done = deliver(
                adapter,
                fork().intercept((event, chain) -> {
                            throw new AlreadyHandledException("row is there");
                        })
                        .build());

        assertThat(story).isEmpty();
        assertThat(refused.get(0))
                .isInstanceOfSatisfying(
                        Outcome.Rejected.class,
                        rejected -> assertThat(rejected.reason()).contains("from another tenant"));
        assertThat(done).containsExactly(new Outcome.Duplicate());
    }

    @ParameterizedTest
    @EnumSource
    void that_return_without_letting_the_event_through_do_not_lose_it(Anywhere adapter) {
        List<Outcome> outcomes =
                deliver(adapter, fork().intercept((event, chain) -> {}).build());

        assertThat(story).isEmpty();
        assertThat(outcomes.get(0))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.cause()).hasMessageContaining("without letting the event through"));
    }

    @ParameterizedTest
    @EnumSource
    void answer_for_what_they_swallow(Anywhere adapter) {
        EventInterceptor swallowing = (event, chain) -> {
            try {
                chain.proceed();
            } catch (IllegalStateException duplicateRow) {
                story.add("swallowed");
            }
        };

        List<Outcome> outcomes = deliver(
                adapter,
                Given.fork()
                        .on("signup", String.class, event -> {
                            throw new IllegalStateException("duplicate row");
                        })
                        .intercept(swallowing)
                        .build());

        assertThat(story).containsExactly("swallowed");
        assertThat(outcomes).containsExactly(new Outcome.Handled());
    }

    private Fork.Builder fork() {
        return Given.fork().on("signup", String.class, event -> story.add("handler"));
    }

    private EventInterceptor noting(String name) {
        return (event, chain) -> {
            story.add(name);
            chain.proceed();
            story.add(name + " ends");
        };
    }

    /** Delivers one message and answers with its outcomes within a second. */
    private static List<Outcome> deliver(Anywhere adapter, Fork fork) {
        try (ForkHarness harness = adapter.running(fork)) {
            harness.deliver(signup("m-1"));
            harness.advance(Duration.ofMillis(900));
            return harness.outcomes("m-1");
        }
    }
}
