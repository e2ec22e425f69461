package io.github.eventfork.topology;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A fork's function in a template, with a role of its own.
 *
 * <p>The role is written out, because SAM would else make one with a managed policy that lets the function read every
 * queue of the account.
 */
final class FunctionResources {

    /** Names the fork on what is made for it. */
    static final String TAG = "eventfork:fork";

    private FunctionResources() {}

    static void add(Template.Part template, ForkIds ids, ForkQueue queue, FunctionSettings settings) {
        settings.batches().checkFor(queue.isFifo());
        settings.given()
                .forEach(given -> template.sharedParameter(given.parameter().name(), given.declaration()));
        template.resource(ids.role(), Cfn.resource("AWS::IAM::Role", role(ids, settings)));
        template.resource(
                ids.function(), Cfn.resource("AWS::Serverless::Function", function(template, ids, queue, settings)));
    }

    private static Map<String, Object> role(ForkIds ids, FunctionSettings settings) {
        List<Object> managed = new ArrayList<>();
        managed.add(Cfn.sub("arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"));
        managed.addAll(settings.policies());
        return Json.object(
                "AssumeRolePolicyDocument",
                QueuePolicy.document(List.of(Json.object(
                        "Effect",
                        "Allow",
                        "Principal",
                        Json.object("Service", "lambda.amazonaws.com"),
                        "Action",
                        "sts:AssumeRole"))),
                "ManagedPolicyArns",
                managed,
                "Policies",
                policies(ids, settings));
    }

    private static List<Map<String, Object>> policies(ForkIds ids, FunctionSettings settings) {
        List<Map<String, Object>> policies = new ArrayList<>();
        policies.add(policy("Queue", rights(ids, settings)));
        List<Object> secrets = settings.given().stream()
                .filter(Variable.Given::secret)
                .map(Variable::rendered)
                .distinct()
                .toList();
        if (!secrets.isEmpty()) {
            policies.add(policy(
                    "Secrets",
                    List.of(Json.object(
                            "Effect", "Allow", "Action", "secretsmanager:GetSecretValue", "Resource", secrets))));
        }
        return policies;
    }

    private static Map<String, Object> policy(String name, List<Map<String, Object>> statements) {
        return Json.object("PolicyName", name, "PolicyDocument", QueuePolicy.document(statements));
    }

    /** What a mapping needs of its queue, and what a settler does. */
    private static List<Map<String, Object>> rights(ForkIds ids, FunctionSettings settings) {
        List<String> actions =
                new ArrayList<>(List.of("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"));
        if (!settings.settler()) {
            return List.of(allow(actions, ids.queue()));
        }
        actions.addAll(List.of("sqs:ChangeMessageVisibility", "sqs:GetQueueUrl"));
        return List.of(
                allow(actions, ids.queue()),
                allow(List.of("sqs:SendMessage", "sqs:GetQueueUrl"), ids.deadLetterQueue()));
    }

    private static Map<String, Object> allow(List<String> actions, String queue) {
        return Json.object("Effect", "Allow", "Action", actions, "Resource", Cfn.arn(queue));
    }

    private static Map<String, Object> function(
            Template.Part template, ForkIds ids, ForkQueue queue, FunctionSettings settings) {
        Overrides overrides = new Overrides(template);
        Map<String, Object> properties = Json.object(
                "Description",
                "Fork " + queue.fork().name(),
                "CodeUri",
                settings.code(),
                "Handler",
                overrides.text(ids.handler(), settings.handler()),
                "Runtime",
                overrides.oneOf(
                        ids.runtime(), JavaRuntime.all(), settings.runtime().toString()),
                "MemorySize",
                overrides.memory(ids.memory(), settings.memory()),
                "Timeout",
                settings.timeout().toSeconds(),
                "Role",
                Cfn.arn(ids.role()));
        if (!settings.variables().isEmpty()) {
            Map<String, Object> variables = new LinkedHashMap<>();
            settings.variables().forEach((name, variable) -> variables.put(name, variable.rendered()));
            properties.put("Environment", Json.object("Variables", variables));
        }
        properties.put("Tags", Json.object(TAG, queue.fork().name()));
        properties.put(
                "Events", Json.object("Batches", Json.object("Type", "SQS", "Properties", mapping(ids, settings))));
        return properties;
    }

    private static Map<String, Object> mapping(ForkIds ids, FunctionSettings settings) {
        Map<String, Object> properties = Json.object("Queue", Cfn.arn(ids.queue()), "BatchSize", settings.batchSize());
        if (!settings.batchingWindow().isZero()) {
            properties.put(
                    "MaximumBatchingWindowInSeconds", settings.batchingWindow().toSeconds());
        }
        settings.maximumConcurrency()
                .ifPresent(most -> properties.put("ScalingConfig", Json.object("MaximumConcurrency", most)));
        properties.put("FunctionResponseTypes", List.of("ReportBatchItemFailures"));
        return properties;
    }
}
