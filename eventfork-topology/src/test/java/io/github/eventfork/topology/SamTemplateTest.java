package io.github.eventfork.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.eventfork.EventType;
import io.github.eventfork.Fork;
import io.github.eventfork.filter.Condition;
import io.github.eventfork.filter.FilterPolicy;
import io.github.eventfork.filter.FilterPolicy.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SamTemplateTest {

    private final Fork chat = Forks.withAttempts("chat", 3);
    private final Topology topology = Topology.of("user-events").forks(chat);

    @Test
    void a_template_of_one_fork_reads_so() {
        assertThat(Rendered.sam(topology).text()).isEqualTo("""
                        # Rendered by eventfork from the forks of Topology 'user-events'.
                        # Don't edit it: change the forks or their settings, and render it anew.
                        AWSTemplateFormatVersion: "2010-09-09"
                        Transform: AWS::Serverless-2016-10-31
                        Description: Topic user-events and a queue and a function for each fork behind it
                        Parameters:
                          ChatHandler:
                            Type: String
                            Default: ""
                            Description: Instead of com.example.chat, if it is not empty
                          ChatRuntime:
                            Type: String
                            Default: ""
                            Description: Instead of java21, if it is not empty
                            AllowedValues:
                              - ""
                              - java17
                              - java21
                              - java25
                          ChatMemorySize:
                            Type: String
                            Default: ""
                            Description: Instead of 512, if it is not empty
                            AllowedPattern: "(12[89]|1[3-9][0-9]|[2-9][0-9]{2}|[1-9][0-9]{3}|10[01][0-9]{2}|102[0-3][0-9]|10240)?"
                            ConstraintDescription: must be 128 to 10240, or empty
                        Conditions:
                          ChatHandlerGiven:
                            Fn::Not:
                              - Fn::Equals:
                                  - Ref: ChatHandler
                                  - ""
                          ChatRuntimeGiven:
                            Fn::Not:
                              - Fn::Equals:
                                  - Ref: ChatRuntime
                                  - ""
                          ChatMemorySizeGiven:
                            Fn::Not:
                              - Fn::Equals:
                                  - Ref: ChatMemorySize
                                  - ""
                        Resources:
                          Topic:
                            Type: AWS::SNS::Topic
                            Properties:
                              TopicName: user-events
                          ChatDeadLetterQueue:
                            Type: AWS::SQS::Queue
                            UpdateReplacePolicy: Retain
                            Properties:
                              QueueName: chat-dlq
                              MessageRetentionPeriod: 1209600
                              RedriveAllowPolicy:
                                redrivePermission: byQueue
                                sourceQueueArns:
                                  - Fn::Sub: "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:chat"
                              Tags:
                                - Key: eventfork:fork
                                  Value: chat
                          ChatQueue:
                            Type: AWS::SQS::Queue
                            UpdateReplacePolicy: Retain
                            Properties:
                              QueueName: chat
                              MessageRetentionPeriod: 345600
                              VisibilityTimeout: 180
                              RedrivePolicy:
                                deadLetterTargetArn:
                                  Fn::GetAtt:
                                    - ChatDeadLetterQueue
                                    - Arn
                                maxReceiveCount: 3
                              Tags:
                                - Key: eventfork:fork
                                  Value: chat
                          ChatQueuePolicy:
                            Type: AWS::SQS::QueuePolicy
                            Properties:
                              Queues:
                                - Ref: ChatQueue
                              PolicyDocument:
                                Version: "2012-10-17"
                                Statement:
                                  - Sid: OnlyItsTopicsSend
                                    Effect: Allow
                                    Principal:
                                      Service: sns.amazonaws.com
                                    Action: sqs:SendMessage
                                    Resource:
                                      Fn::GetAtt:
                                        - ChatQueue
                                        - Arn
                                    Condition:
                                      ArnEquals:
                                        aws:SourceArn:
                                          Ref: Topic
                          ChatSubscription:
                            Type: AWS::SNS::Subscription
                            DependsOn: ChatQueuePolicy
                            Properties:
                              TopicArn:
                                Ref: Topic
                              Protocol: sqs
                              Endpoint:
                                Fn::GetAtt:
                                  - ChatQueue
                                  - Arn
                              FilterPolicy:
                                event:
                                  - signup
                              FilterPolicyScope: MessageAttributes
                          ChatRole:
                            Type: AWS::IAM::Role
                            Properties:
                              AssumeRolePolicyDocument:
                                Version: "2012-10-17"
                                Statement:
                                  - Effect: Allow
                                    Principal:
                                      Service: lambda.amazonaws.com
                                    Action: sts:AssumeRole
                              ManagedPolicyArns:
                                - Fn::Sub: "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
                              Policies:
                                - PolicyName: Queue
                                  PolicyDocument:
                                    Version: "2012-10-17"
                                    Statement:
                                      - Effect: Allow
                                        Action:
                                          - sqs:ReceiveMessage
                                          - sqs:DeleteMessage
                                          - sqs:GetQueueAttributes
                                        Resource:
                                          Fn::GetAtt:
                                            - ChatQueue
                                            - Arn
                          ChatFunction:
                            Type: AWS::Serverless::Function
                            Properties:
                              Description: Fork chat
                              CodeUri: target/functions.jar
                              Handler:
                                Fn::If:
                                  - ChatHandlerGiven
                                  - Ref: ChatHandler
                                  - com.example.chat
                              Runtime:
                                Fn::If:
                                  - ChatRuntimeGiven
                                  - Ref: ChatRuntime
                                  - java21
                              MemorySize:
                                Fn::If:
                                  - ChatMemorySizeGiven
                                  - Ref: ChatMemorySize
                                  - 512
                              Timeout: 30
                              Role:
                                Fn::GetAtt:
                                  - ChatRole
                                  - Arn
                              Tags:
                                eventfork:fork: chat
                              Events:
                                Batches:
                                  Type: SQS
                                  Properties:
                                    Queue:
                                      Fn::GetAtt:
                                        - ChatQueue
                                        - Arn
                                    BatchSize: 10
                                    FunctionResponseTypes:
                                      - ReportBatchItemFailures
                        Outputs:
                          TopicArn:
                            Description: Publish here
                            Value:
                              Ref: Topic
                          ChatQueueUrl:
                            Description: The queue of fork chat
                            Value:
                              Ref: ChatQueue
                          ChatQueueArn:
                            Description: "Where its dead letters are tried again: the destination"
                            Value:
                              Fn::GetAtt:
                                - ChatQueue
                                - Arn
                          ChatDeadLetterQueueUrl:
                            Description: What fork chat gave up
                            Value:
                              Ref: ChatDeadLetterQueue
                          ChatDeadLetterQueueArn:
                            Description: "To try it again: aws sqs start-message-move-task, with this as --source-arn and ChatQueueArn as --destination-arn"
                            Value:
                              Fn::GetAtt:
                                - ChatDeadLetterQueue
                                - Arn
                        """);
    }

    @Test
    void one_more_fork_adds_what_is_its_own_and_changes_nothing_else() {
        // given
        Rendered before = Rendered.sam(topology.forks(Forks.on("analytics", "login")));

        // when it is put in between
        Rendered after = Rendered.sam(Topology.of("user-events")
                .forks(chat, Forks.on("mailing-list", "signup"), Forks.on("analytics", "login")));

        // then
        assertThat(added(before, after, "Resources"))
                .containsExactly(
                        "MailingListDeadLetterQueue",
                        "MailingListQueue",
                        "MailingListQueuePolicy",
                        "MailingListSubscription",
                        "MailingListRole",
                        "MailingListFunction");
        assertThat(added(before, after, "Parameters"))
                .containsExactly("MailingListHandler", "MailingListRuntime", "MailingListMemorySize");
        assertThat(added(before, after, "Conditions"))
                .containsExactly("MailingListHandlerGiven", "MailingListRuntimeGiven", "MailingListMemorySizeGiven");
        assertThat(added(before, after, "Outputs"))
                .containsExactly(
                        "MailingListQueueUrl",
                        "MailingListQueueArn",
                        "MailingListDeadLetterQueueUrl",
                        "MailingListDeadLetterQueueArn");
    }

    @Test
    void one_more_fork_behind_an_event_bus_does_the_same_and_brings_its_own_rule() {
        // given two forks that want the same events
        Rendered before = Rendered.eventBridge(topology);

        // when
        Rendered after = Rendered.eventBridge(topology.forks(Forks.on("mailing-list", "signup")));

        // then
        assertThat(added(before, after, "Resources"))
                .containsExactly(
                        "MailingListDeadLetterQueue",
                        "MailingListQueue",
                        "MailingListQueuePolicy",
                        "MailingListDeadLetterQueuePolicy",
                        "MailingListRule",
                        "MailingListRole",
                        "MailingListFunction");
        assertThat(added(before, after, "Parameters")).hasSize(3);
        assertThat(added(before, after, "Outputs")).hasSize(4);
    }

    /** What is in {@code after} only; all that is in both must be the same, and nothing may be gone. */
    private static List<String> added(Rendered before, Rendered after, String section) {
        Map<String, JsonNode> all = after.everything(section);
        assertThat(all).containsAllEntriesOf(before.everything(section));
        List<String> added = new ArrayList<>(all.keySet());
        added.removeAll(before.everything(section).keySet());
        return added;
    }

    @Test
    void a_topology_renders_the_same_text_each_time() {
        // given the same again, from the start
        Topology again = Topology.of("user-events").forks(Forks.withAttempts("chat", 3));

        // then
        assertThat(Rendered.sam(again).text()).isEqualTo(Rendered.sam(topology).text());
        assertThat(Rendered.eventBridge(again).text())
                .isEqualTo(Rendered.eventBridge(topology).text());
    }

    @Test
    void what_a_queue_differs_in_stands_in_the_template() {
        // given
        Topology changed = Topology.of("user-events")
                .fork(
                        chat,
                        queue -> queue.withName("talk")
                                .withDeadLetterName("talk-dead")
                                .withRetention(Duration.ofHours(1))
                                .withDeadLetterRetention(Duration.ofHours(2))
                                .withVisibilityTimeout(Duration.ofMinutes(4))
                                .withMaxReceiveCount(7)
                                .withRawDelivery()
                                .withSender("arn:aws:sns:eu-west-1:123456789012:news"));

        // when
        Rendered template = Rendered.sam(changed);

        // then
        JsonNode queue = template.properties("ChatQueue");
        assertThat(queue.path("QueueName").asText()).isEqualTo("talk");
        assertThat(queue.path("MessageRetentionPeriod").asInt()).isEqualTo(3600);
        assertThat(queue.path("VisibilityTimeout").asInt()).isEqualTo(240);
        assertThat(queue.at("/RedrivePolicy/maxReceiveCount").asInt()).isEqualTo(7);
        JsonNode dead = template.properties("ChatDeadLetterQueue");
        assertThat(dead.path("QueueName").asText()).isEqualTo("talk-dead");
        assertThat(dead.path("MessageRetentionPeriod").asInt()).isEqualTo(7200);
        assertThat(dead.at("/RedriveAllowPolicy/sourceQueueArns/0/Fn::Sub").asText())
                .endsWith(":talk");
        assertThat(template.properties("ChatSubscription")
                        .path("RawMessageDelivery")
                        .asBoolean())
                .isTrue();
        assertThat(template.properties("ChatQueuePolicy")
                        .at("/PolicyDocument/Statement/0/Condition/ArnEquals/aws:SourceArn")
                        .toString())
                .isEqualTo("[{\"Ref\":\"Topic\"},\"arn:aws:sns:eu-west-1:123456789012:news\"]");
    }

    @Test
    void what_a_function_differs_in_stands_in_the_template() {
        // given
        FunctionSettings settings = FunctionSettings.of("com.example.Chat", "s3://code/chat.jar")
                .withRuntime(JavaRuntime.JAVA_25)
                .withMemory(1024)
                .withTimeout(Duration.ofSeconds(10))
                .withBatchSize(100)
                .withBatchingWindow(Duration.ofSeconds(5))
                .withMaximumConcurrency(4)
                .withEnvironment("SECRET", "chat/token")
                .withEnvironment("DEBUG", "true")
                .withPolicy("arn:aws:iam::123456789012:policy/read-chat-token");

        // when
        Rendered template = Rendered.sam(topology, settings);

        // then
        JsonNode function = template.properties("ChatFunction");
        assertThat(function.path("CodeUri").asText()).isEqualTo("s3://code/chat.jar");
        assertThat(function.path("Timeout").asInt()).isEqualTo(10);
        assertThat(function.path("Environment").toString())
                .isEqualTo("{\"Variables\":{\"SECRET\":\"chat/token\",\"DEBUG\":\"true\"}}");
        ObjectNode mapping = (ObjectNode) function.at("/Events/Batches/Properties");
        assertThat(mapping.without("Queue").toString())
                .isEqualTo("{\"BatchSize\":100,\"MaximumBatchingWindowInSeconds\":5,"
                        + "\"ScalingConfig\":{\"MaximumConcurrency\":4},"
                        + "\"FunctionResponseTypes\":[\"ReportBatchItemFailures\"]}");
        assertThat(function.path("Handler"))
                .hasToString("{\"Fn::If\":[\"ChatHandlerGiven\",{\"Ref\":\"ChatHandler\"},\"com.example.Chat\"]}");
        assertThat(function.path("Runtime"))
                .hasToString("{\"Fn::If\":[\"ChatRuntimeGiven\",{\"Ref\":\"ChatRuntime\"},\"java25\"]}");
        assertThat(function.path("MemorySize"))
                .hasToString("{\"Fn::If\":[\"ChatMemorySizeGiven\",{\"Ref\":\"ChatMemorySize\"},1024]}");
        assertThat(template.properties("ChatRole").at("/ManagedPolicyArns/1").asText())
                .isEqualTo("arn:aws:iam::123456789012:policy/read-chat-token");
        assertThat(template.properties("ChatQueue").path("VisibilityTimeout").asInt())
                .isEqualTo(6 * 10 + 5);
    }

    @Test
    void no_value_is_the_default_of_a_parameter_which_sam_would_keep_for_a_standing_stack() {
        // given a handler that was renamed, on another runtime with other memory
        FunctionSettings renamed = FunctionSettings.of("com.example.Talk", Rendered.CODE)
                .withRuntime(JavaRuntime.JAVA_17)
                .withMemory(256);

        // when
        Rendered before = Rendered.sam(topology);
        Rendered after = Rendered.sam(topology, renamed);

        // then the parameters' defaults stay what they were, and the function changes
        assertThat(after.everything("Parameters").values())
                .extracting(parameter -> parameter.path("Default").asText())
                .containsExactly("", "", "");
        assertThat(before.properties("ChatFunction")).isNotEqualTo(after.properties("ChatFunction"));
    }

    @ParameterizedTest
    @CsvSource({
        "'', true",
        "127, false",
        "128, true",
        "1024, true",
        "10239, true",
        "10240, true",
        "10241, false",
        "0128, false"
    })
    void memory_is_overridden_within_lambdas_limits(String given, boolean allowed) {
        // when
        JsonNode parameter = Rendered.sam(topology).tree().at("/Parameters/ChatMemorySize");

        // then
        assertThat(given.matches(parameter.path("AllowedPattern").asText())).isEqualTo(allowed);
    }

    @Test
    void a_queue_that_must_be_replaced_is_kept() {
        for (Rendered template : List.of(Rendered.sam(topology.fifo()), Rendered.eventBridge(topology))) {
            assertThat(List.of("ChatQueue", "ChatDeadLetterQueue"))
                    .extracting(queue -> template.tree()
                            .path("Resources")
                            .path(queue)
                            .path("UpdateReplacePolicy")
                            .asText())
                    .containsExactly("Retain", "Retain");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"plan\":[\"pro\",null]} | plan",
                "{\"user\":{\"plan\":[null]}} | user.plan",
                "{\"$or\":[{\"a\":[1]},{\"b\":[{\"anything-but\":[null]}]}]} | $or.b.anything-but"
            })
    void a_condition_that_asks_for_null_is_refused_because_no_template_can_hold_it(String policy, String place) {
        // given it in a policy on the body
        Topology asking = Topology.of("user-events")
                .fork(chat, queue -> queue.withFilterPolicy(new FilterPolicy(policy, Scope.MESSAGE_BODY)));

        // then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Rendered.sam(asking))
                .withMessage(
                        "Topology 'user-events', fork 'chat': its condition on '" + place + "' asks for null, which"
                                + " CloudFormation allows nowhere in a template. Let publishers leave the field out, and ask for"
                                + " absent()");
    }

    @Test
    void behind_an_event_bus_null_is_refused_too() {
        // given
        Fork asking = Fork.named("asking")
                .onAny(String.class, event -> {})
                .whereBody("/plan", Condition.isNull())
                .build();

        // then
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Rendered.eventBridge(Topology.of("user-events").forks(asking)))
                .withMessageStartingWith(
                        "Topology 'user-events', fork 'asking': its condition on 'detail.plan' asks for null");
    }

    @Test
    void a_queue_that_forgets_a_message_before_its_functions_last_try_is_refused() {
        // given one that is fine with a poller, and a function that may run for 15 min
        Topology topology = Topology.of("user-events").fork(chat, queue -> queue.withRetention(Duration.ofMinutes(2)));
        FunctionSettings slow = Rendered.function("chat").withTimeout(Duration.ofMinutes(15));

        // then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Rendered.sam(topology, slow))
                .withMessage(
                        "Topology 'user-events', fork 'chat': retention must be more than maxReceiveCount times the"
                                + " visibility timeout, or a message that fails expires before it is received so often: was PT2M,"
                                + " and 3 times PT1H30M");
    }

    @Test
    void a_variable_can_be_given_when_the_template_is_deployed() {
        // given
        FunctionSettings settings = Rendered.function("chat")
                .withEnvironment("LEVEL", "info")
                .withEnvironment(
                        "CHAT_URL",
                        TemplateParameter.named("ChatUrl")
                                .withDescription("where the chat is")
                                .withDefault("https://chat.example"))
                .withEnvironment("ROOM", TemplateParameter.named("Room"));

        // when
        Rendered template = Rendered.sam(topology, settings);

        // then
        assertThat(template.properties("ChatFunction").path("Environment").toString())
                .isEqualTo("{\"Variables\":{\"LEVEL\":\"info\",\"CHAT_URL\":{\"Ref\":\"ChatUrl\"},"
                        + "\"ROOM\":{\"Ref\":\"Room\"}}}");
        assertThat(template.tree().at("/Parameters/ChatUrl").toString())
                .isEqualTo("{\"Type\":\"String\",\"Description\":\"where the chat is\","
                        + "\"Default\":\"https://chat.example\"}");
        assertThat(template.tree().at("/Parameters/Room").toString()).isEqualTo("{\"Type\":\"String\"}");
        assertThat(template.properties("ChatRole").path("Policies")).hasSize(1);
    }

    @Test
    void a_function_may_read_its_secrets_and_no_others() {
        // given two variables, the second twice
        FunctionSettings settings = Rendered.function("chat")
                .withSecret("TOKEN_SECRET", TemplateParameter.named("TokenSecret"))
                .withSecret("HOOK_SECRET", TemplateParameter.named("HookSecret"))
                .withSecret("HOOK_AGAIN", TemplateParameter.named("HookSecret"));

        // when
        Rendered template = Rendered.sam(topology, settings);

        // then
        assertThat(template.properties("ChatRole").at("/Policies/1/PolicyName").asText())
                .isEqualTo("Secrets");
        assertThat(template.properties("ChatRole")
                        .at("/Policies/1/PolicyDocument/Statement")
                        .toString())
                .isEqualTo("[{\"Effect\":\"Allow\",\"Action\":\"secretsmanager:GetSecretValue\","
                        + "\"Resource\":[{\"Ref\":\"TokenSecret\"},{\"Ref\":\"HookSecret\"}]}]");
        assertThat(template.properties("ChatFunction")
                        .at("/Environment/Variables")
                        .toString())
                .isEqualTo("{\"TOKEN_SECRET\":{\"Ref\":\"TokenSecret\"},\"HOOK_SECRET\":{\"Ref\":\"HookSecret\"},"
                        + "\"HOOK_AGAIN\":{\"Ref\":\"HookSecret\"}}");
        assertThat("arn:aws:secretsmanager:eu-central-1:123456789012:secret:chat/token-AbCdEf")
                .matches(template.tree()
                        .at("/Parameters/TokenSecret/AllowedPattern")
                        .asText());
        assertThat(List.of("chat/token", "arn:aws:secretsmanager:eu-central-1:123456789012:secret:chat/token"))
                .noneMatch(given -> given.matches(template.tree()
                        .at("/Parameters/TokenSecret/AllowedPattern")
                        .asText()));
    }

    @Test
    void two_functions_share_a_parameter_that_is_equal_and_no_other() {
        // given
        Topology two = Topology.of("user-events").forks(Forks.on("a", "signup"), Forks.on("b", "signup"));
        TemplateParameter region = TemplateParameter.named("Home").withDefault("here");

        // when
        Rendered template = Rendered.of(
                two.toSamTemplate(fork -> Rendered.function(fork.name()).withEnvironment("HOME_REGION", region)));

        // then
        assertThat(template.everything("Parameters").keySet())
                .filteredOn(name -> name.equals("Home"))
                .hasSize(1);
        assertThatIllegalStateException()
                .isThrownBy(() -> two.toSamTemplate(fork ->
                        Rendered.function(fork.name()).withEnvironment("HOME_REGION", region.withDefault(fork.name()))))
                .withMessageContaining("logical id 'Home' is of both fork 'a' and fork 'b'");
    }

    @Test
    void a_settler_may_change_visibility_and_send_to_the_dead_letter_queue() {
        // when
        Rendered template = Rendered.sam(topology, Rendered.function("chat").withSettler());

        // then
        assertThat(template.properties("ChatRole")
                        .at("/Policies/0/PolicyDocument/Statement")
                        .toString())
                .isEqualTo("[{\"Effect\":\"Allow\",\"Action\":[\"sqs:ReceiveMessage\",\"sqs:DeleteMessage\","
                        + "\"sqs:GetQueueAttributes\",\"sqs:ChangeMessageVisibility\",\"sqs:GetQueueUrl\"],"
                        + "\"Resource\":{\"Fn::GetAtt\":[\"ChatQueue\",\"Arn\"]}},"
                        + "{\"Effect\":\"Allow\",\"Action\":[\"sqs:SendMessage\",\"sqs:GetQueueUrl\"],"
                        + "\"Resource\":{\"Fn::GetAtt\":[\"ChatDeadLetterQueue\",\"Arn\"]}}]");
    }

    @ParameterizedTest
    @CsvSource({"30, 179, 180", "30, 181, 181", "900, 30, 5400"})
    void a_queue_hides_messages_as_long_as_it_says_and_at_least_six_time_outs(int timeout, int given, int rendered) {
        // given
        Topology changed = topology.withVisibilityTimeout(Duration.ofSeconds(given));

        // when
        Rendered template = Rendered.sam(changed, Rendered.function("chat").withTimeout(Duration.ofSeconds(timeout)));

        // then
        assertThat(template.properties("ChatQueue").path("VisibilityTimeout").asInt())
                .isEqualTo(rendered);
    }

    @Test
    void a_fork_that_wants_everything_has_a_subscription_without_a_policy() {
        // when
        Rendered template = Rendered.sam(Topology.of("user-events").forks(Forks.onAny("audit")));

        // then
        assertThat(template.properties("AuditSubscription").fieldNames())
                .toIterable()
                .containsExactly("TopicArn", "Protocol", "Endpoint");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "on",
                "no",
                "NO",
                "y",
                "null",
                "~",
                "true",
                "1",
                "1.0",
                "1e3",
                "0x1F",
                "12:30:45",
                "2010-09-09",
                "",
                " ",
                "a: b",
                "a #b",
                "# a",
                "- a",
                "a:",
                "*a",
                "&a",
                "!a",
                "%a",
                "@a",
                "`a",
                "{a}",
                "[a]",
                "a\nb",
                "a\r\n",
                "\ta",
                "'a'",
                "\"a\"",
                "\\n",
                "é",
                "\uD83D\uDE00",
                "\u0085",
                "\u2028",
                "\u0007",
                "=",
                "<<",
                "|",
                ">",
                "...",
                "---",
                "a, b",
                "a,b",
                "${AWS::Region}"
            })
    void any_text_in_a_filter_policy_is_read_back_as_it_was(String text) {
        // given it as a name and as a value
        Map<String, Object> policy = Json.object(text, List.of(text, Json.object("prefix", text)));
        FilterPolicy filter = new FilterPolicy(Json.write(policy), Scope.MESSAGE_ATTRIBUTES);

        // when
        Rendered template =
                Rendered.sam(Topology.of("user-events").fork(chat, queue -> queue.withFilterPolicy(filter)));

        // then
        assertThat(template.properties("ChatSubscription").path("FilterPolicy")).isEqualTo(Json.read(filter.json()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "-1", "1.5", "0.00001", "1000000000", "-1000000000", "100.25"})
    void a_number_in_a_filter_policy_is_written_as_it_was(String number) {
        // given
        FilterPolicy filter = new FilterPolicy("{\"price\":[" + number + "]}", Scope.MESSAGE_ATTRIBUTES);

        // when
        Rendered template =
                Rendered.sam(Topology.of("user-events").fork(chat, queue -> queue.withFilterPolicy(filter)));

        // then
        assertThat(template.text()).containsPattern("price:\\n +- " + number.replace(".", "\\.") + "\\n");
    }

    @Test
    void forks_whose_names_differ_in_signs_only_have_no_ids_of_their_own() {
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        Rendered.sam(Topology.of("user-events").forks(Forks.on("a-b", "x"), Forks.on("a_b", "y"))))
                .withMessage("Topology 'user-events': logical id 'ABDeadLetterQueue' is of both fork 'a-b' and fork"
                        + " 'a_b'. Name one of them differently");
    }

    @Test
    void a_fork_whose_queue_would_be_anothers_dead_letter_queue_is_refused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Rendered.sam(
                        Topology.of("user-events").forks(Forks.on("a", "x"), Forks.on("a-dead-letter", "y"))))
                .withMessageContaining("'ADeadLetterQueue' is of both fork 'a' and fork 'a-dead-letter'");
    }

    @Test
    void a_fork_may_be_named_as_ids_end() {
        // given what SAM itself makes an id of: function and event
        Topology odd = Topology.of("user-events")
                .forks(Forks.on("x", "a"), Forks.on("x-function", "b"), Forks.on("-", "c"), Forks.on("2nd", "d"));

        // then
        assertThat(Rendered.sam(odd).resources()).contains("XQueue", "XFunctionQueue", "Queue", "2ndQueue");
    }

    @Test
    void a_template_takes_66_forks() {
        assertThat(Rendered.sam(manyForks(66)).everything("Parameters")).hasSize(198);
        assertThatIllegalStateException()
                .isThrownBy(() -> Rendered.sam(manyForks(67)))
                .withMessage("Topology 'user-events': its template has 201 parameters, three for each fork"
                        + " and those of its environment; CloudFormation takes 200. Split the topology");
    }

    private static Topology manyForks(int number) {
        return Topology.of("user-events")
                .forks(IntStream.range(0, number)
                        .mapToObj(index -> Forks.on("f" + index, "signup"))
                        .toArray(Fork[]::new));
    }

    @Test
    void a_fork_without_settings_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> topology.toSamTemplate(
                        fork -> Map.<String, FunctionSettings>of().get(fork.name())))
                .withMessage("Topology 'user-events', fork 'chat': it has no function settings");
    }

    @Test
    void a_big_batch_without_a_window_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Rendered.sam(topology, Rendered.function("chat").withBatchSize(11)))
                .withMessage("Topology 'user-events', fork 'chat': a batch size of more than 10 needs a batching window"
                        + " of at least 1 s, was 11");
    }

    @Test
    void a_fork_with_a_computed_type_needs_a_policy() {
        // given
        Fork computed = Fork.named("computed")
                .type(EventType.from(envelope -> Optional.of("signup")))
                .on("signup", String.class, event -> {})
                .build();

        // then
        assertThatIllegalStateException()
                .isThrownBy(() -> Rendered.sam(Topology.of("user-events").forks(computed)))
                .withMessageContaining("computed");
    }

    @Test
    void a_topology_without_forks_is_a_topic() {
        // when
        Rendered template = Rendered.sam(Topology.of("user-events"));

        // then
        assertThat(template.resources()).containsExactly("Topic");
        assertThat(template.tree().has("Parameters")).isFalse();
        assertThat(template.tree().has("Conditions")).isFalse();
    }
}
