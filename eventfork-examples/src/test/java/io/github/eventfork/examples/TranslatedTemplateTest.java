package io.github.eventfork.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.eventfork.filter.FilterPolicy;
import io.github.eventfork.filter.FilterPolicy.Scope;
import io.github.eventfork.lambda.ForkFunction;
import io.github.eventfork.testkit.SnsFilterPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code template.yaml} makes, by the CloudFormation template that AWS's own translator makes of it. */
class TranslatedTemplateTest {

    private static final List<String> FORKS = List.of("Analytics", "ChatNotifications", "MailingList");

    @TempDir
    private static Path folder = Path.of("");

    private static Stack stack;
    private static Stack behindBus;

    @BeforeAll
    static void translate() throws Exception {
        SamTranslator translator = new SamTranslator(folder);
        assumeThat(translator.isThere())
                .as("python3 has no samtranslator and yaml here, so what the template makes is not looked at")
                .isTrue();
        stack = new Stack(translator.translate(Files.readString(Path.of("template.yaml"))));
        behindBus = new Stack(translator.translate(Template.eventBridge()));
    }

    @Test
    void there_is_one_topic() {
        assertThat(stack.all("AWS::SNS::Topic").values())
                .singleElement()
                .satisfies(topic -> assertThat(topic.path("TopicName").asText()).isEqualTo("user-events"));
    }

    @Test
    void each_of_three_queues_has_a_dead_letter_queue_of_its_own_after_three_tries() {
        assertThat(redrives(stack))
                .isEqualTo(Map.of(
                        "AnalyticsQueue", "AnalyticsDeadLetterQueue after 3",
                        "ChatNotificationsQueue", "ChatNotificationsDeadLetterQueue after 3",
                        "MailingListQueue", "MailingListDeadLetterQueue after 3"));
        assertThat(stack.all("AWS::SQS::Queue")).hasSize(6);
    }

    @Test
    void queues_keep_messages_four_days_and_dead_letter_queues_fourteen() {
        assertThat(stack.all("AWS::SQS::Queue"))
                .allSatisfy((id, queue) -> assertThat(
                                queue.path("MessageRetentionPeriod").asInt())
                        .isEqualTo((id.endsWith("DeadLetterQueue") ? 14 : 4) * 24 * 3600));
    }

    @Test
    void a_dead_letter_queue_takes_from_its_queue_only() {
        assertThat(stack.all("AWS::SQS::Queue").entrySet())
                .filteredOn(entry -> entry.getKey().endsWith("DeadLetterQueue"))
                .allSatisfy(entry -> {
                    String queue = entry.getKey().replace("DeadLetterQueue", "Queue");
                    JsonNode allow = entry.getValue().path("RedriveAllowPolicy");
                    assertThat(allow.path("redrivePermission").asText()).isEqualTo("byQueue");
                    assertThat(allow.path("sourceQueueArns")).hasSize(1);
                    assertThat(allow.at("/sourceQueueArns/0/Fn::Sub").asText())
                            .endsWith(":"
                                    + stack.resource(queue).path("QueueName").asText());
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "signup | Analytics, ChatNotifications, MailingList",
                "login  | Analytics",
                "logout | ''",
                "SIGNUP | ''"
            })
    void the_attribute_event_decides_which_queues_get_an_event(String event, String forks) {
        assertThat(takenBy(SnsFilterPolicy.attributes()
                        .with("event", "String", event)
                        .json()))
                .isEqualTo(forks);
    }

    @Test
    void an_event_without_that_attribute_goes_nowhere() {
        assertThat(takenBy("{}")).isEmpty();
    }

    @Test
    void each_subscription_leads_from_the_topic_to_the_queue_of_its_fork_which_sns_may_send_to_before() {
        assertThat(stack.all("AWS::SNS::Subscription").keySet())
                .containsExactlyInAnyOrderElementsOf(named("Subscription"));
        for (String fork : FORKS) {
            JsonNode subscription = stack.resource(fork + "Subscription");
            assertThat(Stack.target(subscription.path("TopicArn"))).isEqualTo("Topic");
            assertThat(Stack.target(subscription.path("Endpoint"))).isEqualTo(fork + "Queue");
            assertThat(subscription.path("Protocol").asText()).isEqualTo("sqs");
            assertThat(stack.dependencies(fork + "Subscription")).containsExactly(fork + "QueuePolicy");
        }
    }

    @Test
    void only_the_topic_may_send_to_a_queue() {
        assertThat(senders(stack)).isEqualTo(perFork(fork -> "sns.amazonaws.com from Topic to " + fork + "Queue"));
    }

    @Test
    void one_mapping_for_each_function_reads_its_queue_and_believes_partial_answers() {
        assertThat(stack.all("AWS::Lambda::Function").keySet()).containsExactlyInAnyOrderElementsOf(named("Function"));
        Map<String, String> mappings = new TreeMap<>();
        stack.all("AWS::Lambda::EventSourceMapping").values().forEach(mapping -> {
            mappings.put(
                    Stack.target(mapping.path("FunctionName")).replace("Function", ""),
                    Stack.target(mapping.path("EventSourceArn")));
            assertThat(mapping.path("FunctionResponseTypes"))
                    .singleElement()
                    .satisfies(type -> assertThat(type.asText()).isEqualTo("ReportBatchItemFailures"));
        });
        assertThat(mappings).isEqualTo(perFork(fork -> fork + "Queue"));
        assertThat(stack.all("AWS::Lambda::EventSourceMapping")).hasSize(3);
    }

    @Test
    void a_queue_hides_a_message_for_six_times_as_long_as_its_function_may_take() {
        for (String fork : FORKS) {
            assertThat(stack.resource(fork + "Queue").path("VisibilityTimeout").asInt())
                    .isGreaterThanOrEqualTo(6
                            * stack.resource(fork + "Function").path("Timeout").asInt());
        }
    }

    @Test
    void each_function_runs_a_class_that_is_there() throws Exception {
        for (String fork : FORKS) {
            JsonNode function = stack.resource(fork + "Function");
            Class<?> handler =
                    Class.forName(stack.valueOf(function.path("Handler")).asText());
            assertThat(ForkFunction.class).isAssignableFrom(handler);
            assertThat(handler.getSimpleName()).isEqualTo(fork + "Function");
            assertThat(stack.valueOf(function.path("Runtime")).asText()).isEqualTo("java21");
            assertThat(function.path("Code").path("S3Key").asText()).isEqualTo("target/eventfork-examples.jar");
        }
    }

    @Test
    void a_function_may_do_with_its_own_queues_what_mapping_and_settler_need() {
        assertThat(stack.all("AWS::IAM::Role").keySet()).containsExactlyInAnyOrderElementsOf(named("Role"));
        for (String fork : FORKS) {
            JsonNode role = stack.resource(fork + "Role");
            assertThat(Stack.target(stack.resource(fork + "Function").path("Role")))
                    .isEqualTo(fork + "Role");
            assertThat(rights(role, 0))
                    .containsExactly(
                            "sqs:ReceiveMessage, sqs:DeleteMessage, sqs:GetQueueAttributes, sqs:ChangeMessageVisibility,"
                                    + " sqs:GetQueueUrl on " + fork + "Queue",
                            "sqs:SendMessage, sqs:GetQueueUrl on " + fork + "DeadLetterQueue");
            assertThat(role.path("ManagedPolicyArns"))
                    .singleElement()
                    .satisfies(arn -> assertThat(arn.path("Fn::Sub").asText())
                            .endsWith(":policy/service-role/AWSLambdaBasicExecutionRole"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Analytics, AnalyticsWriteKeySecret",
        "MailingList, MailingListApiKeySecret",
        "ChatNotifications, ChatWebhookUrlSecret"
    })
    void a_function_may_read_its_one_secret_and_do_nothing_else(String fork, String secret) {
        JsonNode role = stack.resource(fork + "Role");

        assertThat(role.path("Policies")).hasSize(2);
        assertThat(rights(role, 1)).containsExactly("secretsmanager:GetSecretValue on " + secret);
    }

    @ParameterizedTest
    @CsvSource({"Analytics, analytics", "MailingList, mailing-list", "ChatNotifications, chat-notifications"})
    void a_function_finds_all_that_its_fork_needs_in_its_environment(String id, String fork) {
        // given what the template puts there, and a value for each parameter
        Map<String, String> environment = new TreeMap<>();
        stack.resource(id + "Function")
                .at("/Environment/Variables")
                .properties()
                .forEach(variable -> environment.put(
                        variable.getKey(), variable.getKey().endsWith("_URL") ? "https://127.0.0.1/" : "id"));

        // when
        Services services = new Services(environment, region -> name -> "token");
        switch (fork) {
            case "analytics" -> services.analytics();
            case "mailing-list" -> services.mailingList();
            default -> services.chat();
        }

        // then
        assertThatCode(services::check).doesNotThrowAnyException();
        assertThat(environment.keySet())
                .filteredOn(name -> name.matches(".*(KEY|WEBHOOK_URL)"))
                .isEmpty();
    }

    private static List<String> rights(JsonNode role, int policy) {
        List<String> rights = new ArrayList<>();
        role.path("Policies").path(policy).at("/PolicyDocument/Statement").forEach(statement -> {
            List<String> actions = new ArrayList<>();
            JsonNode action = statement.path("Action");
            (action.isTextual() ? List.of(action) : action).forEach(name -> actions.add(name.asText()));
            JsonNode resource = statement.path("Resource");
            rights.add(String.join(", ", actions) + " on "
                    + Stack.target(resource.isArray() ? resource.path(0) : resource));
            assertThat(resource.isArray() ? resource.size() : 1).isEqualTo(1);
        });
        return rights;
    }

    @Test
    void nothing_is_referred_to_that_is_not_there() {
        assertThat(stack.dangling()).isEmpty();
        assertThat(behindBus.dangling()).isEmpty();
    }

    @Test
    void behind_an_event_bus_a_rule_leads_to_each_queue() {
        // a topic and its subscriptions are what a bus and its rules stand for
        assertThat(behindBus.all("AWS::SNS::Topic")).isEmpty();
        assertThat(behindBus.all("AWS::SNS::Subscription")).isEmpty();
        assertThat(behindBus.all("AWS::Events::EventBus").keySet()).containsExactly("EventBus");
        assertThat(behindBus.all("AWS::Events::Rule").keySet()).containsExactlyInAnyOrderElementsOf(named("Rule"));
        for (String fork : FORKS) {
            JsonNode rule = behindBus.resource(fork + "Rule");
            assertThat(Stack.target(rule.path("EventBusName"))).isEqualTo("EventBus");
            assertThat(rule.path("Targets"))
                    .singleElement()
                    .satisfies(target ->
                            assertThat(Stack.target(target.path("Arn"))).isEqualTo(fork + "Queue"));
        }
        assertThat(behindBus.resource("AnalyticsRule").path("EventPattern").toString())
                .isEqualTo("{\"detail-type\":[\"signup\",\"login\"]}");
        assertThat(behindBus.resource("MailingListRule").path("EventPattern").toString())
                .isEqualTo("{\"detail-type\":[\"signup\"]}");
        assertThat(senders(behindBus))
                .isEqualTo(Map.of(
                        "Analytics", "events.amazonaws.com from analytics to AnalyticsQueue",
                        "AnalyticsDeadLetter", "events.amazonaws.com from analytics to AnalyticsDeadLetterQueue",
                        "ChatNotifications", "events.amazonaws.com from chat-notifications to ChatNotificationsQueue",
                        "ChatNotificationsDeadLetter",
                                "events.amazonaws.com from chat-notifications to ChatNotificationsDeadLetterQueue",
                        "MailingList", "events.amazonaws.com from mailing-list to MailingListQueue",
                        "MailingListDeadLetter",
                                "events.amazonaws.com from mailing-list to MailingListDeadLetterQueue"));
    }

    @Test
    void behind_an_event_bus_a_rule_is_made_when_it_may_send_and_gives_what_it_cant_deliver_to_the_dead_letters() {
        for (String fork : FORKS) {
            assertThat(behindBus.dependencies(fork + "Rule"))
                    .containsExactly(fork + "QueuePolicy", fork + "DeadLetterQueuePolicy");
            JsonNode rule = behindBus.resource(fork + "Rule");
            assertThat(Stack.target(rule.at("/Targets/0/DeadLetterConfig/Arn"))).isEqualTo(fork + "DeadLetterQueue");
            assertThat(behindBus
                            .resource(fork + "QueuePolicy")
                            .at("/PolicyDocument/Statement/0/Condition/ArnEquals/aws:SourceArn/Fn::Sub")
                            .asText())
                    .endsWith(":rule/user-events/" + rule.path("Name").asText());
        }
    }

    @Test
    void behind_an_event_bus_all_else_is_the_same() {
        for (String type : List.of(
                "AWS::SQS::Queue", "AWS::Lambda::Function", "AWS::Lambda::EventSourceMapping", "AWS::IAM::Role")) {
            assertThat(behindBus.all(type)).isEqualTo(stack.all(type)).isNotEmpty();
        }
    }

    private static Map<String, String> redrives(Stack stack) {
        Map<String, String> redrives = new TreeMap<>();
        stack.all("AWS::SQS::Queue").forEach((id, queue) -> {
            JsonNode redrive = queue.path("RedrivePolicy");
            if (!redrive.isMissingNode()) {
                redrives.put(
                        id,
                        Stack.target(redrive.path("deadLetterTargetArn")) + " after "
                                + redrive.path("maxReceiveCount").asInt());
            }
        });
        return redrives;
    }

    private static Map<String, String> senders(Stack stack) {
        Map<String, String> senders = new TreeMap<>();
        stack.all("AWS::SQS::QueuePolicy").forEach((id, policy) -> {
            assertThat(policy.path("Queues")).hasSize(1);
            assertThat(policy.path("PolicyDocument").path("Statement")).hasSize(1);
            JsonNode statement = policy.path("PolicyDocument").path("Statement").path(0);
            assertThat(statement.path("Action").asText()).isEqualTo("sqs:SendMessage");
            assertThat(Stack.target(statement.path("Resource")))
                    .isEqualTo(Stack.target(policy.path("Queues").path(0)));
            senders.put(
                    id.replace("QueuePolicy", ""),
                    statement.path("Principal").path("Service").asText() + " from "
                            + source(statement.at("/Condition/ArnEquals/aws:SourceArn")) + " to "
                            + Stack.target(statement.path("Resource")));
        });
        return senders;
    }

    /** What an ARN refers to, or the name at its end. */
    private static String source(JsonNode arn) {
        String text = arn.path("Fn::Sub").asText();
        return text.isEmpty() ? Stack.target(arn) : text.substring(text.lastIndexOf('/') + 1);
    }

    private static String takenBy(String attributes) {
        return FORKS.stream()
                .filter(fork -> {
                    JsonNode subscription = stack.resource(fork + "Subscription");
                    assertThat(subscription.path("FilterPolicyScope").asText()).isEqualTo("MessageAttributes");
                    FilterPolicy policy =
                            new FilterPolicy(subscription.path("FilterPolicy").toString(), Scope.MESSAGE_ATTRIBUTES);
                    return SnsFilterPolicy.of(policy).takes(attributes, "{}");
                })
                .collect(Collectors.joining(", "));
    }

    private static TreeSet<String> named(String suffix) {
        return FORKS.stream().map(fork -> fork + suffix).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Map<String, String> perFork(UnaryOperator<String> value) {
        return FORKS.stream().collect(Collectors.toMap(fork -> fork, value));
    }
}
