package io.github.eventfork.conformance.docs;

import static io.github.eventfork.testkit.EventforkAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.eventfork.Fork;
import io.github.eventfork.Idempotency;
import io.github.eventfork.IdempotencyKey;
import io.github.eventfork.RetryPolicy;
import io.github.eventfork.idempotency.IdempotencyStore;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.IdempotencyStoreContract;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.VirtualRuntime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The examples of docs/testing.md, word for word. */
class TestingExamplesTest {

    private record Signup(String email) {}

    /** Where the examples write to. */
    private static final class Lists {
        private final List<String> emails = new ArrayList<>();
        private boolean down;

        void upsert(String email) {
            if (down) {
                throw new IllegalStateException("the list is down");
            }
            emails.add(email);
        }

        void goDown() {
            down = true;
        }

        List<String> emails() {
            return emails;
        }
    }

    private final Lists lists = new Lists();
    private final Fork mailingList = mailingList(lists, new InMemoryIdempotencyStore());

    // spotless:off
    static Fork mailingList(Lists lists, IdempotencyStore store) {
        return Fork.named("mailing-list")
                .on(
                        "signup",
                        Signup.class,
                        event -> lists.upsert(event.payload().email()))
                .idempotency(Idempotency.in(store)
                        .by(IdempotencyKey.jsonPointer("/email"))
                        .rememberFor(Duration.ofDays(1)))
                .retry(RetryPolicy.exponential(Duration.ofSeconds(10), Duration.ofMinutes(15))
                        .withAttempts(3))
                .build();
    }

    static Message signup(String name) {
        return Message.sns("signup", "{\"email\":\"" + name + "@example.org\"}");
    }
    // spotless:on

    @Test
    void a_signup_is_put_on_the_list() {
        try (var harness = ForkHarness.poller(mailingList).build()) {
            harness.deliver(signup("ada"));

            assertThat(harness).handled("signup").nothingElse();
            assertThat(lists.emails()).containsExactly("ada@example.org");
        }
    }

    @Test
    void a_second_signup_within_a_day_is_a_duplicate() {
        var time = VirtualRuntime.seeded(1);
        Fork once = mailingList(lists, new InMemoryIdempotencyStore(1_000, time::nanoTime));
        try (var harness = ForkHarness.poller(once).time(time).build()) {
            harness.deliver(signup("ada"), signup("ada"));
            harness.deliverTwice(signup("bob"));
            harness.advance(Duration.ofDays(1));
            harness.deliver(signup("ada"));

            assertThat(harness)
                    .handledInOrder("m-1", "m-3", "m-4")
                    .duplicate("m-2")
                    .duplicate("m-3")
                    .nothingElse();
        }
    }

    @Test
    void a_list_that_stays_down_costs_three_attempts() {
        lists.goDown();
        try (var harness = ForkHarness.poller(mailingList).build()) {
            harness.deliver(signup("ada"));
            harness.deliver(Message.sns("signup", "{\"email\":").messageId("m-bad"));
            harness.advance(Duration.ofMinutes(1));

            assertThat(harness)
                    .rejected("m-bad")
                    .givenBack("m-1", Duration.ofSeconds(10))
                    .givenBack("m-1", Duration.ofSeconds(20))
                    .deadLettered("m-1")
                    .nothingElse();
        }
    }

    @Test
    void a_group_stays_in_order_whatever_the_queue_does() {
        try (var harness = ForkHarness.poller(mailingList).fifo().seed(42).build()) {
            harness.queue()
                    .faults()
                    .next(Call.RECEIVE, Fault.failing(), Fault.none(), Fault.lost())
                    .byChance(Call.DELETE, 0.5, Fault.failing());
            harness.deliver(
                    signup("ada").group("a"),
                    signup("bob").group("a"),
                    signup("cleo").group("a"));
            harness.advance(Duration.ofMinutes(2));

            assertThat(harness).handledInOrder("m-1", "m-2", "m-3").nothingElse();
            assertThat(harness.queue().messages()).isEmpty();
        }
    }

    @TestFactory
    List<DynamicTest> the_store_keeps_the_contract() {
        var time = VirtualRuntime.seeded(1);
        return IdempotencyStoreContract.tests(() -> new InMemoryIdempotencyStore(1_000, time::nanoTime), time::advance);
    }

    @TestFactory
    DynamicTest the_store_goes_through_random_stories() {
        return IdempotencyStoreContract.storiesInRealTime(new InMemoryIdempotencyStore(), Duration.ofMillis(5), 1);
    }

    @Test
    void the_document_shows_what_a_failure_shows() throws Exception {
        lists.goDown();
        try (var harness = ForkHarness.poller(mailingList).build()) {
            harness.deliver(signup("ada"));
            harness.advance(Duration.ofSeconds(1));

            Throwable failure = catchThrowable(() -> assertThat(harness).deadLettered("m-1"));

            assertThat(Files.readString(Path.of("../docs/testing.md"))).contains("\n" + failure.getMessage() + "\n");
        }
    }
}
