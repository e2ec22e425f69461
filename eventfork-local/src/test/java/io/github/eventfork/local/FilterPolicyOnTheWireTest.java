package io.github.eventfork.local;

import static io.github.eventfork.local.LocalClients.invalidParameter;
import static io.github.eventfork.local.LocalClients.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.local.LocalClients.Queue;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What SNS answers about filter policies, as the AWS SDK hears it: each row by both actions that take a policy. */
class FilterPolicyOnTheWireTest {

    private static final String POLICY = "{\"event\":[\"signup\"]}";

    @SuppressWarnings("NullAway.Init")
    private static LocalClients aws;

    @SuppressWarnings("NullAway.Init")
    private static String topic;

    @BeforeAll
    static void start() {
        aws = new LocalClients();
        topic = aws.topic();
    }

    @AfterAll
    static void stop() {
        aws.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            empty array                         | {"key":[]}                                       | 10 | Empty arrays are not allowed
            value that is no array              | {"key_a":"value_one"}                            | 11 | "key_a" must be an object or an array
            array in an array                   | {"key":[["value"]]}                              | 10 | Match value must be String, number, true, false, or null
            unknown operator                    | {"key":[{"wrong-operator":true}]}                | 31 | Unrecognized match type wrong-operator
            two operators                       | {"key":[{"suffix":"value","prefix":"value2"}]}   | 37 | Only one key allowed in match expression
            suffix of a number                  | {"key":[{"suffix":100}]}                         | 22 | suffix match pattern must be a string
            exists of a string                  | {"key":[{"exists":"no"}]}                        | 20 | exists match pattern must be either true or false.
            cidr of an array                    | {"key":[{"cidr":["bad-filter"]}]}                | 18 | prefix match pattern must be a string
            cidr without a slash                | {"key":[{"cidr":"bad-filter"}]}                  |    | Malformed CIDR, one '/' required
            cidr of no address                  | {"key":[{"cidr":"bad-filter/64"}]}               |    | Nonstandard IP address: bad-filter
            cidr with bits that are no number   | {"key":[{"cidr":"bad-/64filter"}]}               |    | Malformed CIDR, mask bits must be an integer
            numeric of nothing                  | {"key":[{"numeric":[]}]}                         | 22 | Invalid member in numeric match: ]
            numeric with an unknown operator    | {"key":[{"numeric":["operator"]}]}               | 32 | Unrecognized numeric range operator: operator
            numeric = of a string               | {"key":[{"numeric":["=","000"]}]}                | 26 | Value of equals must be numeric
            numeric < of a string               | {"key":[{"numeric":["<","1"]}]}                  | 26 | Value of < must be numeric
            numeric range from the top          | {"key":[{"numeric":["<",100,">",10]}]}           | 30 | Too many elements in numeric expression
            numeric range with two bottoms      | {"key":[{"numeric":[">=",1,">",2]}]}             | 31 | Bad numeric range operator: >
            numeric range without its operator  | {"key":[{"numeric":[">",20,30]}]}                | 30 | Bad value in numeric range: 30
            numeric range upside down           | {"key":[{"numeric":[">",3,"<",1]}]}              | 33 | Bottom must be less than top
            numeric range of three              | {"key":[{"numeric":[">",20,"<",30,"<",50]}]}     | 36 | Too many terms in numeric range expression
            anything-but a suffix               | {"key":[{"anything-but":{"suffix":"test"}}]}     | 36 | Unsupported anything-but pattern: suffix
            anything-but a prefix of no string  | {"key":[{"anything-but":{"prefix":false}}]}      | 40 | prefix match pattern must be a string
            wildcard                            | {"key":[{"wildcard":"a*"}]}                      | 22 | Unrecognized match type wildcard
            exactly                             | {"key":[{"exactly":"a"}]}                        | 21 | Unrecognized match type exactly
            """)
    void error_row(String fact, String policy, Integer column, String text) {
        assertRefused(
                policy,
                "FilterPolicy: " + text
                        + (column == null
                                ? ""
                                : "\n at [Source: (String)\"" + policy + "\"; line: 1, column: " + column + "]"));
    }

    @Test
    void six_keys_are_too_many() {
        assertRefused(
                "{\"a\":[1],\"b\":[1],\"c\":[1],\"d\":[1],\"e\":[1],\"f\":[1]}",
                "FilterPolicy: Filter policy can not have more than 5 keys");
    }

    @Test
    void a_hundred_and_fifty_one_combinations_are_too_many() {
        String most = "{\"a\":" + numbers(10) + ",\"b\":" + numbers(15) + "}";
        String arn = aws.subscribe(topic, aws.queue().arn(), Map.of("FilterPolicy", most));
        assertThat(attributes(arn)).containsEntry("FilterPolicy", most);

        assertRefused("{\"a\":" + numbers(151) + "}", "FilterPolicy: Filter policy is too complex");
    }

    @Test
    void nested_keys_are_refused_on_attributes() {
        assertRefused(
                "{\"object\":{\"key\":[{\"prefix\":\"auto-\"}]}}",
                "Filter policy scope MessageAttributes does not support nested filter policy");
    }

    @Test
    void a_scope_is_one_of_two() {
        String reason =
                "FilterPolicyScope: Invalid value [RandomValue]. Please use either MessageBody or MessageAttributes";
        String arn = aws.subscribe(topic, aws.queue().arn(), Map.of());

        assertThat(refusal(() -> aws.subscribe(topic, aws.queue().arn(), Map.of("FilterPolicyScope", "RandomValue"))))
                .isEqualTo(invalidParameter("Attributes Reason: " + reason));
        assertThat(refusal(() -> set(arn, "FilterPolicyScope", "RandomValue"))).isEqualTo(invalidParameter(reason));
    }

    @Test
    void a_scope_is_shown_beside_a_policy_only() {
        // given a scope and no policy
        String arn = aws.subscribe(topic, aws.queue().arn(), Map.of());
        assertThat(attributes(arn)).doesNotContainKeys("FilterPolicy", "FilterPolicyScope");
        set(arn, "FilterPolicyScope", "MessageBody");
        assertThat(attributes(arn)).doesNotContainKeys("FilterPolicy", "FilterPolicyScope");

        // when
        set(arn, "FilterPolicy", "{\"object\":{\"key\":[1]}}");

        // then
        assertThat(attributes(arn))
                .containsEntry("FilterPolicy", "{\"object\":{\"key\":[1]}}")
                .containsEntry("FilterPolicyScope", "MessageBody");
    }

    @Test
    void without_a_scope_a_policy_is_on_attributes() {
        String arn = aws.subscribe(topic, aws.queue().arn(), Map.of("FilterPolicy", POLICY));

        assertThat(attributes(arn)).containsEntry("FilterPolicyScope", "MessageAttributes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", " { } "})
    void an_empty_policy_removes_the_one_before(String empty) {
        // given
        Queue queue = aws.queue();
        String own = aws.topic();
        String arn = aws.subscribe(own, queue.arn(), Map.of("FilterPolicy", POLICY));
        aws.publish(own, message -> message.message("kept out"));

        // when
        set(arn, "FilterPolicy", empty);
        aws.publish(own, message -> message.message("let in"));

        // then
        assertThat(attributes(arn)).doesNotContainKeys("FilterPolicy", "FilterPolicyScope");
        assertThat(aws.bodies(queue)).singleElement().asString().contains("let in");
    }

    @Test
    void a_policy_that_is_refused_changes_nothing() {
        // given
        Queue queue = aws.queue();
        String own = aws.topic();
        String arn = aws.subscribe(own, queue.arn(), Map.of("FilterPolicy", POLICY));

        // when
        assertThat(refusal(() -> set(arn, "FilterPolicy", "{\"event\":[{\"wildcard\":\"*\"}]}"))
                        .code())
                .isEqualTo("InvalidParameter");
        aws.publish(own, message -> message.message("kept out"));

        // then
        assertThat(attributes(arn)).containsEntry("FilterPolicy", POLICY);
        assertThat(aws.bodies(queue)).isEmpty();
    }

    private static void assertRefused(String policy, String reason) {
        assertThat(refusal(() -> aws.subscribe(topic, aws.queue().arn(), Map.of("FilterPolicy", policy))))
                .isEqualTo(invalidParameter("Attributes Reason: " + reason));
        String arn = aws.subscribe(topic, aws.queue().arn(), Map.of());
        assertThat(refusal(() -> set(arn, "FilterPolicy", policy))).isEqualTo(invalidParameter(reason));
    }

    private static String numbers(int count) {
        return IntStream.range(0, count).mapToObj(String::valueOf).collect(Collectors.joining(",", "[", "]"));
    }

    private static Map<String, String> attributes(String arn) {
        return aws.sns
                .getSubscriptionAttributes(request -> request.subscriptionArn(arn))
                .attributes();
    }

    private static void set(String arn, String name, String value) {
        aws.sns.setSubscriptionAttributes(
                request -> request.subscriptionArn(arn).attributeName(name).attributeValue(value));
    }
}
