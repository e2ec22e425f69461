package io.github.eventfork.poller;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

class OwnClientTest {

    @Test
    void it_works_in_the_region_of_its_queue() {
        try (SqsAsyncClient client = OwnClient.make(1, Optional.of("eu-central-1"))) {
            assertThat(client.serviceClientConfiguration().region()).isEqualTo(Region.EU_CENTRAL_1);
        }
    }

    @Test
    void it_names_its_retry_strategy_which_is_none() {
        try (SqsAsyncClient client = OwnClient.make(1, Optional.of("eu-central-1"))) {
            assertThat(client.serviceClientConfiguration()
                            .overrideConfiguration()
                            .retryStrategy())
                    .hasValueSatisfying(
                            strategy -> assertThat(strategy.maxAttempts()).isEqualTo(1));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "10, 1", "11, 2", "80, 8", "1000, 100", "2147483647, 100"})
    void it_takes_a_poll_for_each_ten_messages_in_hand_up_to_a_hundred(int inHand, int polls) {
        assertThat(OwnClient.polls(inHand)).isEqualTo(polls);
    }
}
