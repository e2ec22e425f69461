package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static io.github.eventfork.conformance.Given.signup;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Event;
import io.github.eventfork.Fork;
import io.github.eventfork.Idempotency;
import io.github.eventfork.IdempotencyKey;
import io.github.eventfork.Outcome;
import io.github.eventfork.RetryPolicy;
import io.github.eventfork.idempotency.IdempotencyStore;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.PollerHarness;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The key is the fork's name and, by default, the id that every copy of the event shares. */
@Promise(8)
class KeyTest {

    private final List<String> keys = new ArrayList<>();
    private final IdempotencyStore store = new InMemoryIdempotencyStore();

    @Test
    void an_sns_event_has_the_id_that_all_its_copies_share() {
        run(
                IdempotencyKey.eventId(),
                signup("m-1").eventId("sns-1"),
                signup("m-2").eventId("sns-1"));

        assertThat(keys).containsExactly("fork#sns-1");
    }

    @Test
    void an_eventbridge_event_inside_an_sns_notification_has_its_own_id() {
        run(
                IdempotencyKey.eventId(),
                Message.eventBridge("signup", "{}").eventId("eb-1").inSns());

        assertThat(keys).containsExactly("fork#eb-1");
    }

    @Test
    void a_cloud_event_has_its_source_and_id() {
        run(IdempotencyKey.eventId(), Message.cloudEvent("signup", "{}").eventId("ce-1"));

        assertThat(keys).singleElement().satisfies(key -> assertThat(key).matches("fork#\\S+ ce-1"));
    }

    @Test
    void a_raw_message_has_its_sqs_id() {
        run(IdempotencyKey.eventId(), Message.raw("signup", "{}").messageId("m-1"));

        assertThat(keys).containsExactly("fork#m-1");
    }

    @Test
    void an_attribute_survives_a_publisher_that_publishes_twice() {
        Message first = signup("m-1").attribute("order", "o-1");

        run(IdempotencyKey.attribute("order"), first, first.publishedAgain().messageId("m-2"));

        assertThat(keys).containsExactly("fork#o-1");
    }

    @Test
    void a_json_pointer_and_a_function_give_keys_as_well() {
        run(IdempotencyKey.jsonPointer("/email"), signup("m-1"));
        run(IdempotencyKey.from(event -> Optional.of(event.type() + "!")), signup("m-2"));

        assertThat(keys).containsExactly("fork#m-1@example.org", "fork#signup!");
    }

    @Test
    void a_missing_key_is_rejected_unless_the_user_says_what_it_means() {
        // given an event without the attribute
        Message message = signup("m-1");

        // then the default is to reject, with a text that says what to do
        List<Outcome> outcomes = run(IdempotencyKey.attribute("order"), message);
        assertThat(outcomes)
                .singleElement()
                .isInstanceOfSatisfying(
                        Outcome.Rejected.class,
                        rejected -> assertThat(rejected.reason())
                                .contains("the attribute 'order'")
                                .contains("orEventId() or orRunWithout()"));
        assertThat(keys).isEmpty();

        // and the other two do as they say
        run(IdempotencyKey.attribute("order").orEventId(), message);
        run(IdempotencyKey.attribute("order").orRunWithout(), message);
        assertThat(keys).containsExactly("fork#event-of-m-1", "none");
    }

    @Test
    void two_forks_on_one_store_do_not_take_each_others_keys() {
        // given a fork that has handled an event
        run(IdempotencyKey.eventId(), signup("m-1"));

        // when another fork on the same store gets its copy
        Fork other = Fork.named("other")
                .on("signup", String.class, this::note)
                .idempotency(Idempotency.in(store))
                .build();
        try (PollerHarness harness = ForkHarness.poller(other).build()) {
            harness.deliver(signup("m-1"));
            harness.advance(seconds(1));
        }

        // then both ran
        assertThat(keys).containsExactly("fork#event-of-m-1", "other#event-of-m-1");
    }

    @Test
    void without_idempotency_no_key_is_claimed() {
        Fork plain = Fork.named("plain").on("signup", String.class, this::note).build();
        try (PollerHarness harness = ForkHarness.poller(plain).build()) {
            harness.deliver(signup("m-1").eventId("e"), signup("m-2").eventId("e"));
            harness.advance(seconds(1));
        }

        assertThat(keys).containsExactly("none", "none");
    }

    private void note(Event<?> event) {
        keys.add(event.key().orElse("none"));
    }

    private List<Outcome> run(IdempotencyKey key, Message... messages) {
        Fork fork = Fork.named("fork")
                .retry(RetryPolicy.standard())
                .on("signup", String.class, this::note)
                .idempotency(Idempotency.in(store).by(key))
                .build();
        try (PollerHarness harness = ForkHarness.poller(fork).build()) {
            List<String> ids = harness.deliver(messages);
            harness.advance(seconds(3));
            return harness.outcomes(ids.get(0));
        }
    }
}
