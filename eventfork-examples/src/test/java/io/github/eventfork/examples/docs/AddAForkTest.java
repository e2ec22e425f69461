package io.github.eventfork.examples.docs;

import static io.github.eventfork.testkit.EventforkAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.junit5.GreenMailExtension;
import com.icegreen.greenmail.util.ServerSetup;
import io.github.eventfork.Event;
import io.github.eventfork.Fork;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.examples.Signup;
import io.github.eventfork.examples.UserEvents;
import io.github.eventfork.examples.run.Adapter;
import io.github.eventfork.examples.run.EventFile;
import io.github.eventfork.examples.run.LocalRun;
import io.github.eventfork.examples.run.Report;
import io.github.eventfork.examples.run.RunResult;
import io.github.eventfork.examples.run.Screen;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.PollerHarness;
import io.github.eventfork.topology.FunctionSettings;
import io.github.eventfork.topology.Topology;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Follows docs/add-a-fork.md, step by step. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AddAForkTest {

    private static final Path PAGE = Path.of("..", "docs", "add-a-fork.md");
    private static final Event<Signup> ADA = Event.of("signup", new Signup("Ada", "ada@example.org"));

    @RegisterExtension
    private final GreenMailExtension mailServer = new GreenMailExtension(new ServerSetup(0, null, "smtp"));

    @TempDir
    private Path folder = Path.of("");

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
        Session smtp = smtp(1);

        // when
        Topology userEvents = UserEvents.outline().forks(WelcomeMail.fork(smtp));

        // then the filter policy
        Fork welcomeMail = userEvents.queues().get(3).fork();
        assertThat(welcomeMail).receives(Map.of("event", "signup"));
        assertThat(welcomeMail).ignores(Map.of("event", "login"));
        String policy = welcomeMail.filterPolicy().json();
        assertThat(policy).isEqualTo("{\"event\":[\"signup\"]}");
        assertThat(PAGE).content().contains("`" + policy + "`");

        // and the template
        String template = userEvents.toSamTemplate(
                fork -> FunctionSettings.of("com.example." + fork.name(), "target/functions.jar"));
        assertThat(template)
                .contains("  WelcomeMailQueue:\n", "  WelcomeMailDeadLetterQueue:\n", "  WelcomeMailSubscription:\n")
                .contains("  WelcomeMailFunction:\n", "- com.example.welcome-mail\n")
                .contains("QueueName: welcome-mail\n");

        // and the picture
        assertThat(userEvents.toMermaid()).contains("topic -->|\"event is signup\"| queue4[(\"welcome-mail\")]");
    }

    @Test
    @Order(4)
    void step_4_the_local_run_has_it() throws Exception {
        // given
        Session smtp = smtp(mailServer.getSmtp().getPort());
        Topology userEvents = UserEvents.outline().forks(WelcomeMail.fork(smtp));
        Path file = Files.writeString(folder.resolve("events.jsonl"), """
                {"event":"signup","id":"e-1","message":{"name":"Ada","email":"ada@example.org"}}
                {"event":"signup","id":"e-1","message":{"name":"Ada","email":"ada@example.org"}}
                {"event":"login","id":"e-2","message":{"email":"ada@example.org","at":"2026-01-31T12:00:00Z"}}
                {"event":"signup","id":"e-3","message":{"name":"Bob","email":"bob at example"}}
                """);

        // when
        RunResult result;
        try (EventFile events = EventFile.open(file)) {
            Screen screen = new Screen(new PrintWriter(new StringWriter()), false);
            result = new LocalRun(userEvents, Adapter.POLLER, 0, screen, new CompletableFuture<>()).run(events);
        }

        // then
        assertThat(result.addsUp()).isTrue();
        assertThat(mailServer.getReceivedMessages()).hasSize(1);
        List<String> table = Report.of(result);
        String row = table.stream()
                .filter(line -> line.startsWith("welcome-mail "))
                .findFirst()
                .orElseThrow();
        assertThat(Files.readAllLines(PAGE)).as("the row on the page").contains(row);
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
    void step_5_lambda_can_make_the_function() {
        assertThat(new WelcomeMailFunction()).isNotNull();
    }

    private static Session smtp(int port) {
        Properties settings = new Properties();
        settings.put("mail.smtp.host", "127.0.0.1");
        settings.put("mail.smtp.port", Integer.toString(port));
        settings.put("mail.from", "hello@example.org");
        settings.put("mail.smtp.connectiontimeout", "2000");
        settings.put("mail.smtp.timeout", "5000");
        settings.put("mail.smtp.writetimeout", "5000");
        Session smtp = Session.getInstance(settings);
        return smtp;
    }
}
