package io.github.eventfork.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.eventfork.ForkRuntime;
import io.github.eventfork.examples.run.EventFile;
import io.github.eventfork.examples.run.Loopback;
import io.github.eventfork.examples.run.Publication;
import io.github.eventfork.examples.run.Publisher;
import io.github.eventfork.local.Attribute;
import io.github.eventfork.local.LocalAws;
import io.github.eventfork.local.Published;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.SequenceInputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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
                .anyMatch(line -> line.startsWith("    at "));
    }

    @Test
    void a_file_that_breaks_off_says_what_was_published_and_what_was_not() throws Exception {
        // given an SNS that takes ten, and then has no such topic any more
        Path file = Files.writeString(
                folder.resolve("my.jsonl"), "no JSON\n" + "{\"event\":\"login\",\"message\":\"x\"}\n".repeat(30));

        // when
        int exitCode;
        try (BrokenOff sns = new BrokenOff(1, () -> {})) {
            exitCode = shell.execute("publish", "--endpoint", sns.endpoint(), "--file", file.toString());
        }

        // then
        assertThat(exitCode).isEqualTo(1);
        assertThat(shell.out()).containsExactly("Published 10 events to " + ARN + ".");
        assertThat(shell.err())
                .containsExactly(
                        "Line 1 is skipped: it is not JSON.",
                        "Not published, as far as SNS said: line 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, and all from"
                                + " line 23 on.",
                        "eventfork-examples: there is no topic " + ARN);
    }

    @Test
    void told_to_end_it_says_what_was_published_and_what_was_not() throws Exception {
        // given somebody who presses Ctrl-C while the second batch is under way
        Path file =
                Files.writeString(folder.resolve("my.jsonl"), "{\"event\":\"login\",\"message\":\"x\"}\n".repeat(40));

        // when
        int exitCode;
        try (BrokenOff sns = new BrokenOff(2, () -> shell.stop.complete(null))) {
            exitCode = shell.execute("publish", "--endpoint", sns.endpoint(), "--file", file.toString());
        }

        // then
        assertThat(exitCode).isEqualTo(1);
        assertThat(shell.out()).containsExactly("Published 20 events to " + ARN + ".");
        assertThat(shell.err())
                .containsExactly(
                        "Not published, as far as SNS said: line 21, and all from line 22 on.",
                        "eventfork-examples: it was told to end before all was published");
    }

    @Test
    void what_can_not_be_read_any_further_leaves_what_was_read_said() throws Exception {
        // given
        Publication publication = Publication.to(ARN);
        try (SnsClient sns = sns();
                EventFile file = EventFile.of(new SequenceInputStream(
                        new ByteArrayInputStream("{\"event\":\"login\",\"message\":\"x\"}\n".getBytes(UTF_8)),
                        new BrokenStream()))) {
            Publishing publishing = new Publishing(
                    new Publisher(sns, publication, ForkRuntime.system()), publication, Optional.empty());
            StringWriter err = new StringWriter();

            // when
            assertThatThrownBy(() -> publishing.all(lines(() -> file), Progress.silent()))
                    .isInstanceOf(IOException.class);
            publishing.report(new PrintWriter(new StringWriter()), new PrintWriter(err, true));

            // then
            assertThat(err.toString().lines())
                    .containsExactly("Not published, as far as SNS said: line 1, and all from line 2 on.");
        }
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void told_to_end_while_a_pipe_is_silent_it_says_what_was_published_and_what_was_not() throws Exception {
        // given a pipe that has said one line, and is read for more
        Publication publication = Publication.to(ARN);
        StringWriter err = new StringWriter();
        SilentPipe pipe = new SilentPipe("{\"event\":\"login\",\"message\":\"x\"}\n");
        try (SnsClient sns = sns();
                Lines lines = lines(() -> EventFile.of(pipe))) {
            Publisher publisher = new Publisher(sns, publication, ForkRuntime.system());
            Publishing publishing = new Publishing(publisher, publication, Optional.empty());
            CompletableFuture<Void> told = CompletableFuture.runAsync(() -> {
                pipe.awaitSilence();
                shell.stop.complete(null);
            });

            // when
            assertThatThrownBy(() -> publishing.all(lines, Progress.silent()))
                    .isInstanceOf(CancellationException.class);
            publishing.report(new PrintWriter(new StringWriter()), new PrintWriter(err, true));
            told.join();
        } finally {
            // then closing has not waited for the pipe either
            pipe.end();
        }
        assertThat(err.toString().lines())
                .containsExactly("Not published, as far as SNS said: line 1, and all from line 2 on.");
    }

    @Test
    void told_to_end_while_a_pipe_has_no_other_end_it_ends() {
        // given one that can't be opened before somebody writes to it
        CountDownLatch opening = new CountDownLatch(1);
        CompletableFuture<EventFile> never = new CompletableFuture<>();
        CompletableFuture.runAsync(() -> {
            Uninterruptibles.awaitUninterruptibly(opening);
            shell.stop.complete(null);
        });

        // then
        assertThatThrownBy(() -> lines(() -> {
                    opening.countDown();
                    return never.get();
                }))
                .isInstanceOf(CancellationException.class);
    }

    private Lines lines(Callable<EventFile> opening) throws IOException, InterruptedException {
        return new Lines(opening, ForkRuntime.system(), shell.stop);
    }

    /** Says one thing, and then nothing more until it is ended. */
    private static final class SilentPipe extends InputStream {

        private final InputStream said;
        private final CountDownLatch silent = new CountDownLatch(1);
        private final CountDownLatch ended = new CountDownLatch(1);

        SilentPipe(String said) {
            this.said = new ByteArrayInputStream(said.getBytes(UTF_8));
        }

        @Override
        public int read() throws IOException {
            int next = said.read();
            if (next < 0) {
                silent.countDown();
                Uninterruptibles.awaitUninterruptibly(ended);
            }
            return next;
        }

        /** So that what was said is handed over before it is silent. */
        @Override
        public int read(byte[] bytes, int from, int most) throws IOException {
            int next = read();
            if (next < 0) {
                return -1;
            }
            bytes[from] = (byte) next;
            return 1;
        }

        void awaitSilence() {
            Uninterruptibles.awaitUninterruptibly(silent);
        }

        void end() {
            ended.countDown();
        }
    }

    /** A disk that fails. */
    private static final class BrokenStream extends InputStream {

        @Override
        public int read() throws IOException {
            throw new IOException("the disk fails");
        }
    }

    @Test
    void a_file_without_events_has_nothing_to_publish() throws IOException {
        Path file = Files.writeString(folder.resolve("my.jsonl"), "\n");

        assertThat(publish("--file", file.toString())).isEqualTo(1);
        assertThat(shell.err()).containsExactly("There is nothing to publish.");
    }

    @Test
    void of_another_topic_nobody_knows_what_its_forks_want() {
        // given
        String other;
        try (SnsClient sns = sns()) {
            other = sns.createTopic(request -> request.name("orders")).topicArn();
        }

        // then
        assertThat(publish("--topic", other, "--event", "paid", "--message", "m"))
                .isZero();
        assertThat(shell.err()).isEmpty();
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
        // when
        int exitCode = shell.execute("publish", "--endpoint", Shell.NOBODY, "--event", "login", "--message", "m");

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
