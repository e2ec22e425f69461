package io.github.eventfork.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.AlreadyHandledException;
import io.github.eventfork.Event;
import io.github.eventfork.Fork;
import io.github.eventfork.Idempotency;
import io.github.eventfork.IdempotencyKey;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.RetryLaterException;
import io.github.eventfork.RetryPolicy;
import io.github.eventfork.conformance.Adapters.Answer;
import io.github.eventfork.conformance.Adapters.Sent;
import io.github.eventfork.conformance.Adapters.Standing;
import io.github.eventfork.conformance.Adapters.Told;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One fork behind both adapters: its outcomes are the same to the letter, and each says in its own way what they mean.
 * Lambda, without a settler, reports what is not done; the poller gives it back or dead-letters it.
 */
@Promise({1, 2, 3, 4})
@ParameterizedClass
@EnumSource(TestServer.class)
class AdaptersAgreeIT {

    private static final Duration LATER = Duration.ofMinutes(10);

    @RegisterExtension
    static final TestServers SERVERS = new TestServers();

    private final TestServer server;

    AdaptersAgreeIT(TestServer server) {
        this.server = server;
    }

    /** What the fork reads. Its e-mail address says what its handler does. */
    private record Signup(String email) {}

    /** What is sent, and what is to become of each. */
    private enum Situation {
        SUCCESS(signup("works"), expecting("Handled", Standing.DELETED)),
        EXCEPTION(signup("fails"), expecting("Failed", Standing.GIVEN_BACK)),
        REJECTED(signup("never"), expecting("Rejected", Standing.DEAD_LETTERED)),
        RETRY_LATER(signup("later"), expecting("Failed", Standing.GIVEN_BACK)),
        DONE_BEFORE(signup("before"), expecting("Duplicate", Standing.DELETED)),
        ERROR(signup("error"), expecting("Failed", Standing.GIVEN_BACK)),
        ENDLESS_RECURSION(signup("recursion"), expecting("Failed", Standing.GIVEN_BACK)),
        UNREADABLE_JSON(new Sent("signup", "{\"email\":"), expecting("Rejected", Standing.DEAD_LETTERED)),
        WRONG_PAYLOAD_TYPE(new Sent("signup", "{\"email\":{}}"), expecting("Rejected", Standing.DEAD_LETTERED)),
        UNROUTED_TYPE(new Sent("logout", "{}"), expecting("Rejected", Standing.DEAD_LETTERED)),
        DUPLICATE(
                List.of(signup("works"), signup("works")),
                List.of(expecting("Handled", Standing.DELETED), expecting("Duplicate", Standing.DELETED))),
        MESSAGE_GROUPS_ON_A_STANDARD_QUEUE(
                List.of(
                        signup("fails").in("tenant"),
                        signup("works").in("tenant"),
                        signup("never").in("tenant")),
                List.of(
                        expecting("Failed", Standing.GIVEN_BACK),
                        expecting("Handled", Standing.DELETED),
                        expecting("Rejected", Standing.DEAD_LETTERED)));

        private final List<Sent> messages;
        private final List<Expected> expected;

        Situation(Sent message, Expected expected) {
            this(List.of(message), List.of(expected));
        }

        Situation(List<Sent> messages, List<Expected> expected) {
            this.messages = messages;
            this.expected = expected;
        }

        private static Sent signup(String does) {
            return new Sent("signup", "{\"email\":\"" + does + "\"}");
        }

        private static Expected expecting(String outcome, Standing standing) {
            return new Expected(outcome, standing);
        }
    }

    private record Expected(String outcome, Standing standing) {}

    @ParameterizedTest
    @EnumSource
    void both_adapters_agree_on(Situation situation) {
        // given the same fork behind each, with a memory of its own
        Adapters adapters = new Adapters(SERVERS.on(server));

        // when
        List<Answer> polled = adapters.poll(fork(), situation.messages);
        List<Answer> invoked = adapters.invoke(fork(), situation.messages);

        // then the outcomes are the same, with cause, delay and reason
        assertThat(polled).extracting(Answer::told).containsExactlyInAnyOrderElementsOf(toldOf(invoked));

        // and what the poller deletes is what Lambda does not report
        assertThat(polled)
                .extracting(answer -> List.of(answer.told(), answer.standing() == Standing.DELETED))
                .containsExactlyInAnyOrderElementsOf(invoked.stream()
                        .map(answer -> List.<Object>of(answer.told(), answer.standing() == Standing.NOT_REPORTED))
                        .toList());

        // and each is what it should be
        assertThat(polled)
                .extracting(answer -> new Expected(answer.told().kind(), answer.standing()))
                .containsExactlyInAnyOrderElementsOf(situation.expected);
    }

    private static List<Told> toldOf(List<Answer> answers) {
        return answers.stream().map(Answer::told).toList();
    }

    private static Fork fork() {
        return Fork.named("fork")
                .on("signup", Signup.class, AdaptersAgreeIT::handle)
                .retry(RetryPolicy.fixed(LATER).withAttempts(3))
                .idempotency(Idempotency.in(new InMemoryIdempotencyStore()).by(IdempotencyKey.jsonPointer("/email")))
                .build();
    }

    private static void handle(Event<Signup> event) {
        switch (event.payload().email()) {
            case "fails" -> throw new IllegalStateException("as it should");
            case "never" -> throw new RejectedEventException("no such list");
            case "later" -> throw new RetryLaterException(LATER.plusMinutes(1), "the list is busy");
            case "before" -> throw new AlreadyHandledException("by hand");
            case "error" -> throw new AssertionError("a class is missing");
            case "recursion" -> recurse(1);
            default -> assertThat(event.attempt()).isEqualTo(1);
        }
    }

    private static int recurse(int depth) {
        return Arrays.hashCode(new int[] {depth, recurse(depth + 1)});
    }
}
