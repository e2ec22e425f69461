package io.github.eventfork.examples;

import static io.github.eventfork.testkit.EventforkAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.junit5.GreenMailExtension;
import com.icegreen.greenmail.util.ServerSetup;
import io.github.eventfork.Event;
import io.github.eventfork.Fork;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.examples.cli.QuietLogs;
import io.github.eventfork.examples.cli.Surroundings;
import io.github.eventfork.examples.run.Loopback;
import io.github.eventfork.local.LocalAws;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.PollerHarness;
import io.github.eventfork.topology.Deployed;
import io.github.eventfork.topology.Topology;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Follows docs/add-a-fork.md, step by step. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AddAForkTest {

    private static final Path PAGE = Path.of("..", "docs", "add-a-fork.md");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Event<Signup> ADA = Event.of("signup", new Signup("Ada", "ada@example.org"));

    @RegisterExtension
    private final GreenMailExtension mailServer = new GreenMailExtension(new ServerSetup(0, null, "smtp"));

    @TempDir
    private Path folder = Path.of("");

    private final CompletableFuture<Void> stop = new CompletableFuture<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    @Order(1)
    void step_1_the_class_sends_a_mail() throws Exception {
        // when
        new WelcomeMail(smtp(mailServer.getSmtp().getPort())).handle(ADA);

        // then
        MimeMessage[] mails = mailServer.getReceivedMessages();
        assertThat(mails).hasSize(1);
        assertThat(mails[0].getSubject()).isEqualTo("Welcome");
        assertThat(mails[0].getAllRecipients()[0]).hasToString("ada@example.org");
        assertThat(mails[0].getContent().toString().strip()).isEqualTo("Good to have you with us, Ada!");
    }

    @Test
    @Order(1)
    void step_1_an_address_that_is_none_is_rejected_and_not_quoted() {
        WelcomeMail handler = new WelcomeMail(smtp(mailServer.getSmtp().getPort()));

        assertThatThrownBy(() -> handler.handle(Event.of("signup", new Signup("Ada", "ada at example"))))
                .isInstanceOf(RejectedEventException.class)
                .hasMessage("the e-mail address is none");
    }

    @Test
    @Order(1)
    void step_1_an_address_that_the_server_refuses_is_rejected_and_not_quoted() throws IOException {
        try (MailServer refusing = new MailServer("550 5.1.1 ada@example.org is unknown")) {
            WelcomeMail handler = new WelcomeMail(smtp(refusing.port()));

            assertThatThrownBy(() -> handler.handle(ADA))
                    .isInstanceOf(RejectedEventException.class)
                    .hasMessage("the mail server refuses the address");
        }
    }

    @Test
    @Order(1)
    void step_1_what_the_server_does_not_take_now_is_a_failure() throws IOException {
        try (MailServer busy = new MailServer("450 4.2.1 ada@example.org gets too much mail")) {
            WelcomeMail handler = new WelcomeMail(smtp(busy.port()));

            assertThatThrownBy(() -> handler.handle(ADA))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the mail server does not take the mail now");
        }
    }

    @Test
    @Order(2)
    void step_2_a_test_without_a_network_but_for_the_mail_servers() throws Exception {
        Session smtp = smtp(mailServer.getSmtp().getPort());

        Fork welcomeMail = WelcomeMail.fork(smtp);
        PollerHarness harness = ForkHarness.poller(welcomeMail).build();

        harness.deliver(Message.sns("signup", "{\"name\":\"Ada\",\"email\":\"ada@example.org\"}")
                .attribute("id", "e-1"));
        harness.deliver(Message.sns("signup", "{\"name\":\"Ada\",\"email\":\"ada@example.org\"}")
                .attribute("id", "e-1"));

        assertThat(mailServer.getReceivedMessages()).hasSize(1);
    }

    @Test
    @Order(3)
    void step_3_the_line_in_the_topology_and_all_that_follows() throws IOException {
        // when
        Topology userEvents = forks().shape();

        // then the filter policy
        Fork welcomeMail = userEvents.queues().get(3).fork();
        assertThat(welcomeMail).receives("signup").ignores("login");
        String policy = welcomeMail.filterPolicy().json();
        assertThat(policy).isEqualTo("{\"event\":[\"signup\"]}");
        assertThat(PAGE).content().contains("`" + policy + "`");

        // and the template
        String template = userEvents.toSamTemplate(Template::function);
        assertThat(template)
                .contains("  WelcomeMailQueue:\n", "  WelcomeMailDeadLetterQueue:\n", "  WelcomeMailSubscription:\n")
                .contains("  WelcomeMailFunction:\n", "- io.github.eventfork.examples.WelcomeMailFunction\n")
                .contains("QueueName: welcome-mail\n");

        // and the picture
        assertThat(userEvents.toMermaid()).contains("topic -->|\"event is signup\"| queue4[(\"welcome-mail\")]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"poller", "lambda"})
    @Order(4)
    void step_4_the_local_run_has_it_as_a_poller_and_as_a_function(String adapter) throws Exception {
        // given
        Path file = Files.writeString(folder.resolve("events.jsonl"), """
                {"event":"signup","id":"e-1","message":{"name":"Ada","email":"ada@example.org"}}
                {"event":"signup","id":"e-1","message":{"name":"Ada","email":"ada@example.org"}}
                {"event":"login","id":"e-2","message":{"email":"ada@example.org","at":"2026-01-31T12:00:00Z"}}
                {"event":"signup","id":"e-3","message":{"name":"Bob","email":"bob at example"}}
                """);

        // when
        int exitCode = execute("run", "--as", adapter, "--events", file.toString());

        // then
        assertThat(exitCode).isZero();
        assertThat(mailServer.getReceivedMessages()).hasSize(1);
        String row = out.toString()
                .lines()
                .filter(line -> line.matches("welcome-mail +3 .*"))
                .findFirst()
                .orElseThrow();
        assertThat(Files.readAllLines(PAGE)).as("the row on the page").contains(row);
    }

    @Test
    @Order(4)
    void step_4_poll_has_it() throws Exception {
        try (LocalAws aws = LocalAws.start()) {
            // given
            String queue = signupAt(aws);

            // when
            CompletableFuture<Integer> exitCode = CompletableFuture.supplyAsync(() -> execute(
                    "poll", "--fork", "welcome-mail", "--queue", queue, "--health", "127.0.0.1:0", "--long-poll", "1"));
            await().atMost(PATIENCE).until(() -> mailServer.getReceivedMessages().length > 0 || exitCode.isDone());
            stop.complete(null);

            // then
            assertThat(exitCode.get()).isZero();
            assertThat(mailServer.getReceivedMessages()).hasSize(1);
            assertThat(aws.spy().queue("welcome-mail")).isEmpty();
        }
    }

    @Test
    @Order(4)
    void step_4_poll_names_what_the_environment_lacks() {
        // given
        Main bare = new Main(surroundings(), forks(), Map.of());

        // when
        int exitCode = bare.execute(
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                "poll",
                "--fork",
                "welcome-mail",
                "--queue",
                "q");

        // then
        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly("eventfork-examples: the environment lacks SMTP_HOST, SMTP_PORT, MAIL_FROM");
    }

    @Test
    void the_steps_stand_on_the_page_in_this_order() throws IOException {
        assertThat(Files.readAllLines(PAGE).stream().filter(line -> line.startsWith("## ")))
                .containsExactly(
                        "## 1. The class",
                        "## 2. The test",
                        "## 3. The line in the topology",
                        "## 4. The run",
                        "## 5. The function, if it is to run in Lambda");
    }

    @Test
    @Order(5)
    void step_5_the_function_asks_its_environment_for_the_mail_server() {
        assertThatIllegalStateException()
                .isThrownBy(WelcomeMailFunction::new)
                .withMessage("the environment lacks SMTP_HOST, SMTP_PORT, MAIL_FROM");
    }

    @Test
    @Order(5)
    void step_5_its_mail_server_is_waited_for_no_longer_than_this() {
        assertThat(smtp(1).getProperties())
                .containsEntry("mail.smtp.connectiontimeout", "2000")
                .containsEntry("mail.smtp.timeout", "5000")
                .containsEntry("mail.smtp.writetimeout", "5000");
    }

    private static String signupAt(LocalAws aws) {
        try (SnsClient sns = SnsClient.builder()
                        .httpClientBuilder(Loopback.http())
                        .endpointOverride(aws.endpoint())
                        .region(Region.of(aws.region()))
                        .credentialsProvider(Loopback.credentials())
                        .build();
                SqsClient sqs = SqsClient.builder()
                        .httpClientBuilder(Loopback.http())
                        .endpointOverride(aws.endpoint())
                        .region(Region.of(aws.region()))
                        .credentialsProvider(Loopback.credentials())
                        .build()) {
            Topology topology = forks().shape();
            Deployed deployed = topology.createOn(sns, sqs);
            sns.publish(request -> request.topicArn(deployed.topicArn())
                    .message("{\"name\":\"Ada\",\"email\":\"ada@example.org\"}")
                    .messageAttributes(Map.of(
                            "event",
                            MessageAttributeValue.builder()
                                    .dataType("String")
                                    .stringValue("signup")
                                    .build())));
            return deployed.fork(topology.queues().get(3).fork()).queueUrl();
        }
    }

    private static ForkList forks() {
        ForkList userEvents = UserEvents.forks().with(WelcomeMail::fork);
        return userEvents;
    }

    private int execute(String... arguments) {
        return new Main(
                        surroundings(),
                        forks(),
                        environment(mailServer.getSmtp().getPort()))
                .execute(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    private Surroundings surroundings() {
        return new Surroundings(new QuietLogs(), stop, false, ForkRuntime.system());
    }

    private static Session smtp(int port) {
        return WelcomeMail.smtp(new Services(environment(port)));
    }

    private static Map<String, String> environment(int port) {
        return Map.of("SMTP_HOST", "127.0.0.1", "SMTP_PORT", Integer.toString(port), "MAIL_FROM", "hello@example.org");
    }
}
