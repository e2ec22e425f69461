package io.github.eventfork;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.eventfork.envelope.Envelope;
import io.github.eventfork.filter.Condition;
import io.github.eventfork.filter.Conditions;
import io.github.eventfork.filter.FilterPolicy;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterPolicyTest {

    @Test
    void routes_become_a_policy_on_the_attribute_event() {
        // given a fork with two routes
        Fork fork = fork().on("signup", String.class, event -> {})
                .on("login", String.class, event -> {})
                .build();

        // then its policy names both types, on the attributes
        assertThat(fork.filterPolicy())
                .isEqualTo(
                        new FilterPolicy("{\"event\":[\"signup\",\"login\"]}", FilterPolicy.Scope.MESSAGE_ATTRIBUTES));
    }

    @Test
    void a_type_read_from_a_json_pointer_gives_a_policy_on_the_body() {
        Fork fork = fork().type(EventType.jsonPointer("/meta/kind"))
                .on("signup", String.class, event -> {})
                .build();

        assertThat(fork.filterPolicy())
                .isEqualTo(new FilterPolicy("{\"meta\":{\"kind\":[\"signup\"]}}", FilterPolicy.Scope.MESSAGE_BODY));
    }

    @Test
    void eventbridge_events_are_filtered_by_their_detail_type() {
        Fork fork = fork().envelope(Envelope.Kind.EVENTBRIDGE)
                .on("signup", String.class, event -> {})
                .whereBody("/plan", Condition.oneOf("pro"))
                .build();

        assertThat(fork.filterPolicy().json())
                .isEqualTo("{\"detail-type\":[\"signup\"],\"detail\":{\"plan\":[\"pro\"]}}");
    }

    @Test
    void a_route_for_any_type_sets_no_condition() {
        Fork fork = fork().on("signup", String.class, event -> {})
                .onAny(String.class, event -> {})
                .build();

        assertThat(fork.filterPolicy().takesAll()).isTrue();
    }

    @Test
    void conditions_stand_beside_the_type() {
        Fork fork = fork().on("signup", String.class, event -> {})
                .where("plan", Condition.oneOf("pro", "team").or(Condition.prefix("x-")))
                .where("seats", Condition.between(1, 100.5))
                .where("test", Condition.absent())
                .build();

        assertThat(fork.filterPolicy().json())
                .isEqualTo("{\"event\":[\"signup\"],\"plan\":[\"pro\",\"team\",{\"prefix\":\"x-\"}],"
                        + "\"seats\":[{\"numeric\":[\">=\",1,\"<=\",100.5]}],\"test\":[{\"exists\":false}]}");
    }

    @Test
    void a_type_computed_by_a_function_has_no_policy_and_says_so() {
        Fork fork = fork().type(EventType.from(envelope -> Optional.of("x")))
                .on("x", String.class, event -> {})
                .build();

        assertThatThrownBy(fork::filterPolicy)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Fork 'f'")
                .hasMessageContaining("computed by a function");
    }

    @Test
    void an_attribute_condition_beside_a_type_in_the_body_is_refused() {
        Fork.Builder fork = fork().type(EventType.jsonPointer("/kind"))
                .on("signup", String.class, event -> {})
                .where("plan", Condition.exists());

        assertThatThrownBy(fork::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("where(plan)");
    }

    @Test
    void a_sixth_key_is_refused() {
        Fork.Builder fork = fork().on("signup", String.class, event -> {});
        for (int i = 0; i < 5; i++) {
            fork.where("k" + i, Condition.exists());
        }

        assertThatThrownBy(fork::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Fork 'f': its filter policy has 6 keys; SNS takes 5.");
    }

    @Test
    void the_151st_combination_is_refused() {
        // given 3 types at depth 1 and 50 values at depth 1: 150 combinations
        String[] values = new String[49];
        for (int i = 0; i < values.length; i++) {
            values[i] = "v" + i;
        }
        Fork.Builder fork = fork().on("a", String.class, event -> {})
                .on("b", String.class, event -> {})
                .on("c", String.class, event -> {})
                .where("plan", Condition.oneOf("v", values));
        assertThat(fork.build().filterPolicy().takesAll()).isFalse();

        // when one type more makes 200
        fork.on("d", String.class, event -> {});

        // then it is refused
        assertThatThrownBy(fork::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("200 combinations");
    }

    @Test
    void depth_counts_as_sns_counts_it() {
        // given 4 values at depth 3 and 3 values at depth 2, which is 4x3 x 3x2 = 72, and 3 types at depth 1: 216
        Fork.Builder fork = fork().type(EventType.jsonPointer("/t"))
                .on("a", String.class, event -> {})
                .on("b", String.class, event -> {})
                .on("c", String.class, event -> {})
                .whereBody("/a/b/c", Condition.oneOf("1", "2", "3", "4"))
                .whereBody("/d/e", Condition.oneOf("1", "2", "3"));

        assertThatThrownBy(fork::build).hasMessageContaining("216 combinations");
    }

    @Test
    void a_body_condition_is_into_the_payload_of_the_event_that_the_type_comes_from() {
        Fork fork = fork().type(EventType.detailType())
                .on("signup", String.class, event -> {})
                .whereBody("/plan", Condition.oneOf("pro"))
                .build();

        assertThat(fork.filterPolicy().json())
                .isEqualTo("{\"detail-type\":[\"signup\"],\"detail\":{\"plan\":[\"pro\"]}}");
    }

    @Test
    void a_type_that_stands_in_an_array_has_no_policy_and_says_so() {
        Fork fork = fork().type(EventType.jsonPointer("/items/0/kind"))
                .on("signup", String.class, event -> {})
                .build();

        assertThatThrownBy(fork::filterPolicy)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("array");
    }

    @Test
    void a_type_in_the_payload_that_reads_like_a_number_or_a_truth_value_is_let_in_as_either() {
        Fork fork = fork().type(EventType.jsonPointer("/kind"))
                .on("42", String.class, event -> {})
                .on("1e3", String.class, event -> {})
                .on("true", String.class, event -> {})
                .build();

        assertThat(fork.filterPolicy().json()).isEqualTo("{\"kind\":[\"42\",42,\"1e3\",1000,\"true\",true]}");
    }

    @Test
    void a_type_that_json_does_not_write_as_a_number_is_a_text_in_the_payload() {
        Fork fork = fork().type(EventType.jsonPointer("/kind"))
                .on("007", String.class, event -> {})
                .on("+7", String.class, event -> {})
                .on(".5", String.class, event -> {})
                .on("1234567890.", String.class, event -> {})
                .build();

        assertThat(fork.filterPolicy().json()).isEqualTo("{\"kind\":[\"007\",\"+7\",\".5\",\"1234567890.\"]}");
    }

    @Test
    void a_type_in_an_attribute_that_reads_like_a_number_is_let_in_as_either_and_truth_values_are_texts_there() {
        Fork fork = fork().on("007", String.class, event -> {})
                .on("1e3", String.class, event -> {})
                .on("+.5", String.class, event -> {})
                .on("true", String.class, event -> {})
                .build();

        assertThat(fork.filterPolicy().json()).isEqualTo("{\"event\":[\"007\",7,\"1e3\",1000,\"+.5\",0.5,\"true\"]}");
    }

    @Test
    void types_that_read_like_one_number_ask_for_it_once() {
        Fork fork = fork().on("42", String.class, event -> {})
                .on("42.0", String.class, event -> {})
                .build();

        assertThat(fork.filterPolicy().json()).isEqualTo("{\"event\":[\"42\",42,\"42.0\"]}");
    }

    @Test
    void the_type_of_an_envelope_is_a_text() {
        Fork fork = fork().type(EventType.cloudEventsType())
                .on("42", String.class, event -> {})
                .on("true", String.class, event -> {})
                .on("1234567890", String.class, event -> {})
                .build();

        assertThat(fork.filterPolicy().json()).isEqualTo("{\"type\":[\"42\",\"true\",\"1234567890\"]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1234567890", "-1000000001", "0.000001", "1e10", "1e999999999", "1e-999999999", "1e99999999999"})
    void a_type_that_reads_like_a_number_which_sns_cant_compare_is_refused(String type) {
        // given it in an attribute and in the payload
        Fork.Builder inAttribute = fork().on(type, String.class, event -> {});
        Fork.Builder inPayload = fork().type(EventType.jsonPointer("/code")).on(type, String.class, event -> {});

        // then
        for (Fork.Builder fork : List.of(inAttribute, inPayload)) {
            assertThatThrownBy(fork::build)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(
                            "Fork 'f': event type '" + type + "' reads like a number that SNS can't compare (from -10^9"
                                    + " to 10^9, with at most 5 decimals): published as one, it would be kept out. Name it so that"
                                    + " it reads like none, or compute the type with EventType.from(..) and subscribe by a policy of"
                                    + " your own.");
        }
    }

    @Test
    void a_type_that_reads_like_any_number_may_have_a_route_beside_one_for_any_type() {
        Fork fork = fork().on("1234567890", String.class, event -> {})
                .onAny(String.class, event -> {})
                .build();

        assertThat(fork.filterPolicy().takesAll()).isTrue();
    }

    @Test
    void conditions_beside_a_type_that_sns_cant_filter_by_are_refused() {
        // given conditions that no policy would hold
        Fork.Builder computed = fork().type(EventType.from(envelope -> Optional.of("x")))
                .on("x", String.class, event -> {})
                .where("plan", Condition.exists());
        Fork.Builder inArray = fork().type(EventType.jsonPointer("/items/0"))
                .on("x", String.class, event -> {})
                .whereAnyOf(
                        Conditions.whereBody("/a", Condition.exists()), Conditions.whereBody("/b", Condition.exists()));

        // then
        assertThatThrownBy(computed::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Fork 'f': its event type is computed by a function, so it has no filter policy, and its"
                        + " conditions would be part of none. Read the type from an attribute or a field, or leave the"
                        + " conditions out and let the handler look.");
        assertThatThrownBy(inArray::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith(
                        "Fork 'f': its event type stands in an array, at /items/0 (a number in a pointer is"
                                + " taken for an index, never for an object's key), so it has no filter policy");
    }

    @Test
    void a_condition_at_a_number_says_that_it_is_taken_for_an_index() {
        Fork.Builder fork = fork().onAny(String.class, event -> {}).whereBody("/years/2026", Condition.exists());

        assertThatThrownBy(fork::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Fork 'f': whereBody(/years/2026) names a place in an array, which SNS can't (a number in a"
                        + " pointer is taken for an index, never for an object's key).");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b!", "a.", ".a", "a..b", "ä"})
    void a_type_is_read_from_an_attribute_that_there_can_be(String name) {
        assertThatThrownBy(() -> EventType.attribute(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a message attribute's name is 1 to 256 letters");
        assertThat(EventType.attribute("a.b-C_1")).isNotNull();
    }

    @Test
    void anything_but_many_is_one_of_the_150_combinations() {
        // given 200 values in one operator, of which SNS counts the operators
        String[] values = new String[199];
        for (int i = 0; i < values.length; i++) {
            values[i] = "v" + i;
        }
        Fork fork = fork().onAny(String.class, event -> {})
                .where("plan", Condition.anythingBut("v", values))
                .build();

        assertThat(fork.filterPolicy().takesAll()).isFalse();
    }

    @Test
    void what_sns_does_not_match_as_it_is_written_is_refused() {
        assertThatThrownBy(fork().on("a\"b", String.class, event -> {})::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("quotation mark or a backslash");
        assertThatThrownBy(fork().on("a", String.class, event -> {}).where("p", Condition.prefix("\\"))::build)
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_route_for_any_type_leaves_the_scope_to_the_conditions() {
        Fork fork = fork().onAny(String.class, event -> {})
                .whereBody("/plan", Condition.exists())
                .build();

        assertThat(fork.filterPolicy())
                .isEqualTo(new FilterPolicy("{\"plan\":[{\"exists\":true}]}", FilterPolicy.Scope.MESSAGE_BODY));
    }

    @Test
    void a_policy_longer_than_256_kb_is_refused() {
        Fork.Builder fork = fork().on("x".repeat(256 * 1024), String.class, event -> {});

        assertThatThrownBy(fork::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Fork 'f': its filter policy is longer than SNS's 256 KB.");
    }

    private static Fork.Builder fork() {
        return Fork.named("f");
    }
}
