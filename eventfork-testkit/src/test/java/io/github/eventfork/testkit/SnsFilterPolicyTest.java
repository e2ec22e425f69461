package io.github.eventfork.testkit;

import static io.github.eventfork.filter.FilterPolicy.Scope.MESSAGE_ATTRIBUTES;
import static io.github.eventfork.filter.FilterPolicy.Scope.MESSAGE_BODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.eventfork.filter.FilterPolicy.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SnsFilterPolicyTest {

    @Test
    void a_policy_compares_only_what_its_scope_names() {
        // given the same policy in both scopes, and a message that fits it in one place only
        String policy = "{\"k\":[\"a\"]}";
        String fits = "{\"k\":\"a\"}";

        // then the attributes count for one, the body for the other
        assertThat(SnsFilterPolicy.of(policy, MESSAGE_ATTRIBUTES).takes(fits, "{}"))
                .isTrue();
        assertThat(SnsFilterPolicy.of(policy, MESSAGE_BODY).takes(fits, "{}")).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            the first key      | {"k":["a"],"l":["b"]}                  | {"k":"x","l":"y"}                 | k
            the second key     | {"k":["a"],"l":["b"]}                  | {"k":"a","l":"y"}                 | l
            a key that lacks   | {"k":["a"],"l":["b"]}                  | {"l":"b"}                         | k
            a key within       | {"k":["a"],"u":{"v":["b"],"w":["c"]}}  | {"k":"a","u":{"v":"b","w":"x"}}   | u.w
            a key with a dot   | {"u.v":["b"]}                          | {"u":{"v":"x"}}                   | u.v
            groups             | {"k":["a"],"$or":[{"l":[1]},{"m":[2]}]} | {"k":"a","l":2}                  | $or
            groups within      | {"u":{"$or":[{"l":[1]},{"m":[2]}]}}    | {"u":{"l":2}}                     | u.$or
            no one element     | {"u":{"v":[1],"w":[2]}}                | {"u":[{"v":1},{"w":2}]}           | u.w
            no object          | {"k":["a"],"l":["b"]}                  | []                                | k
            """)
    void what_refuses_is_named_by_its_place(String what, String policy, String body, String place) {
        SnsFilterPolicy compiled = SnsFilterPolicy.of(policy, MESSAGE_BODY);

        assertThat(compiled.refusedBy("{}", body)).contains(place);
        // and again, now that the policy is taken apart
        assertThat(compiled.refusedBy("{}", body)).contains(place);
    }

    @Test
    void groups_that_ask_whether_one_key_is_absent_are_told_apart_each_time() {
        // AWS's matcher, given both groups at once, takes this in half of the cases only
        String policy = "{\"$or\":[{\"x\":[{\"exists\":false}]},{\"x\":[\"c\",{\"exists\":false}]}]}";

        for (int i = 0; i < 50; i++) {
            assertThat(SnsFilterPolicy.of(policy, MESSAGE_BODY).refusedBy("{}", "{\"x\":\"c\"}"))
                    .isEmpty();
            assertThat(SnsFilterPolicy.of(policy, MESSAGE_BODY).refusedBy("{}", "{\"x\":\"d\"}"))
                    .contains("$or");
        }
    }

    @Test
    void a_message_that_is_let_in_is_refused_by_nothing() {
        assertThat(SnsFilterPolicy.of("{\"k\":[\"a\"]}", MESSAGE_BODY).refusedBy("{}", "{\"k\":\"a\"}"))
                .isEmpty();
        assertThat(SnsFilterPolicy.of("", MESSAGE_BODY).refusedBy("{}", "")).isEmpty();
    }

    @Test
    void a_policy_past_256_kb_is_refused() {
        String most = "{\"k\":[\"" + "é".repeat(128 * 1024 - 5) + "\"]}";
        assertThat(SnsFilterPolicy.of(most, MESSAGE_ATTRIBUTES).json()).isEqualTo(most);

        assertRefused(most + " ", MESSAGE_ATTRIBUTES, "FilterPolicy: Filter policy can not be larger than 256 KB");
    }

    @Test
    void attributes_are_rendered_as_sns_compares_them() {
        String json = SnsFilterPolicy.attributes()
                .with("text", "String", "é\"\\😀")
                .with("number", "Number", " 1.50")
                .with("label", "Number.int", "7")
                .with("list", "String.Array", "[\"a\", 1, null, true]")
                .with("bytes", "Binary", "AgME")
                .json();

        assertThat(json)
                .isEqualTo(
                        "{\"text\":\"é\\\\\\\"\\\\\\\\😀\",\"number\":1.50,\"label\":7,\"list\":[\"a\",1,null,true]}");
    }

    @ParameterizedTest
    @CsvSource({"Number, one", "String.Array, no array", "String.Array, 5"})
    void an_attribute_that_is_not_of_its_type_is_refused_without_its_value(String type, String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SnsFilterPolicy.attributes().with("k", type, value))
                .withMessageContaining("'k'")
                .withMessageNotContaining(value);
    }

    @Test
    void a_number_of_any_size_is_compared_at_once() {
        String attributes =
                SnsFilterPolicy.attributes().with("k", "Number", "1e999999999").json();

        assertThat(SnsFilterPolicy.of("{\"k\":[{\"numeric\":[\"<\",5]}]}", MESSAGE_ATTRIBUTES)
                        .takes(attributes, ""))
                .isFalse();
    }

    private static void assertRefused(String policy, Scope scope, String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SnsFilterPolicy.of(policy, scope))
                .withMessage(text);
    }
}
