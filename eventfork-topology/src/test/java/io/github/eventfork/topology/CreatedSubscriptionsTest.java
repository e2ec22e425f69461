package io.github.eventfork.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.EventType;
import io.github.eventfork.Fork;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@link Topology#createOn} makes of subscriptions, on an SNS with AWS's rules for them. */
class CreatedSubscriptionsTest {

    private static final String CHAT = "arn:aws:sqs:us-east-1:000000000000:chat";
    private static final String SUBSCRIPTION = FakeSns.TOPIC + ":chat";

    private final FakeSqs sqs = new FakeSqs();
    private final FakeSns sns = new FakeSns();

    @Test
    void a_subscription_is_filtered_by_what_the_routes_imply() {
        // when
        create(Forks.on("chat", "signup"));

        // then
        assertThat(sns.attributes(SUBSCRIPTION))
                .isEqualTo(Map.of(
                        "RawMessageDelivery", "false",
                        "FilterPolicy", "{\"event\":[\"signup\"]}",
                        "FilterPolicyScope", "MessageAttributes"));
    }

    @Test
    void a_fork_for_any_event_is_subscribed_without_a_policy() {
        // when
        create(Forks.onAny("chat"));

        // then
        assertThat(sns.attributes(SUBSCRIPTION)).isEqualTo(Map.of("RawMessageDelivery", "false"));
    }

    @Test
    void a_new_route_replaces_the_policy_in_one_step() {
        // given
        create(Forks.on("chat", "signup"));
        sns.forgetWrites();

        // when
        create(Forks.on("chat", "signup", "login"));

        // then
        assertThat(sns.writes()).containsExactly("Set FilterPolicy {\"event\":[\"signup\",\"login\"]}");
    }

    @Test
    void a_route_for_any_event_takes_the_policy_away() {
        // given
        create(Forks.on("chat", "signup"));

        // when
        create(Forks.onAny("chat"));

        // then
        assertThat(sns.attributes(SUBSCRIPTION)).doesNotContainKey("FilterPolicy");
    }

    @Test
    void a_policy_that_was_taken_away_comes_back_with_its_scope() {
        // given a subscription whose last policy was for the body
        create(typeInBody());
        create(Forks.onAny("chat"));

        // when
        create(Forks.on("chat", "signup"));

        // then
        assertThat(sns.attributes(SUBSCRIPTION))
                .containsEntry("FilterPolicy", "{\"event\":[\"signup\"]}")
                .containsEntry("FilterPolicyScope", "MessageAttributes");
    }

    @Test
    void when_the_scope_becomes_attributes_the_old_policy_goes_first_so_that_nothing_is_lost() {
        // given a policy that SNS refuses for attributes
        create(typeInBody());
        sns.forgetWrites();

        // when
        create(Forks.on("chat", "signup"));

        // then
        assertThat(sns.writes())
                .containsExactly(
                        "Set FilterPolicy ",
                        "Set FilterPolicyScope MessageAttributes",
                        "Set FilterPolicy {\"event\":[\"signup\"]}");
    }

    @Test
    void when_the_scope_becomes_the_body_the_old_policy_goes_first_so_that_nothing_is_lost() {
        // given
        create(Forks.on("chat", "signup"));
        sns.forgetWrites();

        // when
        create(typeInBody());

        // then
        assertThat(sns.writes())
                .containsExactly(
                        "Set FilterPolicy ",
                        "Set FilterPolicyScope MessageBody",
                        "Set FilterPolicy {\"meta\":{\"type\":[\"signup\"]}}");
    }

    @Test
    void raw_delivery_is_switched_on_and_off() {
        // given
        Fork chat = Forks.on("chat", "signup");
        Topology wrapped = Topology.of("user-events").forks(chat);
        Topology raw = Topology.of("user-events").fork(chat, ForkQueue::withRawDelivery);

        // when, then
        raw.createOn(sns, sqs);
        assertThat(sns.attributes(SUBSCRIPTION)).containsEntry("RawMessageDelivery", "true");
        wrapped.createOn(sns, sqs);
        assertThat(sns.attributes(SUBSCRIPTION)).containsEntry("RawMessageDelivery", "false");
    }

    @Test
    void a_subscription_that_the_list_does_not_show_yet_is_found_by_the_refusal_and_mended() {
        // given a subscription with another policy, and a list that lags behind
        create(Forks.on("chat", "signup"));
        sns.hideFromNextList();

        // when
        create(Forks.on("chat", "login"));

        // then
        assertThat(sns.attributes(SUBSCRIPTION)).containsEntry("FilterPolicy", "{\"event\":[\"login\"]}");
    }

    @Test
    void a_subscription_that_is_listed_without_an_arn_is_asked_for_again() {
        // given
        sns.put("PendingConfirmation", "sqs", CHAT);

        // when
        Deployed deployed = create(Forks.on("chat", "signup"));

        // then
        assertThat(deployed.fork("chat").subscriptionArn()).isEqualTo(SUBSCRIPTION);
        assertThat(deployed.strangers()).isEmpty();
    }

    @Test
    void subscriptions_of_nobody_here_are_reported_from_every_page_and_left_alone() {
        // given an e-mail address, and the queue of a fork that is no longer named
        sns.put("PendingConfirmation", "email", "ops@example.org");
        create(Forks.on("before", "signup"));
        sns.put("Deleted", "sqs", "arn:aws:sqs:us-east-1:000000000000:gone");
        sns.forgetWrites();

        // when
        Deployed deployed = create(Forks.on("chat", "signup"));

        // then
        assertThat(deployed.strangers())
                .containsExactly(
                        new Deployed.Stranger("PendingConfirmation", "email", "ops@example.org"),
                        new Deployed.Stranger(
                                FakeSns.TOPIC + ":before", "sqs", "arn:aws:sqs:us-east-1:000000000000:before"));
        assertThat(sns.writes()).containsExactly("Subscribe " + CHAT);
    }

    private Deployed create(Fork fork) {
        return Topology.of("user-events").forks(fork).createOn(sns, sqs);
    }

    private static Fork typeInBody() {
        return Fork.named("chat")
                .type(EventType.jsonPointer("/meta/type"))
                .on("signup", String.class, event -> {})
                .build();
    }
}
