package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.eventfork.Event;
import io.github.eventfork.Fork;
import io.github.eventfork.Idempotency;
import io.github.eventfork.IdempotencyKey;
import io.github.eventfork.Outcome;
import io.github.eventfork.RetryPolicy;
import io.github.eventfork.conformance.WatchedStore.Asked;
import io.github.eventfork.conformance.WatchedStore.Call;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.LambdaHarness;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.PollerHarness;
import io.github.eventfork.testkit.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The key is the fork's name and, by default, the id that every copy of the event shares. */
@Promise(8)
class Promise08KeyTest {

    private final List<String> keys = new ArrayList<>();
    private final WatchedStore store = new WatchedStore(System::nanoTime);

    @ParameterizedTest
    @EnumSource
    void an_sns_event_has_the_id_that_all_its_copies_share(Anywhere adapter) {
        run(
                adapter,
                IdempotencyKey.eventId(),
                signup("m-1").eventId("sns-1"),
                signup("m-2").eventId("sns-1"));

        assertThat(keys).containsExactly(Given.key("fork", "sns-1"));
    }

    @ParameterizedTest
    @EnumSource
    void an_eventbridge_event_inside_an_sns_notification_has_its_own_id(Anywhere adapter) {
        run(
                adapter,
                IdempotencyKey.eventId(),
                Message.eventBridge("signup", "{}").eventId("eb-1").inSns());

        assertThat(keys).containsExactly("fork#payload-eventbridge:17:org.example.users:eb-1");
    }

    @ParameterizedTest
    @EnumSource
    void a_cloud_event_has_its_source_and_id(Anywhere adapter) {
        run(
                adapter,
                IdempotencyKey.eventId(),
                Message.cloudEvent("signup", "{}").eventId("ce-1"));

        assertThat(keys).singleElement().satisfies(key -> assertThat(key).matches("fork#cloudevents:\\d+:\\S+:ce-1"));
    }

    @ParameterizedTest
    @EnumSource
    void a_raw_message_has_its_sqs_id(Anywhere adapter) {
        run(adapter, IdempotencyKey.eventId(), Message.raw("signup", "{}").messageId("m-1"));

        assertThat(keys).containsExactly("fork#sqs:m-1");
    }

    @ParameterizedTest
    @EnumSource
    void an_attribute_survives_a_publisher_that_publishes_twice(Anywhere adapter) {
        Message first = signup("m-1").attribute("order", "o-1");

        run(
                adapter,
                IdempotencyKey.attribute("order"),
                first,
                first.publishedAgain().messageId("m-2"));

        assertThat(keys).containsExactly("fork#o-1");
    }

    @ParameterizedTest
    @EnumSource
    void a_json_pointer_and_a_function_give_keys_as_well(Anywhere adapter) {
        run(adapter, IdempotencyKey.jsonPointer("/email"), signup("m-1"));
        run(adapter, IdempotencyKey.from(event -> Optional.of(event.type() + "!")), signup("m-2"));

        assertThat(keys).containsExactly("fork#m-1@example.org", "fork#signup!");
    }

    @ParameterizedTest
    @EnumSource
    void a_missing_key_is_rejected_unless_the_user_says_what_it_means(Anywhere adapter) {
        // given an event without the attribute
        Message message = signup("m-1");

        // then the default is to reject, with a text that says what to do
        List<Outcome> outcomes = run(adapter, IdempotencyKey.attribute("order"), message);
        assertThat(outcomes)
                .singleElement()
                .isInstanceOfSatisfying(
                        Outcome.Rejected.class,
                        rejected -> assertThat(rejected.reason())
                                .contains("the attribute 'order'")
                                .contains("orEventId() or orRunWithout()"));
        assertThat(keys).isEmpty();

        // and the other two do as they say
        run(adapter, IdempotencyKey.attribute("order").orEventId(), message);
        run(adapter, IdempotencyKey.attribute("order").orRunWithout(), message);
        assertThat(keys).containsExactly(Given.key("fork", "event-of-m-1"), "none");
    }

    @ParameterizedTest
    @EnumSource
    void an_empty_key_is_a_missing_key(Anywhere adapter) {
        List<Outcome> outcomes = run(adapter, IdempotencyKey.from(event -> Optional.of("")), signup("m-1"));

        assertThat(outcomes).singleElement().isInstanceOf(Outcome.Rejected.class);
        assertThat(keys).isEmpty();
        assertThat(store.asked()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void two_forks_on_one_store_do_not_take_each_others_keys(Anywhere adapter) {
        // given a fork that has handled an event
        run(adapter, IdempotencyKey.eventId(), signup("m-1"));

        // when another fork on the same store gets its copy
        Fork other = Fork.named("other")
                .on("signup", String.class, this::note)
                .idempotency(Idempotency.in(store))
                .build();
        try (ForkHarness harness = adapter.running(other)) {
            harness.deliver(signup("m-1"));
            harness.advance(seconds(1));
        }

        // then both ran
        assertThat(keys).containsExactly(Given.key("fork", "event-of-m-1"), Given.key("other", "event-of-m-1"));
    }

    @ParameterizedTest
    @EnumSource
    @Promise({8, 9})
    void each_call_for_a_key_carries_the_name_of_the_fork_that_claimed_it(Pollers pollers) {
        // given two forks on one store, of which each fails once and is renewed once
        for (String name : List.of("fork", "other")) {
            int[] runs = {0};
            PollerHarness[] harness = new PollerHarness[1];
            harness[0] = pollers.of(Fork.named(name)
                            .on("signup", String.class, event -> {
                                harness[0].time().sleep(seconds(16));
                                if (++runs[0] == 1) {
                                    throw new IllegalStateException("once");
                                }
                            })
                            .idempotency(Idempotency.in(store))
                            .build())
                    .handlersOnThreads()
                    .build();
            harness[0].deliver(signup("m-1"));
            harness[0].advance(Duration.ofMinutes(1));
            harness[0].close();
        }

        // then neither ended, renewed or released what the other had claimed
        List<Call> calls = List.of(Call.CLAIM, Call.RENEW, Call.RELEASE, Call.CLAIM, Call.RENEW, Call.COMPLETE);
        assertThat(store.asked())
                .filteredOn(asked -> asked.key().equals(Given.key("fork", "event-of-m-1")))
                .extracting(Asked::call)
                .isEqualTo(calls);
        assertThat(store.asked())
                .filteredOn(asked -> asked.key().equals(Given.key("other", "event-of-m-1")))
                .extracting(Asked::call)
                .isEqualTo(calls);
        assertThat(store.asked()).hasSize(12);
    }

    @ParameterizedTest
    @EnumSource
    @Promise({8, 9})
    void each_call_of_a_function_for_a_key_carries_the_name_of_the_fork_that_claimed_it(Functions functions) {
        // given two forks on one store, of which each fails once
        for (String name : List.of("fork", "other")) {
            int[] runs = {0};
            Fork fork = Fork.named(name)
                    .on("signup", String.class, event -> {
                        if (++runs[0] == 1) {
                            throw new IllegalStateException("once");
                        }
                    })
                    .idempotency(Idempotency.in(store))
                    .build();
            try (LambdaHarness harness = functions.of(fork).build()) {
                harness.deliver(signup("m-1"));
                harness.advance(Duration.ofMinutes(4));
            }
        }

        // then neither ended or released what the other had claimed
        assertThat(store.asked())
                .extracting(Asked::key, Asked::call)
                .containsExactly(
                        tuple(Given.key("fork", "event-of-m-1"), Call.CLAIM),
                        tuple(Given.key("fork", "event-of-m-1"), Call.RELEASE),
                        tuple(Given.key("fork", "event-of-m-1"), Call.CLAIM),
                        tuple(Given.key("fork", "event-of-m-1"), Call.COMPLETE),
                        tuple(Given.key("other", "event-of-m-1"), Call.CLAIM),
                        tuple(Given.key("other", "event-of-m-1"), Call.RELEASE),
                        tuple(Given.key("other", "event-of-m-1"), Call.CLAIM),
                        tuple(Given.key("other", "event-of-m-1"), Call.COMPLETE));
    }

    @ParameterizedTest
    @EnumSource
    void a_key_that_the_service_downstream_remembers_is_there_and_not_claimed(Anywhere adapter) {
        // given a fork that leaves remembering to the service that it calls
        Fork downstream = downstream(IdempotencyKey.attribute("order"));
        Message first = signup("m-1").attribute("order", "o-1");

        // when an event is published twice
        try (ForkHarness harness = adapter.running(downstream)) {
            harness.deliver(first, first.publishedAgain().messageId("m-2"));
            harness.advance(seconds(1));

            // then the handler had the same key both times, under no claim
            assertThat(keys).containsExactly("fork#o-1", "fork#o-1");
            assertThat(harness.timeline().of("m-1")).noneMatch(moment -> moment.step() instanceof Step.Claimed);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_key_for_the_service_downstream_may_not_be_missing_either(Anywhere adapter) {
        assertThat(run(adapter, downstream(IdempotencyKey.attribute("order")), signup("m-1")))
                .singleElement()
                .isInstanceOf(Outcome.Rejected.class);
        assertThat(keys).isEmpty();

        run(adapter, downstream(IdempotencyKey.attribute("order").orEventId()), signup("m-2"));
        run(adapter, downstream(IdempotencyKey.attribute("order").orRunWithout()), signup("m-3"));
        assertThat(keys).containsExactly(Given.key("fork", "event-of-m-2"), "none");
    }

    @ParameterizedTest
    @EnumSource
    void without_idempotency_no_key_is_claimed(Anywhere adapter) {
        Fork plain = Fork.named("plain").on("signup", String.class, this::note).build();
        try (ForkHarness harness = adapter.running(plain)) {
            harness.deliver(signup("m-1").eventId("e"), signup("m-2").eventId("e"));
            harness.advance(seconds(1));
        }

        assertThat(keys).containsExactly("none", "none");
    }

    private void note(Event<?> event) {
        keys.add(event.key().orElse("none"));
    }

    private Fork fork(IdempotencyKey key) {
        return Fork.named("fork")
                .retry(RetryPolicy.standard())
                .on("signup", String.class, this::note)
                .idempotency(Idempotency.in(store).by(key))
                .build();
    }

    private Fork downstream(IdempotencyKey key) {
        return Fork.named("fork")
                .on("signup", String.class, this::note)
                .idempotency(Idempotency.downstream().by(key))
                .build();
    }

    private List<Outcome> run(Anywhere adapter, IdempotencyKey key, Message... messages) {
        return run(adapter, fork(key), messages);
    }

    private static List<Outcome> run(Anywhere adapter, Fork fork, Message... messages) {
        try (ForkHarness harness = adapter.running(fork)) {
            List<String> ids = harness.deliver(messages);
            harness.advance(seconds(3));
            return harness.outcomes(ids.get(0));
        }
    }
}
