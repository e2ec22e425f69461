package io.github.eventfork.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.eventfork.local.IamNeeds.Need;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.sns.model.SnsException;
import software.amazon.awssdk.services.sns.model.Tag;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SqsException;

class IamActionsTest {
    private static final String QUEUE = "arn:aws:sqs:us-east-1:000000000000:q";
    private static final String TOPIC = "arn:aws:sns:us-east-1:000000000000:t";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final IamNeeds needs = new IamNeeds(Account.LOCAL);
    private LocalClients aws;

    @BeforeEach
    void open() {
        aws = new LocalClients();
    }

    @AfterEach
    void close() {
        aws.close();
    }

    /** The rows of AWS's tables of actions, but for those of moving dead letters. */
    @ParameterizedTest
    @CsvSource({
        "AddPermission, AddPermission",
        "ChangeMessageVisibility, ChangeMessageVisibility",
        "ChangeMessageVisibilityBatch, ChangeMessageVisibility",
        "DeleteMessage, DeleteMessage",
        "DeleteMessageBatch, DeleteMessage",
        "DeleteQueue, DeleteQueue",
        "GetQueueAttributes, GetQueueAttributes",
        "ListDeadLetterSourceQueues, ListDeadLetterSourceQueues",
        "ListQueueTags, ListQueueTags",
        "PurgeQueue, PurgeQueue",
        "ReceiveMessage, ReceiveMessage",
        "RemovePermission, RemovePermission",
        "SendMessage, SendMessage",
        "SendMessageBatch, SendMessage",
        "SetQueueAttributes, SetQueueAttributes",
        "TagQueue, TagQueue",
        "UntagQueue, UntagQueue"
    })
    void a_call_to_a_queue_needs_the_action_of_a_single_call_on_it(String call, String action) throws Exception {
        assertThat(needs.of(sqs(call, "{\"QueueUrl\":\"http://h:1/000000000000/q\"}")))
                .containsExactly(new Need(QUEUE, "sqs:" + action));
    }

    @Test
    void a_queue_that_is_named_is_known_by_its_name_and_to_tag_it_at_once_is_another_action() throws Exception {
        assertThat(needs.of(sqs("GetQueueUrl", "{\"QueueName\":\"q\"}")))
                .containsExactly(new Need(QUEUE, "sqs:GetQueueUrl"));
        assertThat(needs.of(sqs("CreateQueue", "{\"QueueName\":\"q\",\"tags\":{}}")))
                .containsExactly(new Need(QUEUE, "sqs:CreateQueue"));
        assertThat(needs.of(sqs("CreateQueue", "{\"QueueName\":\"q\",\"tags\":{\"a\":\"b\"}}")))
                .containsExactly(new Need(QUEUE, "sqs:CreateQueue"), new Need(QUEUE, "sqs:TagQueue"));
        assertThat(needs.of(sqs("ListQueues", "{}"))).containsExactly(new Need("*", "sqs:ListQueues"));
    }

    @ParameterizedTest
    @CsvSource({
        "AddPermission, TopicArn, AddPermission",
        "ConfirmSubscription, TopicArn, ConfirmSubscription",
        "DeleteTopic, TopicArn, DeleteTopic",
        "GetDataProtectionPolicy, ResourceArn, GetDataProtectionPolicy",
        "GetTopicAttributes, TopicArn, GetTopicAttributes",
        "ListSubscriptionsByTopic, TopicArn, ListSubscriptionsByTopic",
        "ListTagsForResource, ResourceArn, ListTagsForResource",
        "Publish, TopicArn, Publish",
        "Publish, TargetArn, Publish",
        "PublishBatch, TopicArn, Publish",
        "PutDataProtectionPolicy, ResourceArn, PutDataProtectionPolicy",
        "RemovePermission, TopicArn, RemovePermission",
        "SetTopicAttributes, TopicArn, SetTopicAttributes",
        "Subscribe, TopicArn, Subscribe",
        "TagResource, ResourceArn, TagResource",
        "UntagResource, ResourceArn, UntagResource"
    })
    void a_call_to_a_topic_needs_the_action_of_a_single_call_on_it(String call, String parameter, String action) {
        assertThat(needs.of(sns("Action=" + call + "&" + parameter + "=" + TOPIC)))
                .containsExactly(new Need(TOPIC, "sns:" + action));
    }

    @ParameterizedTest
    @CsvSource({
        "ListTopics",
        "ListSubscriptions",
        "GetSubscriptionAttributes",
        "SetSubscriptionAttributes",
        "Unsubscribe"
    })
    void iam_knows_no_subscriptions_so_actions_on_them_are_on_anything(String call) {
        assertThat(needs.of(sns("Action=" + call + "&SubscriptionArn=" + TOPIC + ":1")))
                .containsExactly(new Need("*", "sns:" + call));
    }

    @Test
    void to_create_a_topic_with_tags_is_another_action() {
        assertThat(needs.of(sns("Action=CreateTopic&Name=t"))).containsExactly(new Need(TOPIC, "sns:CreateTopic"));
        assertThat(needs.of(sns("Action=CreateTopic&Name=t&Tags.member.1.Key=a&Tags.member.1.Value=b")))
                .containsExactly(new Need(TOPIC, "sns:CreateTopic"), new Need(TOPIC, "sns:TagResource"));
    }

    @Test
    void what_is_no_call_or_names_no_resource_needs_nothing() throws Exception {
        assertThat(needs.of(sqs("Nonsense", "{}"))).isEmpty();
        assertThat(needs.of(sqs("SendMessage", "{}"))).isEmpty();
        assertThat(needs.of(sns("Action=Nonsense"))).isEmpty();
        assertThat(needs.of(sns("Action=Publish"))).isEmpty();
    }

    @Test
    void every_call_of_both_apis_is_in_these_tables() throws Exception {
        // StartMessageMoveTask and its like are tested below
        Set<String> moving = Set.of("StartMessageMoveTask", "ListMessageMoveTasks", "CancelMessageMoveTask");
        for (String call : AwsCalls.SQS) {
            if (!moving.contains(call)) {
                assertThat(needs.of(sqs(call, "{\"QueueUrl\":\"/q\"}")))
                        .as(call)
                        .isNotEmpty();
            }
        }
        for (String call : AwsCalls.SNS) {
            assertThat(needs.of(sns("Name=t&TopicArn=t&Action=" + call)))
                    .as(call)
                    .isNotEmpty();
        }
    }

    @Test
    void a_session_is_told_as_a_map_and_as_the_smallest_policy() throws Exception {
        // given a fan-out into two queues, and a consumer
        String topic = aws.sns
                .createTopic(request ->
                        request.name("t").tags(Tag.builder().key("a").value("b").build()))
                .topicArn();
        for (String name : List.of("q", "r")) {
            aws.sqs.createQueue(request -> request.queueName(name));
            aws.subscribe(topic, "arn:aws:sqs:us-east-1:000000000000:" + name, Map.of());
        }
        String url = aws.sqs.getQueueUrl(request -> request.queueName("q")).queueUrl();
        aws.publish(topic, request -> request.message("m"));
        String receipt = aws.sqs
                .receiveMessage(request -> request.queueUrl(url))
                .messages()
                .get(0)
                .receiptHandle();
        DeleteMessageBatchRequestEntry delete = DeleteMessageBatchRequestEntry.builder()
                .id("0")
                .receiptHandle(receipt)
                .build();
        aws.sqs.deleteMessageBatch(request -> request.queueUrl(url).entries(delete));
        aws.sns.listTopics();

        // then what SNS sent to the queues is not among it
        assertThat(aws.local.spy().iamActions())
                .isEqualTo(Map.of(
                        "*",
                        Set.of("sns:ListTopics"),
                        topic,
                        Set.of("sns:CreateTopic", "sns:Publish", "sns:Subscribe", "sns:TagResource"),
                        QUEUE,
                        Set.of("sqs:CreateQueue", "sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"),
                        "arn:aws:sqs:us-east-1:000000000000:r",
                        Set.of("sqs:CreateQueue")));
        assertThat(JSON.readTree(aws.local.spy().iamPolicy())).isEqualTo(JSON.readTree("""
                {"Version": "2012-10-17", "Statement": [
                  {"Effect": "Allow", "Action": ["sns:ListTopics"], "Resource": ["*"]},
                  {"Effect": "Allow",
                   "Action": ["sns:CreateTopic", "sns:Publish", "sns:Subscribe", "sns:TagResource"],
                   "Resource": ["arn:aws:sns:us-east-1:000000000000:t"]},
                  {"Effect": "Allow",
                   "Action": ["sqs:CreateQueue", "sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"],
                   "Resource": ["arn:aws:sqs:us-east-1:000000000000:q"]},
                  {"Effect": "Allow", "Action": ["sqs:CreateQueue"],
                   "Resource": ["arn:aws:sqs:us-east-1:000000000000:r"]}]}"""));
    }

    @Test
    void resources_with_the_same_actions_share_a_statement() throws Exception {
        IamActions actions = new IamActions();
        actions.needed(List.of(new Need("b", "x"), new Need("a", "x"), new Need("c", "x"), new Need("c", "y")));

        assertThat(JSON.readTree(actions.policy()).path("Statement")).isEqualTo(JSON.readTree("""
                [{"Effect": "Allow", "Action": ["x"], "Resource": ["a", "b"]},
                 {"Effect": "Allow", "Action": ["x", "y"], "Resource": ["c"]}]"""));
    }

    @Test
    void what_is_told_can_not_be_changed_and_stays_as_it_was() {
        aws.sns.listTopics();
        SortedMap<String, SortedSet<String>> told = aws.local.spy().iamActions();

        aws.sqs.listQueues();

        assertThat(told).isEqualTo(Map.of("*", Set.of("sns:ListTopics")));
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(told::clear);
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> told.get("*").clear());
    }

    @Test
    void a_call_that_is_refused_or_goes_wrong_needs_its_action_too() {
        assertThatExceptionOfType(SnsException.class)
                .isThrownBy(() -> aws.publish(TOPIC, request -> request.message("m")));
        aws.local.faults().always("PurgeQueue", Fault.throttled());
        assertThatExceptionOfType(SqsException.class)
                .isThrownBy(() ->
                        aws.sqs.purgeQueue(request -> request.queueUrl(aws.local.endpoint() + "/000000000000/q")));

        assertThat(aws.local.spy().iamActions())
                .isEqualTo(Map.of(TOPIC, Set.of("sns:Publish"), QUEUE, Set.of("sqs:PurgeQueue")));
    }

    @Test
    void to_move_dead_letters_back_needs_rights_on_both_queues() {
        // given two queues that share a dead-letter queue
        var dead = aws.queue();
        Map<QueueAttributeName, String> redrive = Map.of(
                QueueAttributeName.REDRIVE_POLICY,
                "{\"deadLetterTargetArn\":\"" + dead.arn() + "\",\"maxReceiveCount\":1}");
        aws.sqs.createQueue(request -> request.queueName("q").attributes(redrive));
        aws.sqs.createQueue(request -> request.queueName("r").attributes(redrive));
        var other = aws.queue();

        // when moved to where they came from
        String task = aws.sqs
                .startMessageMoveTask(request -> request.sourceArn(dead.arn()))
                .taskHandle();

        // then
        assertThat(needed(dead.arn()))
                .containsExactlyInAnyOrder(
                        "sqs:CreateQueue",
                        "sqs:StartMessageMoveTask",
                        "sqs:ReceiveMessage",
                        "sqs:DeleteMessage",
                        "sqs:GetQueueAttributes");
        assertThat(needed(QUEUE)).contains("sqs:SendMessage");
        assertThat(needed("arn:aws:sqs:us-east-1:000000000000:r")).contains("sqs:SendMessage");
        assertThat(needed(other.arn())).doesNotContain("sqs:SendMessage");

        // when moved elsewhere, listed and cancelled
        aws.sqs.startMessageMoveTask(request -> request.sourceArn(dead.arn()).destinationArn(other.arn()));
        aws.sqs.listMessageMoveTasks(request -> request.sourceArn(dead.arn()));
        try {
            aws.sqs.cancelMessageMoveTask(request -> request.taskHandle(task));
        } catch (SqsException over) {
            assertThat(over.statusCode())
                    .as("the task may have come to its end")
                    .isBetween(400, 499);
        }

        // then
        assertThat(needed(other.arn())).contains("sqs:SendMessage");
        assertThat(needed(dead.arn())).contains("sqs:ListMessageMoveTasks", "sqs:CancelMessageMoveTask");
    }

    @Test
    void calls_of_the_older_query_protocol_count_too() throws Exception {
        String url = aws.sqs.createQueue(request -> request.queueName("q")).queueUrl();

        get(url + "?Action=ReceiveMessage");
        get(aws.local.endpoint() + "/?Action=SendMessage&MessageBody=m&QueueUrl=" + url);
        get(aws.local.endpoint() + "/?Action=CreateQueue&QueueName=new&Tag.1.Key=a&Tag.1.Value=b");

        assertThat(needed(QUEUE)).containsExactlyInAnyOrder("sqs:CreateQueue", "sqs:ReceiveMessage", "sqs:SendMessage");
        assertThat(needed("arn:aws:sqs:us-east-1:000000000000:new"))
                .containsExactlyInAnyOrder("sqs:CreateQueue", "sqs:TagQueue");
    }

    private static void get(String uri) throws Exception {
        HttpResponse<Void> response = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.discarding());
        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void calls_that_name_what_does_not_exist_fill_nothing_up() {
        IamActions actions = new IamActions();

        for (int i = 0; i < 5_000; i++) {
            actions.needed(List.of(new Need("queue-" + i, "sqs:GetQueueUrl")));
        }
        actions.needed(
                List.of(new Need("q".repeat(10_000), "sqs:GetQueueUrl"), new Need("queue-7", "sqs:SendMessage")));

        assertThat(actions.all()).hasSize(1_000);
        assertThat(actions.all().get("queue-7")).containsExactly("sqs:GetQueueUrl", "sqs:SendMessage");
    }

    @Test
    void a_name_longer_than_any_is_not_noted() {
        IamActions actions = new IamActions();

        actions.needed(List.of(new Need("q".repeat(10_000), "sqs:GetQueueUrl")));

        assertThat(actions.all()).isEmpty();
    }

    private Set<String> needed(String resource) {
        return aws.local.spy().iamActions().getOrDefault(resource, Collections.emptySortedSet());
    }

    private static SqsCall sqs(String action, String parameters) throws Exception {
        return new SqsCall(action, (ObjectNode) JSON.readTree(parameters), Map.of());
    }

    private static QueryRequest sns(String form) {
        return QueryRequest.parse(form, Optional.empty());
    }
}
