package io.github.eventfork.poller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlRequest;

class QueueAddressTest {

    @ParameterizedTest
    @CsvSource({
        "orders, orders",
        "orders_2-b.fifo, orders_2-b.fifo",
        "arn:aws:sqs:eu-west-1:123456789012:orders, orders",
        "arn:aws-cn:sqs:cn-north-1:123456789012:orders.fifo, orders.fifo",
        "arn:aws:sqs:elasticmq:000000000000:orders, orders",
        "https://sqs.eu-west-1.amazonaws.com/123456789012/orders.fifo, orders.fifo",
        "http://localhost:9324/000000000000/orders, orders",
    })
    void a_name_an_arn_and_a_url_all_tell_the_name(String address, String name) {
        assertThat(QueueAddress.of(address).name()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "orders.lifo",
                "or ders",
                "arn:aws:sns:eu-west-1:123456789012:orders",
                "arn:aws:sqs:eu-west-1:123456789012",
                "ftp://host/1/orders",
                "https://host/",
                "https://host/1/or%20ders",
                "https:orders",
            })
    void what_is_none_of_the_three_is_refused(String address) {
        assertThatThrownBy(() -> QueueAddress.of(address))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("queue must be the name, the URL or the ARN of an SQS queue, was '" + address + "'");
    }

    @Test
    void a_name_has_80_characters_at_most() {
        // given
        String longest = "q".repeat(80);

        // then
        assertThat(QueueAddress.of(longest).name()).isEqualTo(longest);
        assertThatThrownBy(() -> QueueAddress.of(longest + "q")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_name_is_looked_up_in_the_own_account() {
        assertThat(QueueAddress.of("orders").lookup())
                .contains(GetQueueUrlRequest.builder().queueName("orders").build());
    }

    @Test
    void an_arn_is_looked_up_in_its_account() {
        assertThat(QueueAddress.of("arn:aws:sqs:eu-west-1:123456789012:orders").lookup())
                .contains(GetQueueUrlRequest.builder()
                        .queueName("orders")
                        .queueOwnerAWSAccountId("123456789012")
                        .build());
    }

    @Test
    void a_url_is_not_looked_up() {
        assertThat(QueueAddress.of("http://localhost:9324/000000000000/orders").lookup())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "orders, ",
        "arn:aws:sqs:eu-west-1:123456789012:orders, eu-west-1",
        "https://sqs.us-east-2.amazonaws.com/123456789012/orders, us-east-2",
        "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/orders, cn-north-1",
        "http://localhost:9324/000000000000/orders, ",
    })
    void an_arn_and_an_amazon_url_tell_the_region(String address, String region) {
        assertThat(QueueAddress.of(address).region().orElse(null)).isEqualTo(region);
    }
}
