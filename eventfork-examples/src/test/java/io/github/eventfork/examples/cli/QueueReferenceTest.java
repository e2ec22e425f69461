package io.github.eventfork.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueueReferenceTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "https://sqs.eu-west-1.amazonaws.com/123456789012/analytics,        eu-west-1,      -",
                "https://sqs-fips.us-gov-west-1.amazonaws.com/123456789012/q,       us-gov-west-1,  -",
                "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/q,            cn-north-1,     -",
                "https://eu-west-1.queue.amazonaws.com/123456789012/q,              eu-west-1,      -",
                "arn:aws:sqs:eu-west-1:123456789012:orders.fifo,                    eu-west-1,      -",
                "analytics,                                                         -,              -",
                "http://127.0.0.1:4100/000000000000/analytics,                      -,              http://127.0.0.1:4100",
                "http://sqs.us-east-1.localhost:4566/000000000000/q,                -,              http://sqs.us-east-1.localhost:4566"
            })
    void a_queue_says_where_it_is(String text, String region, String server) {
        QueueReference queue = new QueueReference(text);

        assertThat(queue.region().orElse(null)).isEqualTo(region);
        assertThat(queue.server().map(Object::toString).orElse(null)).isEqualTo(server);
    }
}
