package io.github.eventfork.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.eventfork.EventType;
import io.github.eventfork.Fork;
import io.github.eventfork.envelope.Envelope;
import io.github.eventfork.filter.Condition;
import io.github.eventfork.filter.Conditions;
import io.github.eventfork.filter.FilterPolicy;
import io.github.eventfork.filter.FilterPolicy.Scope;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which events on a bus a fork's rule lets in. */
class EventPatternTest {

    private static Fork.Builder chat() {
        return Fork.named("chat").on("signup", String.class, event -> {});
    }

    private static Fork.Builder any() {
        return Fork.named("chat").onAny(String.class, event -> {});
    }

    static Stream<Arguments> forks() {
        return Stream.of(
                arguments(
                        "types are detail-types",
                        chat().on("login", String.class, event -> {}),
                        "{\"detail-type\":[\"signup\",\"login\"]}"),
                arguments(
                        "a type that reads like a number is text there",
                        chat().on("1", String.class, event -> {}).on("true", String.class, event -> {}),
                        "{\"detail-type\":[\"signup\",\"1\",\"true\"]}"),
                arguments("any type at all", any(), "{\"source\":[{\"prefix\":\"\"}]}"),
                arguments(
                        "a detail-type by name", chat().type(EventType.detailType()), "{\"detail-type\":[\"signup\"]}"),
                arguments(
                        "conditions on the payload are asked of detail",
                        chat().envelope(Envelope.Kind.EVENTBRIDGE)
                                .whereBody("/user/plan", Condition.oneOf("pro", "team"))
                                .whereBody("/user/age", Condition.atLeast(18)),
                        "{\"detail-type\":[\"signup\"],"
                                + "\"detail\":{\"user\":{\"plan\":[\"pro\",\"team\"],"
                                + "\"age\":[{\"numeric\":[\">=\",18]}]}}}"),
                arguments(
                        "a type in the payload is one in detail",
                        chat().type(EventType.jsonPointer("/meta/type")),
                        "{\"detail\":{\"meta\":{\"type\":[\"signup\"]}}}"),
                arguments(
                        "a type in the payload that reads like a number is compared as one, too",
                        Fork.named("chat").type(EventType.jsonPointer("/type")).on("7", String.class, event -> {}),
                        "{\"detail\":{\"type\":[\"7\",{\"numeric\":[\"=\",7]}]}}"),
                arguments(
                        "any type, with a condition on the payload",
                        any().whereBody("/plan", Condition.prefix("pro")),
                        "{\"detail\":{\"plan\":[{\"prefix\":\"pro\"}]}}"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forks")
    void what_a_fork_wants_is_said_as_a_pattern(String what, Fork.Builder fork, String pattern) {
        assertThat(pattern(fork.build())).hasToString(pattern);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[\"a\",\"\",null,true,false]     | [\"a\",\"\",null,true,false]",
                "[300,3.5,-1]                     | [{\"numeric\":[\"=\",300]},{\"numeric\":[\"=\",3.5]},{\"numeric\":[\"=\",-1]}]",
                "[{\"prefix\":\"a\"}]             | [{\"prefix\":\"a\"}]",
                "[{\"suffix\":\"a\"}]             | [{\"suffix\":\"a\"}]",
                "[{\"equals-ignore-case\":\"a\"}] | [{\"equals-ignore-case\":\"a\"}]",
                "[{\"numeric\":[\">\",0,\"<=\",5]}] | [{\"numeric\":[\">\",0,\"<=\",5]}]",
                "[{\"exists\":false}]             | [{\"exists\":false}]",
                "[{\"cidr\":\"10.0.0.0/8\"}]      | [{\"cidr\":\"10.0.0.0/8\"}]",
                "[{\"anything-but\":\"a\"}]       | [{\"anything-but\":\"a\"}]",
                "[{\"anything-but\":[\"a\",\"b\"]}] | [{\"anything-but\":[\"a\",\"b\"]}]",
                "[{\"anything-but\":1}]           | [{\"anything-but\":1}]",
                "[{\"anything-but\":[1,2.5]}]     | [{\"anything-but\":[1,2.5]}]",
                "[{\"anything-but\":{\"prefix\":\"a\"}}] | [{\"anything-but\":{\"prefix\":\"a\"}}]"
            })
    void what_means_the_same_on_a_bus_is_translated(String condition, String translated) {
        assertThat(custom("{\"a\":{\"b\":" + condition + "}}"))
                .hasToString("{\"detail\":{\"a\":{\"b\":" + translated + "}}}");
    }

    @Test
    void a_group_of_which_one_must_hold_stays_one() {
        assertThat(custom("{\"plan\":[\"pro\"],\"$or\":[{\"age\":[1]},{\"user\":{\"vip\":[true]}}]}"))
                .hasToString("{\"detail\":{\"plan\":[\"pro\"],"
                        + "\"$or\":[{\"age\":[{\"numeric\":[\"=\",1]}]},{\"user\":{\"vip\":[true]}}]}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":[{\"wildcard\":\"x*\"}]}                     | 'a' can't be said in an event pattern: 'wildcard' is",
                "{\"a\":[{\"anything-but\":[1,\"b\"]}]}                | 'anything-but' of such a value is not known",
                "{\"a\":[{\"anything-but\":{\"suffix\":\"x\"}}]}     | 'anything-but' of such a value is not known",
                "{\"a\":[{\"prefix\":{\"equals-ignore-case\":\"x\"}}]} | 'prefix' is not known to mean the same there",
                "{\"a\":[{}]}                                        | it must name one operator",
                "{\"a.b\":[\"x\"]}                                   | a name with a dot is a path to SNS; nest it",
                "{\"a.b\":{\"c\":[\"x\"]}}                             | 'a.b' can't be said in an event pattern: a name with a dot",
                "[]                                                  | its filter policy is no JSON object",
                "{                                                   | the filter policy is no JSON"
            })
    void what_may_mean_something_else_on_a_bus_is_refused(String policy, String why) {
        assertThatIllegalArgumentException().isThrownBy(() -> custom(policy)).withMessageContaining(why);
    }

    /** Each that can be asked of the body. */
    static Stream<Condition> conditions() {
        return Stream.of(
                Condition.oneOf("a", "b"),
                Condition.oneOf(1, 2.5),
                Condition.equalsIgnoreCase("a"),
                Condition.isTrue(),
                Condition.isFalse(),
                Condition.isNull(),
                Condition.prefix("a"),
                Condition.suffix("a"),
                Condition.anythingBut("a", "b"),
                Condition.anythingBut(1, 2.5),
                Condition.anythingButPrefix("a"),
                Condition.exists(),
                Condition.absent(),
                Condition.between(1, 2),
                Condition.atLeast(1),
                Condition.atMost(1),
                Condition.greaterThan(1),
                Condition.lessThan(1),
                Condition.cidr("10.0.0.0/8"));
    }

    @ParameterizedTest
    @MethodSource("conditions")
    void a_condition_of_a_fork_can_be_asked_of_a_bus(Condition condition) {
        // when
        JsonNode pattern = pattern(
                any().whereBody("/place", condition.or(Condition.oneOf("x"))).build());

        // then
        assertThat(pattern.at("/detail/place").toString()).startsWith("[").endsWith(",\"x\"]");
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                arguments(
                        chat().whereAnyOf(
                                        Conditions.where("plan", Condition.oneOf("pro")),
                                        Conditions.where("vip", Condition.exists())),
                        "its filter policy asks for message attributes, in groups of which one must hold, and"
                                + " EventBridge events have none"),
                arguments(
                        chat().where("plan", Condition.oneOf("pro")),
                        "its filter policy asks for the message attribute 'plan', and EventBridge events have none. Ask"
                                + " for a field of the body, with whereBody(..)"),
                arguments(
                        any().where("event", Condition.exists()).type(EventType.jsonPointer("/type")),
                        "its filter policy asks for the message attribute 'event'"),
                arguments(
                        chat().type(EventType.attribute("kind")),
                        "its event type is the message attribute 'kind', and EventBridge events have none. Leave the type"
                                + " at EventType.standard(), which is the detail-type there"),
                arguments(
                        chat().envelope(Envelope.Kind.SNS),
                        "it takes SNS only, and what comes from an event bus is an EventBridge event"),
                arguments(chat().envelope(Envelope.Kind.RAW), "it takes RAW only"),
                arguments(chat().envelope(Envelope.Kind.CLOUDEVENTS), "it takes CLOUDEVENTS only"),
                arguments(chat().type(EventType.cloudEventsType()), "it takes CLOUDEVENTS only"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("refused")
    void a_fork_that_no_event_of_a_bus_can_please_is_refused(Fork.Builder fork, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pattern(fork.build()))
                .withMessageContaining(why);
    }

    @Test
    void a_detail_type_that_is_no_text_is_refused() {
        // given
        FilterPolicy number = new FilterPolicy("{\"event\":[1]}", Scope.MESSAGE_ATTRIBUTES);
        ForkQueue queue = queue(chat().build()).withFilterPolicy(number);

        // then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventPattern.of(queue))
                .withMessage("a detail-type is text, and its filter policy asks for none");
    }

    @Test
    void a_fork_with_a_computed_type_goes_by_the_policy_that_it_is_given() {
        // given
        Fork computed = Fork.named("chat")
                .type(EventType.from(envelope -> Optional.of("signup")))
                .on("signup", String.class, event -> {})
                .build();
        FilterPolicy policy = new FilterPolicy("{\"kind\":[\"signup\"]}", Scope.MESSAGE_BODY);

        // then
        assertThat(EventPattern.of(queue(computed).withFilterPolicy(policy)))
                .hasToString("{\"detail\":{\"kind\":[\"signup\"]}}");
    }

    @Test
    void an_error_names_topology_and_fork() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Rendered.eventBridge(Topology.of("user-events")
                        .forks(chat().envelope(Envelope.Kind.SNS).build())))
                .withMessageStartingWith("Topology 'user-events', fork 'chat': it takes SNS only");
    }

    @Test
    void no_rule_has_more_than_one_of_its_five_targets_however_many_forks_want_the_same() {
        // given
        Topology topology = Topology.of("user-events")
                .forks(IntStream.range(0, 12)
                        .mapToObj(index -> Forks.on("f" + index, "signup"))
                        .toArray(Fork[]::new));

        // when
        Rendered template = Rendered.eventBridge(topology);

        // then
        assertThat(template.resources())
                .filteredOn(id -> id.endsWith("Rule"))
                .hasSize(12)
                .allSatisfy(id ->
                        assertThat(template.properties(id).path("Targets")).hasSize(1));
    }

    @Test
    void a_topic_that_may_send_as_well_still_may() {
        // given
        Topology topology = Topology.of("user-events")
                .fork(chat().build(), queue -> queue.withSender("arn:aws:sns:eu-west-1:123456789012:news"));

        // when
        JsonNode statements =
                Rendered.eventBridge(topology).properties("ChatQueuePolicy").at("/PolicyDocument/Statement");

        // then
        assertThat(statements)
                .extracting(statement -> statement.at("/Principal/Service").asText() + " "
                        + statement.at("/Condition/ArnEquals/aws:SourceArn"))
                .containsExactly(
                        "events.amazonaws.com {\"Fn::Sub\":\"arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:"
                                + "rule/user-events/chat\"}",
                        "sns.amazonaws.com \"arn:aws:sns:eu-west-1:123456789012:news\"");
    }

    @Test
    void a_rule_stands_when_both_queues_take_from_it() {
        // when
        Rendered template = Rendered.eventBridge(Topology.of("user-events").forks(chat().build()));

        // then what it can't deliver goes to the fork's dead letters
        JsonNode rule = template.properties("ChatRule");
        assertThat(rule.path("Name").asText()).isEqualTo("chat");
        assertThat(template.tree().at("/Resources/ChatRule/DependsOn"))
                .hasToString("[\"ChatQueuePolicy\",\"ChatDeadLetterQueuePolicy\"]");
        assertThat(rule.at("/Targets/0/DeadLetterConfig"))
                .hasToString("{\"Arn\":{\"Fn::GetAtt\":[\"ChatDeadLetterQueue\",\"Arn\"]}}");
        JsonNode letters = template.properties("ChatDeadLetterQueuePolicy");
        assertThat(letters.at("/Queues")).hasToString("[{\"Ref\":\"ChatDeadLetterQueue\"}]");
        assertThat(letters.at("/PolicyDocument/Statement/0/Resource"))
                .hasToString("{\"Fn::GetAtt\":[\"ChatDeadLetterQueue\",\"Arn\"]}");
        assertThat(letters.at("/PolicyDocument/Statement/0/Condition"))
                .isEqualTo(template.properties("ChatQueuePolicy").at("/PolicyDocument/Statement/0/Condition"))
                .hasToString(
                        "{\"ArnEquals\":{\"aws:SourceArn\":{\"Fn::Sub\":\"arn:${AWS::Partition}:events:${AWS::Region}"
                                + ":${AWS::AccountId}:rule/user-events/chat\"}}}");
    }

    @Test
    void the_bus_that_each_account_has_cant_be_made() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Rendered.eventBridge(Topology.of("default").forks(chat().build())))
                .withMessage(
                        "Topology 'default': an event bus can't be named 'default', because each account has one of"
                                + " that name. Name the topology differently");
    }

    private static JsonNode custom(String policy) {
        return EventPattern.of(queue(chat().build()).withFilterPolicy(new FilterPolicy(policy, Scope.MESSAGE_BODY)));
    }

    private static JsonNode pattern(Fork fork) {
        return EventPattern.of(queue(fork));
    }

    private static ForkQueue queue(Fork fork) {
        return ForkQueue.of(fork, QueueTimes.STANDARD, false);
    }
}
