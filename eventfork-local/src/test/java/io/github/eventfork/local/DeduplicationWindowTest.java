package io.github.eventfork.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.eventfork.local.DeduplicationWindow.Key;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DeduplicationWindowTest {
    private static final Duration JUST_LESS = DeduplicationWindow.LENGTH.minusMillis(1);
    private static final PublishReceipt RECEIPT = new PublishReceipt("m-1", Optional.of("1"));

    private Instant now = Instant.parse("2026-01-31T12:00:00Z");
    private final DeduplicationWindow window = new DeduplicationWindow(() -> now);

    @Test
    void a_message_is_remembered_for_five_minutes() {
        // given
        assertThat(DeduplicationWindow.LENGTH).isEqualTo(Duration.ofMinutes(5));
        window.remember(key("d"), RECEIPT);

        // then
        now = now.plus(JUST_LESS);
        assertThat(window.first(key("d"))).contains(RECEIPT);
        now = now.plusMillis(1);
        assertThat(window.first(key("d"))).isEmpty();
    }

    @Test
    void what_is_older_than_the_window_takes_no_memory() {
        // when a million messages come, a thousand a second
        for (int message = 0; message < 1_000_000; message++) {
            now = now.plusMillis(1);
            window.remember(key("d" + message), RECEIPT);
        }

        // then no more are kept than came in five minutes
        assertThat(window.size()).isEqualTo(300_000);
        now = now.plus(DeduplicationWindow.LENGTH);
        assertThat(window.first(key("another"))).isEmpty();
        assertThat(window.size()).isZero();
    }

    @Test
    void what_is_forgotten_can_come_again() {
        // given
        window.remember(key("a"), RECEIPT);
        window.remember(key("b"), RECEIPT);
        window.remember(new Key("other", "", "a"), RECEIPT);

        // when
        window.forget(List.of(key("a")));
        // then
        assertThat(window.first(key("a"))).isEmpty();
        assertThat(window.first(key("b"))).contains(RECEIPT);

        // when
        window.forgetTopic("topic");
        // then
        assertThat(window.first(key("b"))).isEmpty();
        assertThat(window.first(new Key("other", "", "a"))).contains(RECEIPT);
    }

    @Test
    void a_message_that_could_not_be_fanned_out_may_be_published_again() {
        // given a fan-out that fails once
        Topics topics = new Topics();
        FifoPublications publications = new FifoPublications(topics, window);
        Topic topic = new Topic("topic", Map.of("FifoTopic", "true"), Map.of());
        topics.create(topic, Map.of());
        SnsMessage message = message("d");
        List<SnsMessage> delivered = new ArrayList<>();

        // when
        try {
            publications.publish(topic, List.of(message), none -> {
                throw new IllegalStateException("no way to the queues");
            });
        } catch (IllegalStateException expected) {
            // its publisher was told
        }
        publications.publish(topic, List.of(message), delivered::addAll);

        // then
        assertThat(delivered).extracting(SnsMessage::id).containsExactly(message.id());
    }

    @Test
    void who_waits_to_publish_to_a_topic_that_is_deleted_leaves_nothing_for_one_of_its_name() throws Exception {
        // given one who publishes, and one who waits for that
        Topics topics = new Topics();
        FifoPublications publications = new FifoPublications(topics, window);
        Topic topic = new Topic("topic", Map.of("FifoTopic", "true"), Map.of());
        topics.create(topic, Map.of());
        CountDownLatch publishing = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        FutureTask<List<PublishReceipt>> first =
                started(() -> publications.publish(topic, List.of(message("1")), sent -> {
                    publishing.countDown();
                    awaitUninterruptibly(go);
                }));
        assertThat(publishing.await(30, TimeUnit.SECONDS)).isTrue();
        FutureTask<List<PublishReceipt>> second =
                started(() -> publications.publish(topic, List.of(message("2")), sent -> {}));

        // when the topic is deleted meanwhile
        topics.remove("topic");
        FutureTask<Boolean> forgotten = started(() -> {
            publications.forget("topic");
            return true;
        });
        go.countDown();

        // then
        assertThat(first.get(30, TimeUnit.SECONDS)).hasSize(1);
        assertThat(forgotten.get(30, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(() -> second.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(SnsError.class);
        assertThat(window.size()).isZero();
    }

    /** On a thread of its own, which waits or has ended when this returns. */
    private static <T> FutureTask<T> started(Callable<T> task) {
        FutureTask<T> future = new FutureTask<>(task);
        Thread thread = new Thread(future);
        thread.setDaemon(true);
        thread.start();
        await().until(() ->
                Set.of(Thread.State.WAITING, Thread.State.TERMINATED).contains(thread.getState()));
        return future;
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_topic_delivers_the_same_again_after_five_minutes() {
        List<String> published = new ArrayList<>();
        QueueSender nowhere = new QueueSender(call -> SqsAnswer.success(call.parameters()), Account.LOCAL);
        SnsActions actions = SnsActions.of(
                Account.LOCAL,
                URI.create("http://127.0.0.1:1"),
                nowhere,
                (topic, message, decisions) -> published.add(message.text()),
                () -> now);
        ask(actions, "Action=CreateTopic&Name=t.fifo&Attributes.entry.1.key=FifoTopic&Attributes.entry.1.value=true");
        String publish = "Action=Publish&MessageGroupId=g&MessageDeduplicationId=d&TopicArn="
                + Account.LOCAL.topicArn("t.fifo") + "&Message=";

        // when
        String first = ask(actions, publish + "one");
        now = now.plus(JUST_LESS);
        String duplicate = ask(actions, publish + "two");
        now = now.plusMillis(1);
        String later = ask(actions, publish + "three");

        // then
        assertThat(published).containsExactly("one", "three");
        assertThat(duplicate).isEqualTo(first);
        assertThat(later).isNotEqualTo(first);
        nowhere.close();
    }

    private static String ask(SnsActions actions, String form) {
        return actions.answer(QueryRequest.parse(form, Optional.empty())).toString();
    }

    private static Key key(String id) {
        return new Key("topic", "", id);
    }

    private static SnsMessage message(String deduplicationId) {
        return new SnsMessage(
                "m-1",
                "x",
                false,
                Optional.empty(),
                new MessageAttributes(List.of(), "{}"),
                Optional.of("g"),
                Optional.of(deduplicationId),
                Optional.empty(),
                Optional.empty(),
                Instant.EPOCH);
    }
}
