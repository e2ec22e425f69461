package io.github.eventfork.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The layers in which calls go wrong, on a service that does what the test says. */
class FaultsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SqsAnswer DONE = SqsAnswer.success(json("{}"));
    private static final Duration LONG = Duration.ofDays(1);

    private final Faults faults = new Faults(4);
    private final Pauses pauses = new Pauses();
    private final List<SqsCall> done = new ArrayList<>();
    private final SqsService faulty = new FaultySqs(faults, pauses, this::successful);

    /** Does what it is told; of a batch, all entries. */
    private SqsAnswer successful(SqsCall call) {
        done.add(call);
        ObjectNode body = json("{}");
        call.parameters()
                .path("Entries")
                .forEach(entry -> body.withArrayProperty("Successful")
                        .addObject()
                        .put("Id", entry.path("Id").asText()));
        return SqsAnswer.success(body);
    }

    @Test
    void without_a_plan_nothing_goes_wrong() throws IOException {
        assertThat(faulty.answer(call("DeleteMessage"))).isEqualTo(DONE);
        assertThat(done).containsExactly(call("DeleteMessage"));
    }

    @Test
    void what_fails_or_is_throttled_is_not_done() throws IOException {
        faults.next("DeleteMessage", Fault.failing(), Fault.throttled());

        SqsAnswer failed = faulty.answer(call("DeleteMessage"));
        SqsAnswer throttled = faulty.answer(call("DeleteMessage"));

        assertThat(failed.status()).isEqualTo(500);
        assertThat(failed.body().path("__type").asText()).isEqualTo("com.amazonaws.sqs#InternalError");
        assertThat(failed.queryError()).contains("InternalError;Receiver");
        assertThat(throttled.status()).isEqualTo(403);
        assertThat(throttled.queryError()).contains("RequestThrottled;Sender");
        assertThat(done).isEmpty();
    }

    @Test
    void what_is_lost_is_done_and_has_no_answer_or_a_wrong_one() throws IOException {
        faults.next("DeleteMessage", Fault.lost(), Fault.failingOnceDone());

        assertThatIOException().isThrownBy(() -> faulty.answer(call("DeleteMessage")));
        assertThat(faulty.answer(call("DeleteMessage")).status()).isEqualTo(500);

        assertThat(done).hasSize(2);
    }

    @Test
    void what_is_forgotten_is_answered_and_not_done() throws IOException {
        faults.next("DeleteMessage", Fault.forgotten());

        assertThat(faulty.answer(call("DeleteMessage"))).isEqualTo(DONE);

        assertThat(done).isEmpty();
    }

    @Test
    void the_next_calls_of_a_kind_go_wrong_one_each_and_others_do_not() throws IOException {
        faults.next("DeleteMessage", Fault.failing()).next("DeleteMessage", Fault.throttled());

        assertThat(faulty.answer(call("ReceiveMessage")).status()).isEqualTo(200);
        assertThat(faulty.answer(call("DeleteMessage")).status()).isEqualTo(500);
        assertThat(faulty.answer(call("DeleteMessage")).status()).isEqualTo(403);
        assertThat(faulty.answer(call("DeleteMessage")).status()).isEqualTo(200);
    }

    @Test
    void what_goes_wrong_always_does_so_until_nothing_does_and_after_what_is_next() throws IOException {
        faults.always("DeleteMessage", Fault.failing()).next("DeleteMessage", Fault.forgotten());

        assertThat(faulty.answer(call("DeleteMessage")).status()).isEqualTo(200);
        assertThat(faulty.answer(call("DeleteMessage")).status()).isEqualTo(500);
        assertThat(faulty.answer(call("DeleteMessage")).status()).isEqualTo(500);

        faults.none();
        assertThat(faulty.answer(call("DeleteMessage")).status()).isEqualTo(200);
    }

    @Test
    void in_an_outage_every_call_fails() throws IOException {
        faults.always(Fault.failing());

        for (String action : AwsCalls.SQS) {
            assertThat(faulty.answer(call(action)).status()).isEqualTo(500);
        }
        assertThat(done).isEmpty();
    }

    @Test
    void entries_of_a_batch_are_not_done_and_answered_so_without_the_senders_fault() throws IOException {
        faults.next("DeleteMessageBatch", Fault.answering("InternalError", 0, 2));

        SqsAnswer answer = faulty.answer(batch("DeleteMessageBatch", 4));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(ids(answer.body().path("Successful"))).containsExactly("e1", "e3");
        assertThat(answer.body().path("Failed").get(0))
                .isEqualTo(json(
                        "{\"Id\":\"e0\",\"Code\":\"InternalError\",\"Message\":\"Not done (a fault of the test).\","
                                + "\"SenderFault\":false}"));
        assertThat(ids(answer.body().path("Failed"))).containsExactly("e0", "e2");
        assertThat(ids(done.get(0).parameters().path("Entries"))).containsExactly("e1", "e3");
    }

    @Test
    void without_an_index_all_entries_are_concerned_and_sqs_is_not_asked() throws IOException {
        faults.next("DeleteMessageBatch", Fault.answering("InternalError"), Fault.forgotten());

        SqsAnswer refused = faulty.answer(batch("DeleteMessageBatch", 2));
        SqsAnswer forgotten = faulty.answer(batch("DeleteMessageBatch", 2));

        assertThat(ids(refused.body().path("Failed"))).containsExactly("e0", "e1");
        assertThat(ids(forgotten.body().path("Successful"))).containsExactly("e0", "e1");
        assertThat(done).isEmpty();
    }

    @Test
    void entries_are_forgotten_one_by_one_and_left_out_from_the_end() throws IOException {
        faults.next("ChangeMessageVisibilityBatch", Fault.forgotten(1), Fault.leavingOut(2));

        SqsAnswer forgotten = faulty.answer(batch("ChangeMessageVisibilityBatch", 3));
        SqsAnswer leftOut = faulty.answer(batch("ChangeMessageVisibilityBatch", 3));

        assertThat(ids(forgotten.body().path("Successful"))).containsExactlyInAnyOrder("e0", "e1", "e2");
        assertThat(ids(done.get(0).parameters().path("Entries"))).containsExactly("e0", "e2");
        assertThat(ids(leftOut.body().path("Successful"))).containsExactly("e0");
        assertThat(ids(done.get(1).parameters().path("Entries"))).containsExactly("e0");
    }

    @Test
    void what_is_asked_is_not_changed_by_what_goes_wrong() throws IOException {
        SqsCall batch = batch("DeleteMessageBatch", 3);
        faults.next("DeleteMessageBatch", Fault.leavingOut(1));

        faulty.answer(batch);

        assertThat(batch).isEqualTo(batch("DeleteMessageBatch", 3));
    }

    @Test
    void a_batch_that_sqs_refuses_is_refused_whatever_was_planned() throws IOException {
        SqsAnswer refusal = SqsAnswer.error(400, "QueueDoesNotExist", "NonExistentQueue", "no such queue");
        SqsService refusing = new FaultySqs(faults, pauses, call -> refusal);
        faults.next("DeleteMessageBatch", Fault.answering("InternalError", 0), Fault.leavingOut(1));

        assertThat(refusing.answer(batch("DeleteMessageBatch", 2))).isEqualTo(refusal);
        // no entries at all: SQS says what is wrong with that
        assertThat(refusing.answer(batch("DeleteMessageBatch", 0))).isEqualTo(refusal);
    }

    @Test
    void a_delayed_call_is_done_at_once_and_answered_later() throws Exception {
        CountDownLatch isDone = new CountDownLatch(1);
        SqsService slow = new FaultySqs(faults, pauses, call -> {
            isDone.countDown();
            return DONE;
        });
        faults.next("DeleteMessage", Fault.delayed(LONG), Fault.delayed(Duration.ofMillis(1)));

        CompletableFuture<SqsAnswer> answer =
                CompletableFuture.supplyAsync(() -> answered(slow, call("DeleteMessage")));
        assertThat(isDone.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(answer).isNotDone();

        // a short one comes back, and a close ends the long one
        assertThat(slow.answer(call("DeleteMessage"))).isEqualTo(DONE);
        pauses.close();
        assertThat(answer).failsWithin(Duration.ofSeconds(30));
    }

    @Test
    void calls_to_sns_go_wrong_alike() throws IOException {
        // given
        List<QueryRequest> published = new ArrayList<>();
        SnsService sns = new FaultySns(faults, pauses, request -> {
            published.add(request);
            return new XmlWriter().element("done", "");
        });
        QueryRequest publish = new QueryRequest(Map.of("Action", "Publish"), Optional.empty());
        faults.next(
                "Publish",
                Fault.failing(),
                Fault.throttled(),
                Fault.lost(),
                Fault.failingOnceDone(),
                Fault.delayed(Duration.ofNanos(1)));

        // then
        assertThat(snsError(sns, publish)).isEqualTo("500 InternalError");
        assertThat(snsError(sns, publish)).isEqualTo("429 Throttled");
        assertThat(published).isEmpty();
        assertThatIOException().isThrownBy(() -> sns.answer(publish));
        assertThat(snsError(sns, publish)).isEqualTo("500 InternalError");
        assertThat(published).hasSize(2);
        assertThat(sns.answer(publish)).hasToString("<done></done>");
        assertThat(sns.answer(publish)).hasToString("<done></done>");
        assertThat(published).hasSize(4);
    }

    @Test
    void the_same_seed_has_the_same_faults_whatever_else_is_called() {
        List<Boolean> first = drawn(new Faults(7), false);
        List<Boolean> amongOthers = drawn(new Faults(7), true);
        List<Boolean> otherSeed = drawn(new Faults(8), false);

        assertThat(amongOthers).isEqualTo(first);
        assertThat(otherSeed).isNotEqualTo(first);
        assertThat(first).contains(true, false);
    }

    private static List<Boolean> drawn(Faults faults, boolean others) {
        faults.byChance("DeleteMessage", 0.5, Fault.failing())
                .byChance("ReceiveMessage", 0.5, Fault.failing())
                .duplicates(0.5);
        return IntStream.range(0, 100)
                .mapToObj(i -> {
                    if (others) {
                        faults.draw("ReceiveMessage");
                        faults.handsOutTwice("q");
                    }
                    return faults.draw("DeleteMessage").isPresent();
                })
                .toList();
    }

    @Test
    void chances_are_met_about_as_often_as_they_say_and_of_two_the_first_holds() {
        faults.byChance("DeleteMessage", 0.3, Fault.failing()).byChance("DeleteMessage", 0.5, Fault.lost());

        List<String> drawn = IntStream.range(0, 10_000)
                .mapToObj(i -> faults.draw("DeleteMessage").map(Fault::toString).orElse("none"))
                .toList();

        // 0.3, and half of the rest; the seed is fixed, and so is what is counted
        assertThat(drawn.stream().filter("failing"::equals).count()).isBetween(2_800L, 3_200L);
        assertThat(drawn.stream().filter("lost"::equals).count()).isBetween(3_300L, 3_700L);
    }

    @Test
    void what_is_certain_always_happens_and_what_is_impossible_never() {
        faults.byChance("DeleteMessage", 1, Fault.failing()).byChance("ReceiveMessage", 0, Fault.failing());

        assertThat(IntStream.range(0, 100))
                .allMatch(i -> faults.draw("DeleteMessage").isPresent());
        assertThat(IntStream.range(0, 100))
                .noneMatch(i -> faults.draw("ReceiveMessage").isPresent());
    }

    @Test
    void what_is_received_twice_is_visible_again_at_once_but_never_on_a_fifo_queue() throws IOException {
        // given
        faults.receivedTwice(1);
        SqsService twice = new FaultyReceives(faults, call -> {
            done.add(call);
            return SqsAnswer.success(json("{\"Messages\":[{\"MessageId\":\"m\",\"ReceiptHandle\":\"r\"}]}"));
        });

        // when
        SqsAnswer answer = twice.answer(receive("standard"));
        twice.answer(receive("ordered.fifo"));
        twice.answer(call("DeleteMessage"));

        // then
        assertThat(answer.body().path("Messages").size()).isEqualTo(1);
        assertThat(done)
                .containsExactly(
                        receive("standard"),
                        new SqsCall(
                                "ChangeMessageVisibility",
                                json(
                                        "{\"QueueUrl\":\"http://h/1/standard\",\"ReceiptHandle\":\"r\",\"VisibilityTimeout\":0}"),
                                Map.of()),
                        receive("ordered.fifo"),
                        call("DeleteMessage"));
    }

    @Test
    void what_is_received_together_comes_in_any_order_but_never_on_a_fifo_queue() throws IOException {
        // given
        faults.disorder();
        SqsAnswer ten = SqsAnswer.success(json("{}"));
        IntStream.range(0, 10)
                .forEach(i ->
                        ten.body().withArrayProperty("Messages").addObject().put("MessageId", "m" + i));
        SqsService shuffled = new FaultyReceives(faults, call -> ten);

        // then
        List<String> inOrder = ten.body().path("Messages").findValuesAsText("MessageId");
        assertThat(shuffled.answer(receive("standard")).body().path("Messages").findValuesAsText("MessageId"))
                .containsExactlyInAnyOrderElementsOf(inOrder)
                .isNotEqualTo(inOrder);
        assertThat(shuffled.answer(receive("ordered.fifo"))).isEqualTo(ten);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            DeleteMessages       | failing    | there is no call 'DeleteMessages' of SQS or SNS
            deletemessage        | failing    | there is no call 'deletemessage' of SQS or SNS
            SendMessage          | forgotten  | SendMessage can't go wrong by 'forgotten'
            Publish              | forgotten  | Publish can't go wrong by 'forgotten'
            PublishBatch         | answering  | PublishBatch can't go wrong by 'answering X'
            DeleteMessage        | answering  | DeleteMessage can't go wrong by 'answering X'
            ReceiveMessage       | leavingOut | ReceiveMessage can't go wrong by 'leavingOut'
            """)
    void what_can_not_go_wrong_so_is_refused(String call, String kind, String text) {
        Fault fault = switch (kind) {
            case "failing" -> Fault.failing();
            case "forgotten" -> Fault.forgotten();
            case "answering" -> Fault.answering("X");
            default -> Fault.leavingOut(1);
        };

        assertThatIllegalArgumentException()
                .isThrownBy(() -> faults.next(call, fault))
                .withMessage(text);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> faults.always(call, fault))
                .withMessage(text);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> faults.byChance(call, 1, fault))
                .withMessage(text);
    }

    @Test
    void numbers_that_make_no_sense_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> faults.byChance("Publish", 1.1, Fault.failing()))
                .withMessage("probability must be 0 to 1, was 1.1");
        assertThatIllegalArgumentException().isThrownBy(() -> faults.duplicates(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> faults.sentTwice(-0.1));
        assertThatIllegalArgumentException().isThrownBy(() -> faults.receivedTwice(2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fault.delayed(Duration.ofMillis(-1)))
                .withMessage("a delay must not be negative, was PT-0.001S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fault.leavingOut(0))
                .withMessage("what is left out must be 1 or more, was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fault.answering("X", 10))
                .withMessage("an index of a batch must be 0 to 9, was one of [10]");
        assertThatIllegalArgumentException().isThrownBy(() -> faults.always(Fault.forgotten()));
    }

    private static String snsError(SnsService sns, QueryRequest request) {
        List<SnsError> thrown = new ArrayList<>();
        assertThatExceptionOfType(SnsError.class)
                .isThrownBy(() -> sns.answer(request))
                .satisfies(thrown::add);
        return thrown.get(0).status() + " " + thrown.get(0).code();
    }

    private static SqsAnswer answered(SqsService service, SqsCall call) {
        try {
            return service.answer(call);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SqsCall call(String action) {
        return new SqsCall(action, json("{}"), Map.of());
    }

    private static SqsCall receive(String queue) {
        return new SqsCall("ReceiveMessage", json("{\"QueueUrl\":\"http://h/1/" + queue + "\"}"), Map.of());
    }

    private static SqsCall batch(String action, int entries) {
        ObjectNode parameters = json("{\"Entries\":[]}");
        IntStream.range(0, entries)
                .forEach(
                        i -> parameters.withArrayProperty("Entries").addObject().put("Id", "e" + i));
        return new SqsCall(action, parameters, Map.of());
    }

    private static List<String> ids(JsonNode entries) {
        return entries.findValuesAsText("Id");
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
