package io.github.eventfork.examples;

import io.github.eventfork.Fork;
import io.github.eventfork.lambda.ForkFunction;
import io.github.eventfork.lambda.Settings;
import io.github.eventfork.poller.SqsSettler;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/** The forks' functions on Lambda: fork {@code mailing-list} runs in class {@code MailingListFunction} of this package. */
final class Functions {

    /** A whole batch at once: each of its records waits for a service, and the slowest takes less than the invocation. */
    private static final int AT_ONCE = 10;

    private Functions() {}

    /** The class that a fork's function is, as templates name it. */
    static String handlerOf(Fork fork) {
        String words = Arrays.stream(fork.name().split("-"))
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining());
        return Functions.class.getPackageName() + "." + words + "Function";
    }

    /** How a function runs: with a settler, because a Retry-After is worth nothing without one. */
    static Settings settings() {
        return Settings.standard().withConcurrency(AT_ONCE).withSettler(SqsSettler.of(SqsAsyncClient.create()));
    }

    /**
     * The function of a fork, made as Lambda makes it but for where fork and settings come from.
     *
     * @throws IllegalStateException if the class is not there, or can't be made so
     */
    static ForkFunction of(Fork fork, Settings settings) {
        String handler = handlerOf(fork);
        try {
            return Class.forName(handler)
                    .asSubclass(ForkFunction.class)
                    .getDeclaredConstructor(Fork.class, Settings.class)
                    .newInstance(fork, settings);
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new IllegalStateException(
                    "fork '" + fork.name() + "' needs a class " + handler + " with a constructor of fork and settings",
                    e);
        }
    }
}
