package io.github.eventfork.local;

import static java.util.concurrent.CompletableFuture.runAsync;
import static java.util.concurrent.CompletableFuture.supplyAsync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class SubscriptionsRaceTest {
    private static final String TOPIC = Account.LOCAL.topicArn("t");
    private static final String QUEUE = "arn:aws:sqs:us-east-1:000000000000:q";

    private final Topics topics = new Topics();
    private final Subscriptions subscriptions = new Subscriptions(topics);
    private final TopicActions actions = new TopicActions(
            Account.LOCAL,
            topics,
            subscriptions,
            new FifoPublications(topics, new DeduplicationWindow(Clock.systemUTC())));
    private final CyclicBarrier together = new CyclicBarrier(2);

    @RepeatedTest(200)
    void no_subscription_outlives_its_topic() {
        // given
        topics.create(new Topic(TOPIC, Map.of(), Map.of()), Map.of());

        // when one subscribes while another deletes; who comes late is told that there is no topic
        CompletableFuture<Void> subscribe = runAsync(() -> {
            meet();
            subscriptions.subscribe(TOPIC, QUEUE, Map.of());
        });
        CompletableFuture<Void> delete = runAsync(() -> {
            meet();
            delete();
        });
        CompletableFuture.allOf(subscribe.exceptionally(noSuchTopic -> null), delete)
                .join();

        // then
        assertThat(subscriptions.of(TOPIC)).isEmpty();
    }

    @Test
    void a_topic_is_gone_before_its_subscriptions_are() throws InterruptedException {
        // given a topic that is being deleted while nobody may touch subscriptions
        topics.create(new Topic(TOPIC, Map.of(), Map.of()), Map.of());
        Thread deleting = new Thread(this::delete);
        synchronized (subscriptions) {
            deleting.start();
            await().until(() -> deleting.getState() == Thread.State.BLOCKED);

            // then
            assertThat(topics.find(TOPIC)).isEmpty();
        }
        deleting.join();
    }

    private void delete() {
        actions.delete(QueryRequest.parse("Action=DeleteTopic&TopicArn=" + TOPIC, Optional.empty()), new XmlWriter());
    }

    @RepeatedTest(200)
    void a_queue_that_is_subscribed_twice_at_once_has_one_subscription() {
        // given
        topics.create(new Topic(TOPIC, Map.of(), Map.of()), Map.of());

        // when
        CompletableFuture<Subscription> first = supplyAsync(this::subscribed);
        CompletableFuture<Subscription> second = supplyAsync(this::subscribed);

        // then
        assertThat(first.join()).isEqualTo(second.join());
        assertThat(subscriptions.of(TOPIC)).containsExactly(first.join());
    }

    private Subscription subscribed() {
        meet();
        return subscriptions.subscribe(TOPIC, QUEUE, Map.of());
    }

    private void meet() {
        try {
            together.await();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
