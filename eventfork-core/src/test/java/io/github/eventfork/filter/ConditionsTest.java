package io.github.eventfork.filter;

import static io.github.eventfork.filter.Condition.atLeast;
import static io.github.eventfork.filter.Condition.exists;
import static io.github.eventfork.filter.Condition.oneOf;
import static io.github.eventfork.filter.Conditions.where;
import static io.github.eventfork.filter.Conditions.whereBody;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.eventfork.Fork;
import io.github.eventfork.envelope.Envelope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionsTest {

    private static final Condition ANY = exists();

    @Test
    void groups_become_an_or_beside_the_other_conditions() {
        Fork fork = signups()
                .where("region", oneOf("eu"))
                .whereAnyOf(
                        where("plan", oneOf("pro", "team")),
                        where("plan", oneOf("free")).and("seats", atLeast(10)))
                .build();

        assertThat(fork.filterPolicy())
                .isEqualTo(new FilterPolicy(
                        "{\"event\":[\"signup\"],\"region\":[\"eu\"],\"$or\":[{\"plan\":[\"pro\",\"team\"]},"
                                + "{\"plan\":[\"free\"],\"seats\":[{\"numeric\":[\">=\",10]}]}]}",
                        FilterPolicy.Scope.MESSAGE_ATTRIBUTES));
    }

    @Test
    void groups_on_the_body_reach_into_the_payload() {
        Fork fork = Fork.named("f")
                .envelope(Envelope.Kind.EVENTBRIDGE)
                .on("signup", String.class, event -> {})
                .whereAnyOf(whereBody("/plan", oneOf("pro")), whereBody("/user/seats", atLeast(10)))
                .build();

        assertThat(fork.filterPolicy().json())
                .isEqualTo("{\"detail-type\":[\"signup\"],\"$or\":[{\"detail\":{\"plan\":[\"pro\"]}},"
                        + "{\"detail\":{\"user\":{\"seats\":[{\"numeric\":[\">=\",10]}]}}}]}");
    }

    @Test
    void groups_nest() {
        Fork fork = anything()
                .whereAnyOf(where("a", ANY).andAnyOf(where("b", ANY), where("c", ANY)), where("d", ANY))
                .build();

        assertThat(fork.filterPolicy().json())
                .isEqualTo("{\"$or\":[{\"a\":[{\"exists\":true}],\"$or\":[{\"b\":[{\"exists\":true}]},"
                        + "{\"c\":[{\"exists\":true}]}]},{\"d\":[{\"exists\":true}]}]}");
    }

    @Test
    void groups_choose_the_scope_where_no_type_does() {
        assertThat(anything()
                        .whereAnyOf(whereBody("/a", ANY), whereBody("/b", ANY))
                        .build()
                        .filterPolicy()
                        .scope())
                .isEqualTo(FilterPolicy.Scope.MESSAGE_BODY);
        assertThat(anything()
                        .whereAnyOf(where("a", ANY), where("b", ANY))
                        .build()
                        .filterPolicy()
                        .scope())
                .isEqualTo(FilterPolicy.Scope.MESSAGE_ATTRIBUTES);
    }

    @Test
    void a_group_does_not_change_when_it_is_continued() {
        Conditions plan = where("plan", ANY);

        assertThat(plan.and("seats", ANY)).hasToString("plan [{\"exists\":true}] and seats [{\"exists\":true}]");
        assertThat(plan).hasToString("plan [{\"exists\":true}]");
    }

    @Test
    void combinations_of_groups_add_up() {
        // 1 x (6 + 4 x (16 + 20)) = 150
        assertThat(signups()
                        .whereAnyOf(where("a", values(6)), groupOf(4, 16, 20))
                        .build()
                        .filterPolicy()
                        .takesAll())
                .isFalse();

        assertRefused(
                signups().whereAnyOf(where("a", values(7)), groupOf(4, 16, 20)),
                "its filter policy has 151 combinations of values; SNS takes 150. Use onAny and fewer values, or split"
                        + " the fork");
    }

    private static Conditions groupOf(int outer, int first, int second) {
        return where("b", values(outer)).andAnyOf(where("c", values(first)), where("d", values(second)));
    }

    @Test
    void keys_in_groups_count() {
        Fork.Builder fork = signups().where("b", ANY).where("c", ANY);

        // 5 keys
        assertThat(fork.whereAnyOf(
                                where("d", ANY),
                                where("e", ANY),
                                where("d", ANY).and("e", ANY))
                        .build())
                .isNotNull();

        // 6 keys
        assertRefused(
                signups()
                        .where("b", ANY)
                        .where("c", ANY)
                        .whereAnyOf(where("d", ANY), where("e", ANY).and("g", ANY)),
                "its filter policy has 6 keys; SNS takes 5");
    }

    @Test
    void a_group_that_repeats_a_key_beside_it_is_refused() {
        assertRefused(
                signups().where("plan", ANY).whereAnyOf(where("plan", ANY), where("seats", ANY)),
                "'plan' has a condition in an or-group and one beside it, of which SNS keeps one");
        assertRefused(
                anything().whereAnyOf(where("a", ANY).andAnyOf(where("a", ANY), where("b", ANY)), where("c", ANY)),
                "'a' has a condition in an or-group and one beside it, of which SNS keeps one");
        assertRefused(
                signups().whereAnyOf(where("event", ANY), where("seats", ANY)),
                "there is a condition on the event type itself, at 'event'");
    }

    @Test
    void a_body_field_and_a_field_inside_it_are_refused_across_groups() {
        assertRefused(
                anything().whereBody("/user/plan", ANY).whereAnyOf(whereBody("/user", ANY), whereBody("/b", ANY)),
                "body field 'user' has a condition and conditions inside it");
    }

    @Test
    void a_name_with_a_dot_is_the_same_place_as_a_path_of_the_body() {
        assertRefused(
                anything().whereBody("/user.plan", ANY).whereBody("/user/plan", ANY),
                "there are two conditions on 'user.plan'");
        assertRefused(
                anything().whereBody("/user.plan", ANY).whereBody("/user", ANY),
                "body field 'user' has a condition and conditions inside it");
        // of attributes, names are names
        assertThat(anything()
                        .where("user.plan", ANY)
                        .where("user", ANY)
                        .build()
                        .filterPolicy()
                        .json())
                .isEqualTo("{\"user.plan\":[{\"exists\":true}],\"user\":[{\"exists\":true}]}");
    }

    @Test
    void groups_of_the_wrong_scope_are_refused() {
        assertRefused(
                signups().whereAnyOf(whereBody("/a", ANY), whereBody("/b", ANY)),
                "the policy's scope is MessageAttributes, because the event type is an attribute, and whereBody(/a) can't"
                        + " be part of it");
        assertRefused(
                anything().whereBody("/a", ANY).whereAnyOf(where("b", ANY), where("c", ANY)),
                "the policy's scope is MessageBody, because the event type or a condition is in the body, and where(b)"
                        + " can't be part of it; use whereBody(..)");
    }

    @Test
    void a_second_or_is_refused() {
        assertRefused(
                anything().whereAnyOf(where("a", ANY), where("b", ANY)).whereAnyOf(where("c", ANY), where("d", ANY)),
                "whereAnyOf is given twice, and SNS takes one; nest the second in each group of the first, with"
                        + " andAnyOf(..)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> where("x", ANY)
                        .andAnyOf(where("a", ANY), where("b", ANY))
                        .andAnyOf(where("c", ANY), where("d", ANY)));
    }

    @Test
    void a_place_that_is_twice_in_a_group_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> where("plan", ANY).and("plan", ANY))
                .withMessage("attribute 'plan' has two conditions; join them with or(..)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> whereBody("/plan", ANY).and("/plan", ANY))
                .withMessage("body field '/plan' has two conditions; join them with or(..)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> whereBody("/plan", ANY).and("plan", ANY));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "$or", "a b", ".a", "a.", "a..b", "é"})
    void a_name_that_no_attribute_can_have_is_refused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> where(name, ANY))
                .withMessageContaining("was '" + name + "'");
        assertThatIllegalArgumentException().isThrownBy(() -> signups().where(name, ANY));
    }

    @Test
    void the_or_of_sns_is_no_key_of_a_body() {
        assertRefused(
                anything().whereBody("/user/$or", ANY),
                "a key of its filter policy is '$or', which is an operator for SNS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/prefix", "/user/numeric", "/regex", "/exists/x"})
    void a_name_in_a_group_that_sns_takes_for_an_operator_is_refused(String pointer) {
        assertRefused(
                anything().whereAnyOf(whereBody(pointer, ANY), whereBody("/b", ANY)),
                "in an or-group SNS takes a name in '" + pointer.substring(1).replace('/', '.') + "' for an operator");
        // beside groups it is a name like any other
        assertThat(anything().whereBody(pointer, ANY).build()).isNotNull();
    }

    @Test
    void a_place_of_an_array_in_a_group_is_refused() {
        assertRefused(
                anything().whereAnyOf(whereBody("/items/0", ANY), whereBody("/b", ANY)),
                "whereBody(/items/0) names a place in an array, which SNS can't (a number in a pointer is taken for an"
                        + " index, never for an object's key)");
    }

    private static void assertRefused(Fork.Builder fork, String why) {
        assertThatIllegalStateException().isThrownBy(fork::build).withMessage("Fork 'f': " + why + ".");
    }

    private static Condition values(int count) {
        String[] more = new String[count - 1];
        for (int i = 0; i < more.length; i++) {
            more[i] = "v" + i;
        }
        return oneOf("v", more);
    }

    private static Fork.Builder signups() {
        return Fork.named("f").on("signup", String.class, event -> {});
    }

    private static Fork.Builder anything() {
        return Fork.named("f").onAny(String.class, event -> {});
    }
}
