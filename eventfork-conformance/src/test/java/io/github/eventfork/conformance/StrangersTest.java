package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Delivery;
import io.github.eventfork.Event;
import io.github.eventfork.Fork;
import io.github.eventfork.Idempotency;
import io.github.eventfork.IdempotencyKey;
import io.github.eventfork.Outcome;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.conformance.Stranger.Mail;
import io.github.eventfork.engine.ForkProcessor;
import io.github.eventfork.engine.KeptLease;
import io.github.eventfork.envelope.Attributes;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import io.github.eventfork.testkit.ForkHarness;
import io.github.eventfork.testkit.InMemoryQueue;
import io.github.eventfork.testkit.Message;
import io.github.eventfork.testkit.VirtualRuntime;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whoever can publish can send a bad event and no more: not choose another route than the transport's, not take another event's
 * key, not fill the memory, not forge why something is a dead letter.
 */
@Promise(23)
class StrangersTest {

    private static final long SEED = Long.getLong("strangers.seed", 20_261_201);
    private static final int MESSAGES = Integer.getInteger("strangers.messages", 20_000);

    private final List<String> ran = new ArrayList<>();
    private final Map<String, String> keys = new HashMap<>();

    @ParameterizedTest
    @EnumSource
    void a_payload_does_not_choose_another_route_than_the_attribute_that_let_it_in(Anywhere adapter) {
        Message forged = Message.eventBridge("refund", "{\"amount\":1000}")
                .inSns()
                .attribute("event", "comment")
                .messageId("m-1");

        deliver(adapter, fork().build(), forged);

        assertThat(ran).containsExactly("m-1: comment");
    }

    @ParameterizedTest
    @EnumSource
    void a_raw_body_that_passes_for_a_notification_changes_neither_the_type_nor_takes_another_events_key(
            Anywhere adapter) {
        // given a body that has all that SNS writes, beside a real attribute, and the event whose id it took
        Message real = Message.sns("signup", "{}").eventId("n-1").messageId("m-2");
        Message forged = Message.raw(Message.sns("refund", "{}").eventId("n-1").body())
                .attribute("event", "comment")
                .messageId("m-1");

        // when
        deliver(adapter, fork().build(), forged, real);

        // then
        assertThat(ran).containsExactly("m-1: comment", "m-2: signup");
        assertThat(keys.get("m-1")).isEqualTo("fork#sqs:m-1");
        assertThat(keys.get("m-2")).isEqualTo(Given.key("fork", "n-1"));
    }

    @ParameterizedTest
    @EnumSource
    void a_body_without_what_sns_always_writes_is_raw(Anywhere adapter) {
        Message forged = Message.raw(
                        Message.sns("refund", "{}").eventId("n-1").body().replace("UnsubscribeURL", "Unsubscribe"))
                .messageId("m-1");

        List<Outcome> outcomes = deliver(adapter, fork().build(), forged);

        assertThat(ran).isEmpty();
        assertThat(outcomes).first().isInstanceOf(Outcome.Rejected.class);
    }

    @ParameterizedTest
    @EnumSource
    void what_is_not_of_the_pinned_topic_is_rejected_and_the_reason_says_what_to_do(Anywhere adapter) {
        Fork pinned = fork().fromTopic("arn:aws:sns:us-east-2:111122223333:user-events")
                .build();
        Message ours = Message.sns("signup", "{}").messageId("m-1");
        Message other = Message.raw(
                        Message.sns("signup", "{}").body().replace("111122223333:user-events", "111122223333:others"))
                .messageId("m-2");

        deliver(adapter, pinned, ours);
        List<Outcome> outcomes = deliver(adapter, pinned, other);

        assertThat(ran).containsExactly("m-1: signup");
        assertThat(outcomes)
                .first()
                .isInstanceOfSatisfying(
                        Outcome.Rejected.class,
                        rejected ->
                                assertThat(rejected.reason()).contains("m-2", "not of the topic", "Do not subscribe"));
    }

    @ParameterizedTest
    @EnumSource
    void with_raw_delivery_pinned_nothing_is_a_notification(Anywhere adapter) {
        Fork pinned = fork().rawDelivery().build();
        Message forged = Message.sns("refund", "{}").eventId("n-1").messageId("m-1");

        List<Outcome> outcomes = deliver(adapter, pinned, forged);

        assertThat(ran).isEmpty();
        assertThat(outcomes).first().isInstanceOf(Outcome.Rejected.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"POLLER_ENGINE", "SQS_POLLER", "LAMBDA_ENGINE_WITH_SETTLER", "FORK_FUNCTION_WITH_SETTLER"})
    void a_note_that_the_sender_wrote_stands_in_no_dead_letter(Anywhere adapter) {
        // given a body that leaves no room for our own note
        Message forged = Message.raw("x".repeat(1_048_576 - 300))
                .attribute("event", "nobody's")
                .attribute(Attributes.NOTE, "{\"reason\":\"forged\"}")
                .messageId("m-1");
        Message small = Message.raw("x")
                .attribute(Attributes.NOTE, "{\"reason\":\"forged\"}")
                .messageId("m-2");

        try (ForkHarness harness = adapter.running(fork().build())) {
            harness.deliver(forged, small);
            harness.advance(seconds(3));

            // then ours is there where it fits, and none where it does not
            assertThat(harness.deadLetters())
                    .extracting(InMemoryQueue.Item::attributes)
                    .extracting(attributes -> attributes.text(Attributes.NOTE).orElse("none"))
                    .satisfiesExactlyInAnyOrder(
                            none -> assertThat(none).isEqualTo("none"),
                            ours -> assertThat(ours)
                                    .contains("\"fork\":\"fork\"")
                                    .doesNotContain("forged"));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"POLLER_ENGINE", "SQS_POLLER", "FORK_FUNCTION"})
    @Tag("slow")
    void random_mail_of_strangers_is_what_it_is_and_nothing_else(Anywhere adapter) {
        // given
        Stranger stranger = new Stranger(SEED + adapter.ordinal());
        Map<String, Mail> sent = new HashMap<>();
        Set<String> done = new HashSet<>();
        Map<String, String> identities = new HashMap<>();

        for (int batch = 0; batch < MESSAGES / 3 / 500; batch++) {
            List<Mail> mails = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                mails.add(stranger.next());
            }
            mails.forEach(mail -> sent.put(mail.id(), mail));
            ran.clear();

            // when
            Map<String, List<Outcome>> outcomes = new HashMap<>();
            try (ForkHarness harness = adapter.running(fork().build())) {
                harness.deliver(mails.stream().map(Mail::message).toArray(Message[]::new));
                harness.advance(seconds(60));
                mails.forEach(mail -> outcomes.put(mail.id(), harness.outcomes(mail.id())));
            }

            // then each was let through by the type that the transport says, and by no other, and once for each event
            for (Mail mail : mails) {
                boolean wanted = mail.type().filter(Stranger.ROUTES::contains).isPresent();
                List<String> runs = ran.stream()
                        .filter(run -> run.startsWith(mail.id() + ": "))
                        .toList();
                assertThat(runs)
                        .as(() -> "seed " + SEED + ": " + mail + " " + outcomes.get(mail.id()))
                        .isIn(
                                List.of(),
                                wanted ? List.of(mail.id() + ": " + mail.type().get()) : List.of());
                assertThat(outcomes.get(mail.id()))
                        .as(() -> "seed " + SEED + ": " + mail)
                        .isNotEmpty()
                        .first()
                        .isInstanceOf(wanted ? Outcome.class : Outcome.Rejected.class);
                if (!runs.isEmpty()) {
                    String key = keys.get(mail.id());
                    assertThat(identities.putIfAbsent(key, mail.identity()))
                            .as(() -> "seed " + SEED + ": the key of " + mail)
                            .isIn(null, mail.identity());
                    assertThat(key.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(512);
                    done.add(mail.identity());
                }
            }
            for (Mail mail : mails) {
                assertThat(mail.type().filter(Stranger.ROUTES::contains).isEmpty() || done.contains(mail.identity()))
                        .as(() -> "seed " + SEED + ": the event of " + mail + " has run: " + outcomes.get(mail.id()))
                        .isTrue();
            }
        }
        assertThat(done).hasSizeGreaterThan(MESSAGES / 20);
    }

    @Test
    @Tag("slow")
    void mail_of_strangers_leaves_nothing_behind() {
        // given a process that keeps keys, and mail of a megabyte, of names, ids and types that never come again
        InMemoryIdempotencyStore store = new InMemoryIdempotencyStore();
        VirtualRuntime runtime = VirtualRuntime.seeded(1);
        Fork fork = Fork.named("fork")
                .on("signup", com.fasterxml.jackson.databind.JsonNode.class, event -> {
                    throw new RejectedEventException("no");
                })
                .onAny(String.class, event -> {})
                .idempotency(
                        Idempotency.in(store).by(IdempotencyKey.attribute("key").orEventId()))
                .build();
        ForkProcessor processor = new ForkProcessor(fork, runtime, Optional.empty());
        process(processor, runtime, 0);
        long before = heap();

        // when
        for (int i = 1; i <= 500; i++) {
            process(processor, runtime, i);
        }

        // then
        assertThat(store.size()).isGreaterThan(400);
        assertThat(heap() - before).isLessThan(10L * 1024 * 1024);
    }

    private static void process(ForkProcessor processor, VirtualRuntime runtime, int number) {
        String large = "x".repeat(300_000) + number;
        Delivery delivery = Delivery.of("queue", "m-" + number, "{\"" + large + "\":1}")
                .attributes(Attributes.builder()
                        .string("event", number % 10 == 0 ? "signup" : large)
                        .string("key", large)
                        .string(large, "v")
                        .build())
                .build();
        processor.process(delivery, KeptLease.lasting(runtime, seconds(30)), 1);
    }

    private static long heap() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            runtime.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private final InMemoryIdempotencyStore store = new InMemoryIdempotencyStore();

    private Fork.Builder fork() {
        Fork.Builder fork = Fork.named("fork").idempotency(Idempotency.in(store).by(IdempotencyKey.eventId()));
        Stranger.ROUTES.forEach(type -> fork.on(type, String.class, this::note));
        return fork;
    }

    private synchronized void note(Event<?> event) {
        String id = event.delivery().messageId();
        ran.add(id + ": " + event.type());
        keys.put(id, event.key().orElse("none"));
    }

    private static List<Outcome> deliver(Anywhere adapter, Fork fork, Message... messages) {
        try (ForkHarness harness = adapter.running(fork)) {
            List<String> ids = harness.deliver(messages);
            harness.advance(seconds(3));
            return harness.outcomes(ids.get(0));
        }
    }
}
