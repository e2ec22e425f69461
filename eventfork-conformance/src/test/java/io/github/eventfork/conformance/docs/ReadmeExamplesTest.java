package io.github.eventfork.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Fork;
import io.github.eventfork.lambda.ForkFunction;
import io.github.eventfork.local.LocalAws;
import io.github.eventfork.poller.SqsPoller;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.PollerHarness;
import io.github.eventfork.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The examples of README.md. The poller's is compiled only: it goes on until its process is told to end. */
class ReadmeExamplesTest {

    private record Signup(String email) {}

    /** Where the examples write to. */
    private static final class Lists {
        private final List<String> emails = new ArrayList<>();

        synchronized void upsert(String email) {
            emails.add(email);
        }
    }

    /** The examples' forks, as a user has them in a class of his own. */
    private static final class Forks {
        static Fork mailingList() {
            return fork(new Lists());
        }
    }

    private static Fork fork(Lists lists) {
        Fork mailingList = Fork.named("mailing-list")
                .on(
                        "signup",
                        Signup.class,
                        event -> lists.upsert(event.payload().email()))
                .build();
        return mailingList;
    }

    // in Lambda
    public final class MailingListFunction extends ForkFunction {
        public MailingListFunction() {
            super(Forks.mailingList());
        }
    }

    /** Not called: see above. */
    static void anywhereElse(Fork mailingList) {
        // anywhere else
        SqsPoller.builder(mailingList).queue("mailing-list").closeOnExit().start();
    }

    @Test
    void the_fork_handles_a_signup() {
        Lists lists = new Lists();
        PollerHarness harness = ForkHarness.poller(fork(lists)).build();

        harness.deliver(Message.sns("signup", "{\"email\":\"ada@example.org\"}"));

        assertThat(lists.emails).containsExactly("ada@example.org");
    }

    @Test
    void lambda_can_make_the_function() {
        assertThat(new MailingListFunction()).isNotNull();
    }

    @Test
    void the_fan_out_is_created_from_the_forks() {
        Fork mailingList = Forks.mailingList();
        Fork analytics =
                Fork.named("analytics").on("login", String.class, event -> {}).build();
        Fork chat = Fork.named("chat").on("signup", String.class, event -> {}).build();
        try (LocalAws local = LocalAws.start();
                SnsClient sns = LocalExamplesTest.sns(local);
                SqsClient sqs = LocalExamplesTest.sqs(local)) {
            // the fan-out, from the same forks
            Topology.of("user-events").forks(analytics, mailingList, chat).createOn(sns, sqs);

            assertThat(sqs.listQueues().queueUrls()).hasSize(6);
        }
    }
}
