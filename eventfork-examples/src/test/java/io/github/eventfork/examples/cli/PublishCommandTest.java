package io.github.eventfork.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.examples.run.Loopback;
import io.github.eventfork.local.Attribute;
import io.github.eventfork.local.LocalAws;
import io.github.eventfork.local.Published;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

class PublishCommandTest {

    private static final String ARN = "arn:aws:sns:us-east-1:000000000000:user-events";
    private static final String ADA = "{\"email\":\"ada@example.org\"}";

    @TempDir
    private Path folder = Path.of("");

    private final LocalAws aws = LocalAws.start();
    private final Shell shell = new Shell();

    @BeforeEach
    void createTheFanOut() {
        try (SnsClient sns = sns();
                SqsClient sqs = SqsClient.builder()
                        .httpClientBuilder(Loopback.http())
                        .endpointOverride(aws.endpoint())
                        .region(Region.of(aws.region()))
                        .credentialsProvider(Loopback.credentials())
                        .build()) {
            shell.topology.createOn(sns, sqs);
        }
    }

    @AfterEach
    void end() {
        aws.close();
    }

    @Test
    void one_event_goes_to_the_local_topic_with_its_attributes() {
        // when
        int exitCode = publish("--event", "login", "--id", "l-1", "--attribute", "source=web", "--message", ADA);

        // then
        assertThat(exitCode).isZero();
        assertThat(shell.out()).containsExactly("Published 1 event to " + ARN + ".");
        assertThat(shell.err()).isEmpty();
        Published published = aws.spy().published().get(0);
        assertThat(published.decisionOf("analytics").orElseThrow().refusedBy()).isEmpty();
        assertThat(published.decisionOf("chat").orElseThrow().refusedBy()).contains("event");
        assertThat(published.message()).isEqualTo(ADA);
        assertThat(published.attributes())
                .hasSize(3)
                .containsEntry("event", Attribute.text("login"))
                .containsEntry("id", Attribute.text("l-1"))
                .containsEntry("source", Attribute.text("web"));
    }

    @Test
    void a_topic_is_named_by_its_arn() {
        assertThat(publish("--topic", ARN, "--event", "signup", "--message", ADA))
                .isZero();
        assertThat(aws.spy().published()).hasSize(1);
    }

    @Test
    void a_file_is_published_and_what_is_no_event_is_named_by_its_line_at_the_end() throws IOException {
        // given
        Path file = Files.writeString(folder.resolve("my.jsonl"), """
                {"event":"signup","id":"1","message":{"email":"ada@example.org"}}
                this is no JSON, and holds a secret

                {"event":"login","message":"x"}
                {"event":"login"}
                """);

        // when
        int exitCode = publish("--file", file.toString());

        // then the rest went, and a script can see that not all did
        assertThat(exitCode).isEqualTo(1);
        assertThat(shell.out()).containsExactly("Published 2 events to " + ARN + ".");
        assertThat(shell.err())
                .containsExactly("Line 2 is skipped: it is not JSON.", "Line 5 is skipped: it has no message.");
        assertThat(aws.spy().published()).hasSize(2);
    }

    @Test
    void a_file_with_nothing_wrong_gives_exit_code_0() throws IOException {
        Path file = Files.writeString(folder.resolve("my.jsonl"), "{\"event\":\"login\",\"message\":\"x\"}\n");

        assertThat(publish("--file", file.toString())).isZero();
        assertThat(shell.err()).isEmpty();
    }

    @Test
    void an_event_type_that_no_fork_wants_is_published_and_said_so_with_exit_code_1() {
        // when
        int exitCode = publish("--event", "sigup", "--message", ADA);

        // then
        assertThat(exitCode).isEqualTo(1);
        assertThat(shell.err())
                .containsExactly("No fork of user-events wants an event of type 'sigup'; the types that forks want: "
                        + "signup, login.");
        assertThat(aws.spy().published()).hasSize(1);
    }

    @Test
    void of_a_file_what_no_fork_wants_is_counted_and_is_no_failure() throws IOException {
        // given
        Path file = Files.writeString(folder.resolve("my.jsonl"), """
                {"event":"logout","message":"x"}
                {"event":"logout","message":"x"}
                {"message":"x"}
                {"event":"login","message":"x"}
                """);

        // when
        int exitCode = publish("--file", file.toString());

        // then
        assertThat(exitCode).isZero();
        assertThat(shell.err())
                .containsExactly(
                        "No fork of user-events wants 2 events of type 'logout'; the types that forks want: signup, login.",
                        "No fork of user-events wants an event without a type; the types that forks want: signup, login.");
    }

    @Test
    void a_message_longer_than_sns_takes_is_refused_before_it_is_sent() {
        assertThat(publish("--event", "login", "--message", "x".repeat(262_144)))
                .isEqualTo(1);
        assertThat(shell.err()).first().isEqualTo("Line 1 is refused by SNS: SNS takes 256 KiB, and it is longer.");
        assertThat(aws.spy().published()).isEmpty();
    }

    @Test
    void a_topic_that_does_not_exist_gives_one_line_and_exit_code_1() {
        assertThat(publish("--topic", ARN + "x", "--event", "login", "--message", "m"))
                .isEqualTo(1);
        assertThat(shell.err()).containsExactly("eventfork-examples: there is no topic " + ARN + "x");
        assertThat(shell.out()).isEmpty();
    }

    @Test
    void credentials_that_are_refused_give_one_line_and_exit_code_1() {
        try (Refusing refusing = Refusing.sns()) {
            assertThat(shell.execute(
                            "publish", "--endpoint", refusing.endpoint(), "--event", "login", "--message", "m"))
                    .isEqualTo(1);
        }
        assertThat(shell.err())
                .containsExactly("eventfork-examples: AWS refuses the credentials: InvalidClientTokenId: "
                        + "The security token included in the request is invalid.");
    }

    @Test
    void verbose_shows_the_stack_trace_below_that_line() {
        assertThat(publish("--verbose", "--topic", ARN + "x", "--event", "login", "--message", "m"))
                .isEqualTo(1);
        assertThat(shell.err())
                .startsWith("eventfork-examples: there is no topic " + ARN + "x")
                .anyMatch(line -> line.contains("NotFoundException"))
                .anyMatch(line -> line.startsWith("\tat "));
    }

    @Test
    void a_file_that_breaks_off_says_in_one_line_how_far_it_came() throws Exception {
        // given 30 events a second apart in tens, and a topic that goes after the first ten
        Path file =
                Files.writeString(folder.resolve("my.jsonl"), "{\"event\":\"login\",\"message\":\"x\"}\n".repeat(30));
        CompletableFuture<Integer> exitCode =
                CompletableFuture.supplyAsync(() -> publish("--rate", "10", "--file", file.toString()));
        aws.spy().awaitPublished(1, Duration.ofSeconds(60));

        // when
        try (SnsClient sns = sns()) {
            sns.deleteTopic(request -> request.topicArn(ARN));
        }

        // then
        assertThat(exitCode.get()).isEqualTo(1);
        assertThat(shell.err())
                .singleElement()
                .asString()
                .matches("eventfork-examples: published [12]0 events, and nothing from line [12]1 on: "
                        + "Sns refuses: NotFound: Topic does not exist");
    }

    @Test
    void a_fifo_topic_gets_the_group() {
        // given
        String fifo;
        try (SnsClient sns = sns()) {
            fifo = sns.createTopic(request -> request.name("orders.fifo")
                            .attributes(Map.of("FifoTopic", "true", "ContentBasedDeduplication", "true")))
                    .topicArn();
        }

        // then
        assertThat(publish("--topic", fifo, "--group", "customer-7", "--event", "login", "--message", "m"))
                .isZero();
        assertThat(aws.spy().published().get(0).groupId()).contains("customer-7");
    }

    @Test
    void a_file_that_is_not_there_gives_one_line_and_exit_code_1() {
        assertThat(publish("--file", "missing.jsonl")).isEqualTo(1);
        assertThat(shell.err()).containsExactly("eventfork-examples: there is no file missing.jsonl");
    }

    @Test
    void where_nobody_answers_it_gives_one_line_and_exit_code_1() {
        // given
        String endpoint = aws.endpoint().toString();
        aws.close();

        // when
        int exitCode = shell.execute("publish", "--endpoint", endpoint, "--event", "login", "--message", "m");

        // then
        assertThat(exitCode).isEqualTo(1);
        assertThat(shell.err()).singleElement().asString().startsWith("eventfork-examples: nobody answers: ");
    }

    @Test
    void at_a_terminal_a_bar_shows_how_far_a_file_is() throws IOException {
        // given
        Path file =
                Files.writeString(folder.resolve("my.jsonl"), "{\"event\":\"login\",\"message\":\"x\"}\n".repeat(7));
        shell.atTerminal();

        // when
        int exitCode = publish("--file", file.toString());

        // then
        assertThat(exitCode).isZero();
        assertThat(String.join("\n", shell.err())).contains("Publishing", "100%", "7/7 lines");
    }

    private SnsClient sns() {
        return SnsClient.builder()
                .httpClientBuilder(Loopback.http())
                .endpointOverride(aws.endpoint())
                .region(Region.of(aws.region()))
                .credentialsProvider(Loopback.credentials())
                .build();
    }

    private int publish(String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "publish";
        all[1] = "--endpoint";
        all[2] = aws.endpoint().toString();
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return shell.execute(all);
    }
}
