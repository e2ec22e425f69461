package io.github.eventfork.examples;

import io.github.eventfork.Fork;
import io.github.eventfork.lambda.ForkFunction;
import io.github.eventfork.topology.FunctionSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

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

    private static final Map<String, Class<? extends ForkFunction>> HANDLERS = Map.of(
            "analytics", AnalyticsFunction.class,
            "mailing-list", MailingListFunction.class,
            "chat-notifications", ChatNotificationsFunction.class);

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
        Class<?> handler = Objects.requireNonNull(HANDLERS.get(fork.name()), fork.name());
        return FunctionSettings.of(handler.getName(), CODE);
    }
}
