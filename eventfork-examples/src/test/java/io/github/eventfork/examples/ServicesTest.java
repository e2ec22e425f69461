package io.github.eventfork.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.eventfork.examples.standin.StandIns;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServicesTest {

    private static final Map<String, String> COMPLETE = Map.of(
            "ANALYTICS_WRITE_KEY", "key",
            "MAILING_LIST_URL", "https://us1.api.mailchimp.example/",
            "MAILING_LIST_ID", "list",
            "MAILING_LIST_API_KEY", "key",
            "CHAT_WEBHOOK_URL", "https://hooks.slack.com/services/T/B/x");

    @Test
    void all_that_is_missing_is_named_at_once() {
        assertThatIllegalStateException()
                .isThrownBy(() -> UserEvents.topology(Map.of("MAILING_LIST_ID", " ")))
                .withMessage(
                        "the environment lacks ANALYTICS_WRITE_KEY (or ANALYTICS_WRITE_KEY_SECRET, the name or ARN of a"
                                + " secret), MAILING_LIST_URL, MAILING_LIST_ID, MAILING_LIST_API_KEY (or MAILING_LIST_API_KEY_SECRET,"
                                + " the name or ARN of a secret), CHAT_WEBHOOK_URL (or CHAT_WEBHOOK_URL_SECRET, the name or ARN of a"
                                + " secret)");
    }

    @Test
    void a_fork_asks_for_what_is_its_own_only() {
        // given
        Services services = new Services(Map.of("ANALYTICS_WRITE_KEY", "key"));

        // when
        services.analytics();

        // then
        assertThatCode(services::check).doesNotThrowAnyException();
    }

    @Test
    void a_complete_environment_is_enough_and_that_of_the_stand_ins_is_one() {
        assertThat(UserEvents.topology(COMPLETE).queues()).hasSize(3);
        try (StandIns standIns = StandIns.start(0)) {
            assertThat(UserEvents.topology(standIns.environment()).queues()).hasSize(3);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hooks.slack.com/secret",
                "ftp://hooks.slack.com/secret",
                "http://hooks.slack.com/secret",
                "https://not a host/secret",
                "https:///secret",
                "https://hooks.slack.com.example/secret",
                "https://hooks.slack.com@evil.example/secret",
                "https://me:secret@hooks.slack.com/",
                "https://evil.example/hooks.slack.com",
                "http://127.0.0.1.evil.example/secret",
                "http://10.0.0.1/secret"
            })
    void an_address_that_is_none_is_named_and_not_shown(String address) {
        assertThatIllegalStateException()
                .isThrownBy(() -> UserEvents.topology(with("CHAT_WEBHOOK_URL", address)))
                .withMessage(
                        "CHAT_WEBHOOK_URL is no https address at a host of Slack's; name other hosts in CHAT_WEBHOOK_HOSTS,"
                                + " with commas between")
                .withNoCause();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://hooks.slack.com/services/T/B/x",
                "https://HOOKS.slack-gov.com/services/T/B/x",
                "http://127.0.0.1:4100/services/T/B/x",
                "http://localhost:4100/x",
                "http://[::1]:4100/x",
                "https://chat.example.org/hook",
                "https://mattermost.internal.example/hook"
            })
    void a_webhook_may_be_at_slack_at_a_host_that_was_named_and_on_this_machine(String address) {
        Map<String, String> environment = with("CHAT_WEBHOOK_URL", address);
        environment.put("CHAT_WEBHOOK_HOSTS", "chat.example.org, Mattermost.Internal.example");

        assertThatCode(() -> UserEvents.topology(environment)).doesNotThrowAnyException();
    }

    @Test
    void hosts_that_are_none_are_named_and_not_shown() {
        assertThatIllegalStateException()
                .isThrownBy(() -> UserEvents.topology(with("CHAT_WEBHOOK_HOSTS", "https://chat.example.org/")))
                .withMessage("CHAT_WEBHOOK_HOSTS must be names of hosts with commas between");
    }

    @Test
    void a_token_is_sent_over_https_only() {
        assertThatIllegalStateException()
                .isThrownBy(() -> UserEvents.topology(with("ANALYTICS_URL", "http://analytics.example.org")))
                .withMessage("ANALYTICS_URL is no https address; http is for this machine only");
    }

    @Test
    void an_id_that_is_none_is_named_and_not_shown() {
        assertThatIllegalStateException()
                .isThrownBy(() -> UserEvents.topology(with("MAILING_LIST_ID", "a b/../c")))
                .withMessage("MAILING_LIST_ID is no id, which is letters, digits, '-' and '_'");
    }

    @Test
    void what_is_missing_and_what_is_wrong_is_one_message() {
        // given
        Map<String, String> environment = with("MAILING_LIST_URL", "nowhere");
        environment.remove("MAILING_LIST_ID");

        // then
        assertThatIllegalStateException()
                .isThrownBy(() -> UserEvents.topology(environment))
                .withMessage(
                        "the environment lacks MAILING_LIST_ID; MAILING_LIST_URL is no https address; http is for this machine only");
    }

    @Test
    void a_token_and_a_secret_for_it_are_one_too_many() {
        // given
        Services services = new Services(with("CHAT_WEBHOOK_URL_SECRET", "chat/hook"), region -> name -> "unused");
        services.chat();

        // then
        assertThatIllegalStateException()
                .isThrownBy(services::check)
                .withMessage("CHAT_WEBHOOK_URL and CHAT_WEBHOOK_URL_SECRET are both set, keep one");
    }

    @Test
    void secrets_are_asked_for_when_the_first_event_comes_by_one_client() throws Exception {
        // given
        AtomicInteger clients = new AtomicInteger();
        AtomicInteger reads = new AtomicInteger();
        Services services = new Services(
                Map.of(
                        "MAILING_LIST_URL", "http://127.0.0.1:1",
                        "MAILING_LIST_ID", "list",
                        "MAILING_LIST_API_KEY_SECRET", "list/key",
                        "CHAT_WEBHOOK_URL_SECRET", "chat/hook"),
                region -> {
                    clients.incrementAndGet();
                    return name -> "token " + reads.incrementAndGet();
                });

        // when
        services.mailingList();
        services.chat();
        services.check();

        // then
        assertThat(clients).hasValue(1);
        assertThat(reads).hasValue(0);
    }

    @Test
    void without_a_secret_nobody_asks_for_aws() {
        // given
        Services services = new Services(COMPLETE, region -> {
            throw new IllegalStateException("no region");
        });

        // when
        services.analytics();
        services.mailingList();
        services.chat();

        // then
        assertThatCode(services::check).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://hooks.slack.com/services/T/B/x",
                "arn:aws:ssm:eu-central-1:123456789012:parameter/hook",
                "arn:aws:secretsmanager:eu-central-1:1234:secret:chat/hook-AbCdEf",
                "a b"
            })
    void what_can_be_no_secret_is_named_and_not_shown(String value) {
        // given
        Services services = new Services(Map.of("CHAT_WEBHOOK_URL_SECRET", value), region -> name -> "unused");
        services.chat();

        // then
        assertThatIllegalStateException()
                .isThrownBy(services::check)
                .withMessage("CHAT_WEBHOOK_URL_SECRET is no name or ARN of a secret");
    }

    @Test
    void a_secret_is_asked_for_in_the_region_of_its_arn() {
        // given
        List<Optional<String>> regions = new ArrayList<>();
        Services services = new Services(
                Map.of(
                        "ANALYTICS_WRITE_KEY_SECRET", "analytics/key",
                        "CHAT_WEBHOOK_URL_SECRET",
                                "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:chat/hook-AbCdEf"),
                region -> {
                    regions.add(region);
                    return name -> "unused";
                });

        // when
        services.analytics();
        services.chat();
        services.check();

        // then
        assertThat(regions).containsExactly(Optional.empty(), Optional.of("cn-north-1"));
    }

    @Test
    void a_region_that_is_missing_is_one_of_the_things_that_are_named() {
        // given
        Services services = new Services(Map.of("MAILING_LIST_API_KEY_SECRET", "list/key"), region -> {
            throw new IllegalStateException("no region");
        });
        services.mailingList();

        // then
        assertThatIllegalStateException()
                .isThrownBy(services::check)
                .withMessage("the environment lacks MAILING_LIST_URL, MAILING_LIST_ID;"
                        + " MAILING_LIST_API_KEY_SECRET: no region");
    }

    private static Map<String, String> with(String name, String value) {
        Map<String, String> environment = new HashMap<>(COMPLETE);
        environment.put(name, value);
        return environment;
    }
}
