package io.github.eventfork.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.FIFO_QUEUE;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.eventfork.Fork;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One switch puts a whole topology in order. */
class FifoTest {

    private final FakeSqs sqs = new FakeSqs();
    private final FakeSns sns = new FakeSns();
    private final Fork chat = Forks.withAttempts("chat", 3);
    private final Topology topology = Topology.of("user-events").forks(chat).fifo();

    @Test
    void all_names_end_in_fifo() {
        assertThat(topology.topicName()).isEqualTo("user-events.fifo");
        assertThat(topology.queues()).singleElement().satisfies(queue -> {
            assertThat(queue.name()).isEqualTo("chat.fifo");
            assertThat(queue.deadLetterName()).isEqualTo("chat-dlq.fifo");
        });
    }

    @Test
    void it_makes_no_difference_when_it_is_switched() {
        assertThat(Topology.of("user-events").fifo().forks(chat).toMermaid()).isEqualTo(topology.toMermaid());
        assertThat(topology.fifo().toMermaid()).isEqualTo(topology.toMermaid());
    }

    @Test
    void names_of_ones_own_get_the_suffix_too() {
        // given
        Topology named = Topology.of("user-events")
                .fork(chat, queue -> queue.withName("talk").withDeadLetterName("dead"))
                .fifo();

        // then
        assertThat(named.queues()).extracting(ForkQueue::name).containsExactly("talk.fifo");
        assertThat(named.queues()).extracting(ForkQueue::deadLetterName).containsExactly("dead.fifo");
    }

    @Test
    void the_suffix_counts_to_a_queues_80_letters() {
        // given names that fit as they are, and just with the suffix
        Topology tooLong = Topology.of("user-events")
                .fork(chat, queue -> queue.withDeadLetterName("d").withName("n".repeat(76)));
        Topology longest = Topology.of("user-events")
                .fork(chat, queue -> queue.withDeadLetterName("d").withName("n".repeat(75)));
        Topology dead = Topology.of("user-events").fork(chat, queue -> queue.withName("n".repeat(72)));

        // then
        assertThatCode(longest::fifo).doesNotThrowAnyException();
        assertThatIllegalArgumentException()
                .isThrownBy(tooLong::fifo)
                .withMessage(
                        "Topology 'user-events.fifo', fork 'chat': a queue's name is 1 to 80 letters, digits, '-' and"
                                + " '_', '.fifo' counted, was '" + "n".repeat(76) + ".fifo'");
        assertThatIllegalArgumentException().isThrownBy(dead::fifo).withMessageContaining("-dlq.fifo'");
    }

    @Test
    void the_suffix_counts_to_a_topics_256_letters() {
        assertThat(Topology.of("t".repeat(251)).fifo().topicName()).hasSize(256);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Topology.of("t".repeat(252)).fifo())
                .withMessageContaining("'.fifo' counted");
    }

    @Test
    void a_fork_and_its_queue_must_give_up_at_the_same_receive() {
        // given a standard topology where they may differ
        for (int receives : new int[] {2, 4}) {
            Topology differs = Topology.of("user-events").fork(chat, queue -> queue.withMaxReceiveCount(receives));

            // then
            assertThatIllegalArgumentException()
                    .isThrownBy(differs::fifo)
                    .withMessage("Topology 'user-events.fifo', fork 'chat': on FIFO queues maxReceiveCount must be the"
                            + " fork's attempts, or a group loses its order or its followers: was " + receives
                            + ", and attempts 3");
        }
        Topology same = Topology.of("user-events").fork(chat, queue -> queue.withMaxReceiveCount(3));
        assertThatCode(same::fifo).doesNotThrowAnyException();
    }

    @Test
    void topic_and_queues_are_created_as_fifo() {
        // when
        Deployed deployed = topology.createOn(sns, sqs);

        // then
        assertThat(deployed.topicArn()).isEqualTo(FakeSns.TOPIC + ".fifo");
        assertThat(sns.topic("user-events.fifo")).isEqualTo(Map.of("FifoTopic", "true"));
        assertThat(sqs.attributes("chat.fifo")).containsEntry(FIFO_QUEUE, "true");
        assertThat(sqs.attributes("chat-dlq.fifo")).containsEntry(FIFO_QUEUE, "true");
        assertThat(deployed.fork("chat").deadLetterQueueArn()).endsWith(":chat-dlq.fifo");
    }

    @Test
    void creating_it_again_writes_nothing_and_answers_the_same() {
        // given
        Deployed first = topology.createOn(sns, sqs);
        sqs.forgetWrites();
        sns.forgetWrites();

        // when
        Deployed second = topology.createOn(sns, sqs);

        // then
        assertThat(second).isEqualTo(first);
        assertThat(sqs.writes()).isEmpty();
        assertThat(sns.writes()).isEmpty();
    }

    @Test
    void a_standing_queue_is_mended_without_a_word_of_fifo() {
        // given
        topology.createOn(sns, sqs);
        sqs.forgetWrites();

        // when
        topology.withVisibilityTimeout(Duration.ofMinutes(2)).createOn(sns, sqs);

        // then
        assertThat(sqs.writes()).containsExactly("Set VisibilityTimeout of chat.fifo");
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void a_standing_topic_keeps_its_way_to_deduplicate(String byContent) {
        // given one that someone made
        Map<String, String> standing = Map.of("FifoTopic", "true", "ContentBasedDeduplication", byContent);
        sns.putTopic("user-events.fifo", standing);

        // when
        Deployed deployed = topology.createOn(sns, sqs);

        // then
        assertThat(sns.topic("user-events.fifo")).isEqualTo(standing);
        assertThat(deployed.topicArn()).isEqualTo(FakeSns.TOPIC + ".fifo");
    }

    @Test
    void a_standard_topic_cant_send_to_a_fifo_queue() {
        // given one more topic, which a standard queue takes
        Topology standard = Topology.of("user-events")
                .fork(chat, queue -> queue.withSender("arn:aws:sns:eu-west-1:123456789012:news"));
        Topology inOrder = Topology.of("user-events")
                .fork(chat, queue -> queue.withSender("arn:aws:sns:eu-west-1:123456789012:news.fifo"));

        // then
        assertThatCode(inOrder::fifo).doesNotThrowAnyException();
        assertThatIllegalArgumentException()
                .isThrownBy(standard::fifo)
                .withMessage(
                        "Topology 'user-events.fifo', fork 'chat': a FIFO queue can be subscribed to FIFO topics only,"
                                + " was sender 'arn:aws:sns:eu-west-1:123456789012:news'");
    }

    @Test
    void the_template_is_fifo_throughout() {
        // when
        Rendered template = Rendered.sam(topology);

        // then deduplication is the publisher's: two events may differ in their type alone, which is an attribute
        assertThat(template.properties("Topic")).hasToString("{\"TopicName\":\"user-events.fifo\",\"FifoTopic\":true}");
        JsonNode queue = template.properties("ChatQueue");
        assertThat(queue.path("QueueName").asText()).isEqualTo("chat.fifo");
        assertThat(queue.path("FifoQueue").asBoolean()).isTrue();
        assertThat(queue.has("ContentBasedDeduplication")).isFalse();
        JsonNode dead = template.properties("ChatDeadLetterQueue");
        assertThat(dead.path("QueueName").asText()).isEqualTo("chat-dlq.fifo");
        assertThat(dead.path("FifoQueue").asBoolean()).isTrue();
        assertThat(dead.at("/RedriveAllowPolicy/sourceQueueArns/0/Fn::Sub").asText())
                .endsWith(":chat.fifo");
    }

    @Test
    void behind_an_event_bus_a_fifo_queue_has_one_group_and_deduplicates_events_which_all_differ_by_content() {
        // when
        Rendered template = Rendered.eventBridge(topology);

        // then the bus itself has no order
        assertThat(template.properties("EventBus")).hasToString("{\"Name\":\"user-events\"}");
        assertThat(template.properties("ChatQueue")
                        .path("ContentBasedDeduplication")
                        .asBoolean())
                .isTrue();
        assertThat(template.properties("ChatDeadLetterQueue").has("ContentBasedDeduplication"))
                .isFalse();
        assertThat(template.properties("ChatRule").at("/Targets/0/SqsParameters"))
                .hasToString("{\"MessageGroupId\":\"chat\"}");
    }

    @Test
    void behind_an_event_bus_a_fifo_dead_letter_queue_takes_nothing_from_the_rule() {
        // when
        Rendered template = Rendered.eventBridge(topology);

        // then EventBridge would refuse it
        assertThat(template.properties("ChatRule").at("/Targets/0").has("DeadLetterConfig"))
                .isFalse();
        assertThat(template.resources()).doesNotContain("ChatDeadLetterQueuePolicy");
        assertThat(template.tree().at("/Resources/ChatRule/DependsOn").asText()).isEqualTo("ChatQueuePolicy");
    }

    @Test
    void a_standard_topology_says_nothing_of_fifo() {
        // given
        Topology standard = Topology.of("user-events").forks(chat);

        // then
        assertThat(standard.toMermaid()).doesNotContainIgnoringCase("fifo");
        assertThat(Rendered.sam(standard).text()).doesNotContainIgnoringCase("fifo");
        assertThat(Rendered.eventBridge(standard).text())
                .doesNotContainIgnoringCase("fifo")
                .doesNotContain("SqsParameters", "ContentBasedDeduplication");
    }

    @Test
    void a_batch_that_a_fifo_queue_cant_have_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Rendered.sam(topology, Rendered.function("chat").withBatchingWindow(Duration.ofSeconds(1))))
                .withMessage("Topology 'user-events.fifo', fork 'chat': a FIFO queue has batches of at most 10 and no"
                        + " batching window, were 10 and PT1S");
    }
}
