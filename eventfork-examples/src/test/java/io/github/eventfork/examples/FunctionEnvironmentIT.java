package io.github.eventfork.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.examples.standin.Holding;
import io.github.eventfork.examples.standin.StandIns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The functions that the template names, in processes of their own, made from the environment as Lambda makes them. */
class FunctionEnvironmentIT {

    private static final long PATIENCE = 120;

    @TempDir
    private Path folder = Path.of("");

    private final StandIns standIns = StandIns.start(0);

    @AfterEach
    void close() {
        standIns.close();
    }

    @ParameterizedTest
    @CsvSource({
        "AnalyticsFunction, analytics",
        "MailingListFunction, mailing-list",
        "ChatNotificationsFunction, chat-notifications"
    })
    void a_function_calls_the_service_that_its_environment_describes(String function, String service) throws Exception {
        // given
        Map<String, String> environment = new HashMap<>(standIns.environment());
        environment.put("AWS_REGION", "eu-central-1");

        // when
        String said = run(function, environment);

        // then
        assertThat(said).isEqualTo("came back: 0");
        assertThat(standIns.holdings()).contains(new Holding(service, 1, 0, 0, 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AnalyticsFunction         | ANALYTICS_WRITE_KEY (or ANALYTICS_WRITE_KEY_SECRET, the name or ARN of a secret)",
                "MailingListFunction       | MAILING_LIST_URL, MAILING_LIST_ID, MAILING_LIST_API_KEY (or"
                        + " MAILING_LIST_API_KEY_SECRET, the name or ARN of a secret)",
                "ChatNotificationsFunction | CHAT_WEBHOOK_URL (or CHAT_WEBHOOK_URL_SECRET, the name or ARN of a secret)"
            })
    void what_its_environment_lacks_fails_the_init_in_one_message(String function, String missing) throws Exception {
        assertThat(run(function, Map.of("AWS_REGION", "eu-central-1")))
                .isEqualTo("no function: the environment lacks " + missing);
    }

    private String run(String function, Map<String, String> environment) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        ProcessBuilder java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        FunctionProcess.class.getName(),
                        FunctionProcess.class.getPackageName() + "." + function)
                .redirectOutput(out.toFile())
                .redirectError(folder.resolve("err").toFile());
        java.environment().putAll(environment);
        Process process = java.start();
        if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("it does not end");
        }
        return Files.readString(out).strip();
    }
}
