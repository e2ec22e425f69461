package io.github.eventfork;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.eventfork.envelope.Attributes;
import io.github.eventfork.envelope.Envelope;
import io.github.eventfork.filter.Condition;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForkTest {

    private record Signup(String email) {}

    private record SignupV2(String email) {}

    @Test
    void a_type_that_is_routed_twice_is_refused_and_both_routes_are_named() {
        Fork.Builder fork = Fork.named("mailing-list")
                .on("signup", Signup.class, event -> {})
                .on("signup", SignupV2.class, event -> {});

        assertThatThrownBy(fork::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Fork 'mailing-list': type 'signup' is routed twice, to Signup and to SignupV2.");
    }

    @Test
    void a_fork_without_a_route_is_refused() {
        assertThatThrownBy(Fork.named("f")::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Fork 'f': it has no route; add .on(type, class, handler).");
    }

    @Test
    void all_that_clashes_is_named_at_once() {
        Fork.Builder fork = Fork.named("f")
                .onAny(Signup.class, event -> {})
                .onAny(SignupV2.class, event -> {})
                .where("plan", Condition.oneOf("free"))
                .where("plan", Condition.oneOf("pro"));

        assertThatThrownBy(fork::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("onAny is given twice")
                .hasMessageContaining("attribute 'plan' has two conditions; join them with or(..)");
    }

    @Test
    void two_conditions_on_one_field_of_the_body_are_refused() {
        Fork.Builder fork = Fork.named("f")
                .onAny(Signup.class, event -> {})
                .type(EventType.jsonPointer("/type"))
                .whereBody("/plan", Condition.oneOf("free"))
                .whereBody("/plan", Condition.oneOf("pro"));

        assertThatThrownBy(fork::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("body field '/plan' has two conditions; join them with or(..)");
    }

    @Test
    void an_empty_event_type_is_refused() {
        assertThatThrownBy(() -> Fork.named("f").on("", Signup.class, event -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Fork 'f': an event type must not be empty.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "ä", "a/b", "a#b"})
    void a_name_that_could_not_be_part_of_a_queue_name_is_refused(String name) {
        assertThatThrownBy(() -> Fork.named(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_fork_says_where_its_type_is_read_and_which_envelope_it_was_pinned_to() {
        // given one with the defaults, and one with neither of them
        Fork standard = Fork.named("f").on("a", Signup.class, event -> {}).build();
        Fork pinned = Fork.named("f")
                .on("a", Signup.class, event -> {})
                .type(EventType.attribute("kind"))
                .envelope(Envelope.Kind.SNS)
                .build();

        // then
        assertThat(standard.type()).isEqualTo(EventType.standard());
        assertThat(standard.envelope()).isEmpty();
        assertThat(pinned.type()).isEqualTo(EventType.attribute("kind"));
        assertThat(pinned.envelope()).contains(Envelope.Kind.SNS);
    }

    @Test
    void its_text_says_on_which_types_it_runs() {
        assertThat(Fork.named("f").on("signup", Signup.class, event -> {}).build())
                .hasToString("Fork[f on [signup]]");
        assertThat(Fork.named("f").onAny(Signup.class, event -> {}).build()).hasToString("Fork[f on any]");
    }

    @Test
    void what_is_built_shares_nothing_with_its_builder() {
        // given a fork
        Fork.Builder builder = Fork.named("f").on("a", Signup.class, event -> {});
        Fork fork = builder.build();

        // when its builder goes on
        builder.on("b", Signup.class, event -> {});

        // then the fork stays as it was
        assertThat(fork.types()).containsExactly("a");
    }

    private static final String TOPIC = "arn:aws:sns:eu-west-1:123456789012:user-events";

    private static Fork.Builder pinned() {
        return Fork.named("fork").on("signup", String.class, event -> {});
    }

    @Test
    void a_topic_is_pinned_by_one_call_on_the_builder_or_on_the_fork() {
        assertThat(pinned().build().topic()).isEmpty();
        assertThat(pinned().fromTopic(TOPIC).build().topic()).contains(TOPIC);
        Fork fork = pinned().build();
        assertThat(fork.withTopic(TOPIC).topic()).contains(TOPIC);
        assertThat(fork.withTopic(TOPIC).types()).isEqualTo(fork.types());
        assertThat(fork.topic()).isEmpty();
    }

    @Test
    void raw_delivery_is_pinned_by_one_call_on_the_builder_or_on_the_fork() {
        assertThat(pinned().build().takesNoNotification()).isFalse();
        assertThat(pinned().rawDelivery().build().takesNoNotification()).isTrue();
        assertThat(pinned().envelope(Envelope.Kind.RAW).build().takesNoNotification())
                .isTrue();
        assertThat(pinned().build().withRawDelivery().takesNoNotification()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user-events",
                "arn:aws:sqs:eu-west-1:123456789012:user-events",
                "arn:aws:sns:eu-west-1:1234:user-events",
                "arn:aws:sns:eu-west-1:123456789012:",
                "arn:aws:sns:eu-west-1:123456789012:a b"
            })
    void a_topic_that_is_none_is_refused(String topic) {
        assertThatThrownBy(() -> pinned().fromTopic(topic).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'" + topic + "' is no ARN of an SNS topic");
    }

    @Test
    void pins_that_contradict_each_other_are_refused() {
        assertThatThrownBy(() ->
                        pinned().fromTopic(TOPIC).envelope(Envelope.Kind.RAW).build())
                .hasMessageContaining("a raw body names no topic");
        assertThatThrownBy(() -> pinned().fromTopic(TOPIC).rawDelivery().build())
                .hasMessageContaining("with raw delivery no body is a notification");
        assertThatThrownBy(
                        () -> pinned().envelope(Envelope.Kind.SNS).rawDelivery().build())
                .hasMessageContaining("with raw delivery no body is a notification");
        assertThatThrownBy(() -> pinned().rawDelivery().build().withTopic(TOPIC))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> pinned().fromTopic(TOPIC).build().withRawDelivery())
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_fork_of_events_goes_by_their_type_as_its_filter_policy_does() throws Exception {
        // given an event beside an attribute of another type
        Fork fork = pinned().envelope(Envelope.Kind.CLOUDEVENTS).build();
        Attributes attributes = Attributes.builder().string("event", "other").build();
        String body = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"signup\"}";

        // then
        assertThat(fork.typeOf(fork.envelopes().read(body, attributes))).contains("signup");
        Fork any = pinned().build();
        assertThat(any.typeOf(any.envelopes().read(body, attributes))).contains("other");
    }

    @Test
    void its_routes_tell_what_it_wants_and_as_what() {
        Fork fork = Fork.named("fork")
                .on("signup", String.class, event -> {})
                .on("login", Integer.class, event -> {})
                .onAny(byte[].class, event -> {})
                .build();

        assertThat(fork.routes())
                .extracting(Route::type)
                .containsExactly(Optional.of("signup"), Optional.of("login"), Optional.empty());
        assertThat(fork.routes()).extracting(Route::payload).containsExactly(String.class, Integer.class, byte[].class);
        assertThat(fork.routes().get(0)).hasToString("Route[type 'signup' as String]");
    }
}
