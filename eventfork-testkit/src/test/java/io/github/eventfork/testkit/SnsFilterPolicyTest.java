package io.github.eventfork.testkit;

import static io.github.eventfork.FilterPolicy.Scope.MESSAGE_ATTRIBUTES;
import static io.github.eventfork.FilterPolicy.Scope.MESSAGE_BODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.eventfork.FilterPolicy.Scope;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SnsFilterPolicyTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"k":["a","b"]}                                | {"k":"b"}              | true
            {"k":["a","b"]}                                | {"k":"c"}              | false
            {"k":["a"]}                                    | {"k":"A"}              | false
            {"k":["a"],"l":["b"]}                          | {"k":"a","l":"b"}      | true
            {"k":["a"],"l":["b"]}                          | {"k":"a"}              | false
            {"k":[100]}                                    | {"k":100.0}            | true
            {"k":[100]}                                    | {"k":1e2}              | true
            {"k":[100]}                                    | {"k":"100"}            | false
            {"k":["100"]}                                  | {"k":100}              | false
            {"k":[true]}                                   | {"k":true}             | true
            {"k":[true]}                                   | {"k":"true"}           | false
            {"k":[null]}                                   | {"k":null}             | true
            {"k":[null]}                                   | {}                     | false
            {"$or":[{"k":["a"]},{"l":["b"]}]}              | {"l":"b"}              | true
            {"$or":[{"k":["a"]},{"l":["b"]}]}              | {"k":"b","l":"a"}      | false
            {"k":[{"prefix":"use"}]}                       | {"k":"user"}           | true
            {"k":[{"prefix":"use"}]}                       | {"k":"abuse"}          | false
            {"k":[{"suffix":".png"}]}                      | {"k":"a.png"}          | true
            {"k":[{"suffix":".png"}]}                      | {"k":"a.jpg"}          | false
            {"k":[{"equals-ignore-case":"Ada"}]}           | {"k":"aDA"}            | true
            {"k":[{"equals-ignore-case":"Ada"}]}           | {"k":"Adam"}           | false
            {"k":[{"numeric":["=",3.5]}]}                  | {"k":3.50}             | true
            {"k":[{"numeric":["<",5]}]}                    | {"k":4.99999}          | true
            {"k":[{"numeric":["<",5]}]}                    | {"k":5}                | false
            {"k":[{"numeric":["<=",5]}]}                   | {"k":5}                | true
            {"k":[{"numeric":[">",5]}]}                    | {"k":5}                | false
            {"k":[{"numeric":[">=",5]}]}                   | {"k":5}                | true
            {"k":[{"numeric":[">",0,"<=",10]}]}            | {"k":10}               | true
            {"k":[{"numeric":[">",0,"<=",10]}]}            | {"k":11}               | false
            {"k":[{"exists":true}]}                        | {"k":"x"}              | true
            {"k":[{"exists":true}]}                        | {"l":"x"}              | false
            {"k":[{"exists":false}]}                       | {"l":"x"}              | true
            {"k":[{"exists":false}]}                       | {"k":"x"}              | false
            {"k":[{"cidr":"10.0.0.0/24"}]}                 | {"k":"10.0.0.255"}     | true
            {"k":[{"cidr":"10.0.0.0/24"}]}                 | {"k":"10.0.1.0"}       | false
            {"k":[{"cidr":"2001:db8::/32"}]}               | {"k":"2001:db8::1"}    | true
            {"k":[{"anything-but":"a"}]}                   | {"k":"b"}              | true
            {"k":[{"anything-but":"a"}]}                   | {"k":"a"}              | false
            {"k":[{"anything-but":"a"}]}                   | {}                     | false
            {"k":[{"anything-but":["a","b"]}]}             | {"k":"b"}              | false
            {"k":[{"anything-but":[1,2]}]}                 | {"k":3}                | true
            {"k":[{"anything-but":[1,2]}]}                 | {"k":2}                | false
            {"k":[{"anything-but":{"prefix":"or"}}]}       | {"k":"order"}          | false
            {"k":[{"anything-but":{"prefix":"or"}}]}       | {"k":"user"}           | true
            {"k":["a"]}                                    | {"k":["b","a"]}        | true
            {"k":[{"anything-but":["rugby"]}]}             | {"k":["rugby","golf"]} | true
            {"k":[{"prefix":"us"}]}                        | {"k":["b","user"]}     | true
            """)
    void each_operator_takes_only_what_it_names(String policy, String attributes, boolean taken) {
        assertThat(SnsFilterPolicy.of(policy, MESSAGE_ATTRIBUTES).takes(attributes, "ignored"))
                .isEqualTo(taken);
        // the same object as a body is judged the same
        assertThat(SnsFilterPolicy.of(policy, MESSAGE_BODY).takes("{}", attributes))
                .isEqualTo(taken);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"user":{"plan":["pro"]}}              | {"user":{"plan":"pro"}}                             | true
            {"user":{"plan":["pro"]}}              | {"user":{"plan":"free"}}                            | false
            {"user":{"plan":["pro"]}}              | {"plan":"pro"}                                      | false
            {"user.plan":["pro"]}                  | {"user":{"plan":"pro"}}                             | true
            {"a":{"b":[1],"c":[2]}}                | {"a":[{"b":1,"c":2},{"b":3,"c":4}]}                 | true
            {"a":{"b":[1],"c":[4]}}                | {"a":[{"b":1,"c":2},{"b":3,"c":4}]}                 | false
            """)
    void a_body_policy_reaches_into_objects(String policy, String body, boolean taken) {
        assertThat(SnsFilterPolicy.of(policy, MESSAGE_BODY).takes("{}", body)).isEqualTo(taken);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "[{\"k\":\"a\"}]", "\"a\"", "5", "{\"k\":\"a\"", "no json"})
    void a_body_that_is_no_json_object_is_not_taken(String body) {
        assertThat(SnsFilterPolicy.of("{\"k\":[\"a\"]}", MESSAGE_BODY).takes("{}", body))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{}", " { } "})
    void an_empty_policy_takes_everything(String policy) {
        assertThat(SnsFilterPolicy.of(policy, MESSAGE_BODY).takes("{}", "no json"))
                .isTrue();
    }

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

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"k":[]}                                     | FilterPolicy: Empty arrays are not allowed
            {"k":"a"}                                    | FilterPolicy: "k" must be an object or an array
            {"k":[["a"]]}                                | FilterPolicy: Match value must be String, number, true, false, or null
            {"k":[{"like":"a"}]}                         | FilterPolicy: Unrecognized match type like
            {"k":[{"wildcard":"a*"}]}                    | FilterPolicy: Unrecognized match type wildcard
            {"k":[{"exactly":"a"}]}                      | FilterPolicy: Unrecognized match type exactly
            {"k":[{"prefix":"a","suffix":"b"}]}          | FilterPolicy: Only one key allowed in match expression
            {"k":[{"suffix":1}]}                         | FilterPolicy: suffix match pattern must be a string
            {"k":[{"prefix":{"equals-ignore-case":"a"}}]}| FilterPolicy: prefix match pattern must be a string
            {"k":[{"exists":"yes"}]}                     | FilterPolicy: exists match pattern must be either true or false.
            {"k":[{"anything-but":{"suffix":"a"}}]}      | FilterPolicy: Unsupported anything-but pattern: suffix
            {"k":[{"anything-but":{"wildcard":"a*"}}]}   | FilterPolicy: Unsupported anything-but pattern: wildcard
            {"k":[{"anything-but":["a",1]}]}             | FilterPolicy: Inside anything but list
            {"k":[{"numeric":[]}]}                       | FilterPolicy: Invalid member in numeric match: ]
            {"k":[{"numeric":["<>",1]}]}                 | FilterPolicy: Unrecognized numeric range operator: <>
            {"k":[{"numeric":["<","1"]}]}                | FilterPolicy: Value of < must be numeric
            {"k":[{"numeric":["=","1"]}]}                | FilterPolicy: Value of equals must be numeric
            {"k":[{"numeric":["=",1,2]}]}                | FilterPolicy: Too many elements in numeric expression
            {"k":[{"numeric":[">",5,"<",2]}]}            | FilterPolicy: Bottom must be less than top
            {"k":[{"numeric":[">",1,"<",5,"<",6]}]}      | FilterPolicy: Too many terms in numeric range expression
            {"k":[{"numeric":["<",1000000001]}]}         | FilterPolicy: Value must be between -1.0E9 and 1.0E9, inclusive
            {"k":[-1000000001]}                          | FilterPolicy: Value must be between -1.0E9 and 1.0E9, inclusive
            {"k":[{"cidr":"10.0.0.0"}]}                  | FilterPolicy: Malformed CIDR, one '/' required
            {"k":[{"cidr":"10.0.0.0/x"}]}                | FilterPolicy: Malformed CIDR, mask bits must be an integer
            {"k":[{"cidr":"10.0.0/8"}]}                  | FilterPolicy: Nonstandard IP address: 10.0.0
            {"$or":[{"k":["a"]}]}                        | FilterPolicy: There must have at least 2 Objects in $or relationship.
            {"$or":["a","b"]}                            | FilterPolicy: Only JSON object is allowed in array of $or
            {"k":["a"]} x                                | FilterPolicy: failed to parse JSON.
            {"k":                                        | FilterPolicy: failed to parse JSON.
            ["k"]                                        | FilterPolicy: Filter is not an object
            {"k":{"l":["a"]}}                            | Filter policy scope MessageAttributes does not support nested
            """, quoteCharacter = '`')
    void what_sns_refuses_is_refused_in_its_words(String policy, String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SnsFilterPolicy.of(policy, MESSAGE_ATTRIBUTES))
                .withMessageStartingWith(text);
    }

    @Test
    void a_policy_may_have_five_keys_and_not_six() {
        assertThat(SnsFilterPolicy.of(keys(5, 1), MESSAGE_ATTRIBUTES).json()).isEqualTo(keys(5, 1));
        assertRefused(keys(6, 1), MESSAGE_ATTRIBUTES, "FilterPolicy: Filter policy can not have more than 5 keys");
    }

    @Test
    void a_policy_may_have_150_combinations_and_not_151() {
        assertThat(SnsFilterPolicy.of(keys(1, 150), MESSAGE_ATTRIBUTES).json()).isNotEmpty();
        assertRefused(keys(1, 151), MESSAGE_ATTRIBUTES, "FilterPolicy: Filter policy is too complex");
        // 13 x 12 = 156
        String product = "{\"a\":" + values(13) + ",\"b\":" + values(12) + "}";
        assertRefused(product, MESSAGE_ATTRIBUTES, "FilterPolicy: Filter policy is too complex");
    }

    @Test
    void depth_multiplies_combinations() {
        // 4 values at depth 3, 3 at depth 2: 4 x 3 x 3 x 2 = 72; 9 instead of 4: 162
        assertThat(SnsFilterPolicy.of(nested(4), MESSAGE_BODY).json()).isNotEmpty();
        assertRefused(nested(9), MESSAGE_BODY, "FilterPolicy: Filter policy is too complex");
    }

    @Test
    void the_branches_of_an_or_add_up() {
        // 4 x 6 + 4 x 4 x 4 + 4 x 4 x 4 = 152, and 24 less without the first
        assertRefused(branches(6), MESSAGE_BODY, "FilterPolicy: Filter policy is too complex");
        assertThat(SnsFilterPolicy.of(branches(5), MESSAGE_BODY).json()).isNotEmpty();
    }

    @Test
    void a_policy_past_256_kb_is_refused() {
        String policy = "{\"k\":[\"" + "x".repeat(256 * 1024) + "\"]}";
        assertRefused(policy, MESSAGE_ATTRIBUTES, "FilterPolicy: Filter policy can not be larger than 256 KB");
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
                .isEqualTo("{\"text\":\"é\\\"\\\\😀\",\"number\":1.50,\"label\":7,\"list\":[\"a\",1,null,true]}");
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

    private static String keys(int keys, int values) {
        return IntStream.range(0, keys)
                .mapToObj(key -> "\"k" + key + "\":" + values(values))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String nested(int deepValues) {
        return "{\"a\":{\"b\":{\"c\":" + values(deepValues) + "}},\"d\":{\"e\":" + values(3) + "}}";
    }

    private static String branches(int firstValues) {
        return "{\"source\":" + values(4) + ",\"$or\":[{\"a\":" + values(firstValues) + "},{\"b\":" + values(4)
                + ",\"c\":" + values(4) + "},{\"d\":" + values(4) + ",\"e\":" + values(4) + "}]}";
    }

    private static String values(int count) {
        return IntStream.range(0, count)
                .mapToObj(value -> "\"v" + value + "\"")
                .collect(Collectors.joining(",", "[", "]"));
    }
}
