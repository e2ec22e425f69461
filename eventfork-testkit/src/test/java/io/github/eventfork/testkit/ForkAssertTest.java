package io.github.eventfork.testkit;

import static io.github.eventfork.filter.Condition.atLeast;
import static io.github.eventfork.filter.Condition.exists;
import static io.github.eventfork.filter.Condition.oneOf;
import static io.github.eventfork.filter.Conditions.where;
import static io.github.eventfork.testkit.EventforkAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.eventfork.EventType;
import io.github.eventfork.Fork;
import io.github.eventfork.envelope.Envelope;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ForkAssertTest {

    private static final Fork ON_ATTRIBUTES = Fork.named("mailing-list")
            .on("signup", String.class, event -> {})
            .where("seats", atLeast(10))
            .build();

    private static final Fork ON_BODY = Fork.named("audit")
            .onAny(String.class, event -> {})
            .whereBody("/user/plan", oneOf("pro"))
            .whereBody("/user/id", exists())
            .build();

    @Test
    void a_fork_receives_and_ignores_events_by_their_attributes() {
        assertThat(ON_ATTRIBUTES)
                .receives(Map.of("event", "signup", "seats", 10))
                .receives(Map.of("event", "signup", "seats", List.of(1, 12.5)))
                .ignores(Map.of("event", "signup", "seats", "10"))
                .ignores(Map.of("event", "login", "seats", 10))
                .ignores(Map.of("event", "signup"));
    }

    @Test
    void a_fork_receives_and_ignores_events_by_their_body() {
        assertThat(ON_BODY)
                .receivesBody("{\"user\":{\"plan\":\"pro\",\"id\":1}}")
                .ignoresBody("{\"user\":{\"plan\":\"free\",\"id\":1}}")
                .ignoresBody("plan=pro");
    }

    @ParameterizedTest
    @MethodSource("places")
    void a_type_alone_stands_where_the_fork_reads_it_and_nothing_is_beside_it(Fork fork, String seen) {
        assertThat(fork).receives("signup").ignores("login");
        assertThatThrownBy(() -> assertThat(fork).ignores("signup")).hasMessageEndingWith(String.format(seen));
    }

    static Stream<Arguments> places() {
        return Stream.of(
                arguments(on(EventType.standard()), "{\"event\":\"signup\"}%nBody: not given"),
                arguments(on(EventType.attribute("kind")), "{\"kind\":\"signup\"}%nBody: not given"),
                arguments(
                        on(EventType.standard(), Envelope.Kind.EVENTBRIDGE),
                        "given%nBody: {\"detail-type\":\"signup\"}"),
                arguments(on(EventType.standard(), Envelope.Kind.CLOUDEVENTS), "given%nBody: {\"type\":\"signup\"}"),
                arguments(on(EventType.detailType()), "given%nBody: {\"detail-type\":\"signup\"}"),
                arguments(on(EventType.jsonPointer("/meta/a~1b")), "given%nBody: {\"meta\":{\"a/b\":\"signup\"}}"),
                arguments(
                        on(EventType.jsonPointer("/type"), Envelope.Kind.EVENTBRIDGE),
                        "given%nBody: {\"detail\":{\"type\":\"signup\"}}"),
                arguments(
                        on(EventType.jsonPointer("/type"), Envelope.Kind.CLOUDEVENTS),
                        "given%nBody: {\"data\":{\"type\":\"signup\"}}"));
    }

    private static Fork on(EventType type) {
        return Fork.named("f")
                .type(type)
                .on("signup", String.class, event -> {})
                .build();
    }

    private static Fork on(EventType type, Envelope.Kind envelope) {
        return Fork.named("f")
                .type(type)
                .envelope(envelope)
                .on("signup", String.class, event -> {})
                .build();
    }

    @Test
    void a_type_alone_does_not_meet_conditions() {
        assertThat(ON_ATTRIBUTES).ignores("signup");
        assertThatThrownBy(() -> assertThat(ON_ATTRIBUTES).receives("signup"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("refuses it by 'seats'");
    }

    @Test
    void a_type_that_makes_no_event_is_no_question() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> assertThat(on(EventType.from(envelope -> Optional.of("signup"))))
                        .receives("signup"))
                .withMessage(
                        "the event type of fork 'f' is computed by a function, so a type alone makes no event: give it"
                                + " a Message");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> assertThat(on(EventType.jsonPointer("/types/0"))).ignores("signup"))
                .withMessageContaining("stands in an array, at /types/0");
        assertThatIllegalArgumentException()
                .as("an attribute, and a policy on the body")
                .isThrownBy(() -> assertThat(ON_BODY).ignores("signup"))
                .withMessageContaining("about the body");
    }

    @Test
    void a_message_is_published_as_it_is_built() {
        // given a message with attributes of each type, and one body in three envelopes
        Message message = Message.sns("signup", "{\"user\":{\"plan\":\"pro\",\"id\":1}}")
                .attribute("seats", "Number", "10")
                .attribute("bytes", "Binary", "AgME");
        Fork onEvents = Fork.named("events")
                .envelope(Envelope.Kind.EVENTBRIDGE)
                .on("signup", String.class, event -> {})
                .whereBody("/plan", oneOf("pro"))
                .build();

        // then
        assertThat(ON_ATTRIBUTES).receives(message).ignores(Message.sns("signup", "{}"));
        assertThat(ON_BODY).receives(message).ignores(Message.raw("signup", "{}"));
        assertThat(onEvents)
                .receives(Message.eventBridge("signup", "{\"plan\":\"pro\"}"))
                .receives(Message.eventBridge("signup", "{\"plan\":\"pro\"}").inSns())
                .ignores(Message.sns("signup", "{\"plan\":\"pro\"}"));
    }

    @Test
    void a_fork_for_all_events_receives_all() {
        Fork all = Fork.named("all").onAny(String.class, event -> {}).build();

        assertThat(all).receivesBody("no json").receives("signup").receives(Map.of());
    }

    @Test
    void a_failure_names_the_policy_and_the_place_that_refused() {
        assertThatThrownBy(() -> assertThat(ON_BODY).receivesBody("{\"user\":{\"plan\":\"free\",\"id\":1}}"))
                .isInstanceOf(AssertionError.class)
                .hasMessage(
                        String.format("Expected fork 'audit' to receive the event, but its filter policy refuses it by"
                                + " 'user.plan'%nPolicy on MessageBody:"
                                + " {\"user\":{\"plan\":[\"pro\"],\"id\":[{\"exists\":true}]}}%nAttributes: not given%n"
                                + "Body: {\"user\":{\"plan\":\"free\",\"id\":1}}"));
        assertThatThrownBy(() -> assertThat(ON_ATTRIBUTES).ignores(Map.of("seats", 10, "event", "signup")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(
                        "Expected fork 'mailing-list' to ignore the event, but its filter policy lets it in")
                .hasMessageContaining("Body: not given");
    }

    @Test
    void a_group_that_does_not_match_is_named_by_its_operator() {
        Fork fork = Fork.named("f")
                .on("signup", String.class, event -> {})
                .whereAnyOf(where("plan", oneOf("pro")), where("seats", atLeast(10)))
                .build();

        assertThat(fork).receives(Map.of("event", "signup", "seats", 10));
        assertThatThrownBy(() -> assertThat(fork).receives(Map.of("event", "signup", "plan", "free")))
                .hasMessageContaining("refuses it by '$or'");
    }

    @Test
    void an_event_without_what_the_policy_looks_at_is_no_question() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> assertThat(ON_ATTRIBUTES).ignoresBody("{\"event\":\"signup\"}"))
                .withMessageContaining("'mailing-list'")
                .withMessageContaining("about message attributes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> assertThat(ON_BODY).ignores(Map.of("plan", "free")))
                .withMessageContaining("about the body");
    }

    @Test
    void a_body_in_the_place_of_an_event_type_is_refused_and_not_ignored() {
        Fork fork = Fork.named("f").on("signup", String.class, event -> {}).build();

        assertThatThrownBy(() -> assertThat(fork).ignores("{\"event\":\"signup\"}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ignoresBody(..)");
    }

    @Test
    void a_fork_whose_type_is_computed_has_no_policy_to_ask() {
        Fork computed = Fork.named("f")
                .type(EventType.from(envelope -> Optional.of("x")))
                .on("x", String.class, event -> {})
                .build();

        assertThatThrownBy(() -> assertThat(computed).receivesBody("{}"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("computed by a function");
    }
}
