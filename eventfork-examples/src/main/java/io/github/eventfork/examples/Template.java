package io.github.eventfork.examples;

import io.github.eventfork.Fork;
import io.github.eventfork.topology.FunctionSettings;
import io.github.eventfork.topology.TemplateParameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The fan-out as a SAM template, which stands in {@code template.yaml} and is never edited there. This renders it anew:
 *
 * <pre>{@code
 * mvn -B -q -DskipTests -pl eventfork-examples -am package
 * java -cp eventfork-examples/target/eventfork-examples.jar io.github.eventfork.examples.Template eventfork-examples/template.yaml
 * }</pre>
 */
public final class Template {

    /** As seen from the template. */
    private static final String CODE = "target/eventfork-examples.jar";

    /** More than a fork's two calls to its service and one to Secrets Manager take at most. */
    static final Duration TIMEOUT = Duration.ofSeconds(30);

    private Template() {}

    /** Writes the template to the file that is the one argument. */
    public static void main(String[] args) throws IOException {
        if (args.length != 1) {
            throw new IllegalArgumentException("the one argument is the file to write the template to");
        }
        Files.writeString(Path.of(args[0]), sam());
    }

    /** Topic, queues and functions. */
    static String sam() {
        return UserEvents.outline().toSamTemplate(Template::function);
    }

    /** The same behind an event bus. */
    static String eventBridge() {
        return UserEvents.outline().toEventBridgeTemplate(Template::function);
    }

    /** How a fork runs in Lambda. */
    static FunctionSettings function(Fork fork) {
        FunctionSettings settings = FunctionSettings.of(Functions.handlerOf(fork), CODE)
                .withTimeout(TIMEOUT)
                .withSettler();
        return switch (fork.name()) {
            case "analytics" ->
                settings.withEnvironment(
                                "ANALYTICS_URL",
                                parameter("AnalyticsUrl", "The analytics service")
                                        .withDefault("https://api.segment.io"))
                        .withSecret(
                                "ANALYTICS_WRITE_KEY_SECRET",
                                parameter("AnalyticsWriteKeySecret", "ARN of the secret that holds the write key"));
            case "mailing-list" ->
                settings
                        // Mailchimp takes ten calls at a time: two invocations of five records
                        .withBatchSize(5)
                        .withMaximumConcurrency(2)
                        .withEnvironment(
                                "MAILING_LIST_URL",
                                parameter("MailingListUrl", "The mailing list, such as https://us1.api.mailchimp.com"))
                        .withEnvironment("MAILING_LIST_ID", parameter("MailingListId", "The id of the list"))
                        .withSecret(
                                "MAILING_LIST_API_KEY_SECRET",
                                parameter("MailingListApiKeySecret", "ARN of the secret that holds the API key"));
            case "chat-notifications" ->
                settings
                        // Slack takes some one post a second: two at a time, so that its limit slows them down and
                        // kills none
                        .withBatchSize(1)
                        .withMaximumConcurrency(2)
                        .withSecret(
                                "CHAT_WEBHOOK_URL_SECRET",
                                parameter(
                                        "ChatWebhookUrlSecret", "ARN of the secret that holds the webhook's address"));
            default -> settings;
        };
    }

    private static TemplateParameter parameter(String name, String description) {
        return TemplateParameter.named(name).withDescription(description);
    }
}
