package io.github.eventfork.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class QueuePolicyTest {

    private static final String QUEUE = "arn:aws:sqs:us-east-1:000000000000:chat";
    private static final String TOPIC = "arn:aws:sns:us-east-1:000000000000:user-events";
    private static final String OTHER = "arn:aws:sns:us-east-1:000000000000:other";

    @Test
    void only_the_topic_may_send() {
        assertThat(letsSend(List.of()))
                .isEqualTo(
                        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"OnlyItsTopicsSend\",\"Effect\":\"Allow\","
                                + "\"Principal\":{\"Service\":\"sns.amazonaws.com\"},\"Action\":\"sqs:SendMessage\","
                                + "\"Resource\":\"" + QUEUE + "\","
                                + "\"Condition\":{\"ArnEquals\":{\"aws:SourceArn\":\"" + TOPIC + "\"}}}]}");
    }

    @Test
    void another_topic_may_send_too_and_each_is_named_once() {
        assertThat(letsSend(List.of(OTHER, TOPIC, OTHER)))
                .contains("{\"aws:SourceArn\":[\"" + TOPIC + "\",\"" + OTHER + "\"]}");
    }

    private static String letsSend(List<String> otherTopics) {
        return Json.write(QueuePolicy.document(List.of(QueuePolicy.topicsSend(QUEUE, TOPIC, otherTopics))));
    }

    @Test
    void json_is_compared_by_what_it_means() {
        assertThat(Json.same("{\"a\":1,\"b\":[2]}", "{ \"b\": [2],\n \"a\": 1 }"))
                .isTrue();
        assertThat(Json.same("{\"a\":[1,2]}", "{\"a\":[2,1]}")).isFalse();
        assertThat(Json.same("{\"a\":1}", "no json")).isFalse();
        assertThat(Json.same("{\"a\":1}", null)).isFalse();
    }
}
