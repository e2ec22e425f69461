package io.github.eventfork.examples.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.eventfork.examples.run.Publisher.Refused;
import io.github.eventfork.testkit.VirtualRuntime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sns.model.InvalidParameterException;
import software.amazon.awssdk.services.sns.model.InvalidParameterValueException;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.PublishBatchResponse;
import software.amazon.awssdk.services.sns.model.SnsException;
import software.amazon.awssdk.services.sns.model.ThrottledException;

class PublisherTest {

    private static final String TOPIC = "arn:aws:sns:us-east-1:000000000000:user-events";

    private final ScriptedSns sns = new ScriptedSns();
    private final VirtualRuntime runtime = VirtualRuntime.seeded(1);

    @Test
    void it_publishes_in_tens() throws InterruptedException {
        // when
        Publisher publisher = published(Publication.to(TOPIC), 23);

        // then
        assertThat(sns.batches()).extracting(List::size).containsExactly(10, 10, 3);
        assertThat(publisher.published()).isEqualTo(23);
        assertThat(publisher.refused()).isEmpty();
    }

    @Test
    void a_batch_holds_no_more_than_256_kib() throws InterruptedException {
        // given
        Publisher publisher = publisher(Publication.to(TOPIC));
        String third = "x".repeat(100_000);

        // when
        for (int i = 1; i <= 5; i++) {
            publisher.add(event(i, third));
        }
        publisher.flush();

        // then
        assertThat(sns.batches()).extracting(List::size).containsExactly(2, 2, 1);
    }

    @Test
    void an_event_that_further_attributes_make_too_long_is_refused_and_the_rest_goes_on() throws InterruptedException {
        // given
        Publisher publisher = publisher(
                new Publication(TOPIC, Map.of("source", "x".repeat(100)), Optional.empty(), Integer.MAX_VALUE));

        // when
        publisher.add(event(1, "x".repeat(EventFile.MOST_BYTES - 50)));
        publisher.add(event(2, "short"));
        publisher.flush();

        // then
        assertThat(publisher.refused()).containsExactly(new Refused(1, "SNS takes 256 KiB, and it is longer"));
        assertThat(sns.batches()).containsExactly(List.of("short"));
    }

    @Test
    void what_failed_on_the_services_side_is_published_again_after_a_pause() throws InterruptedException {
        // given
        sns.next(ScriptedSns.failing("InternalError", false, "m2"));
        long begun = runtime.nanoTime();

        // when
        Publisher publisher = published(Publication.to(TOPIC), 3);

        // then
        assertThat(sns.batches()).containsExactly(List.of("m1", "m2", "m3"), List.of("m2"));
        assertThat(publisher.published()).isEqualTo(3);
        assertThat(publisher.refused()).isEmpty();
        assertThat(Duration.ofNanos(runtime.nanoTime() - begun))
                .isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
    }

    @Test
    void what_failed_five_times_is_named_by_its_line() throws InterruptedException {
        // given
        for (int i = 0; i < 5; i++) {
            sns.next(ScriptedSns.failing("InternalError", false, "m2"));
        }

        // when
        Publisher publisher = published(Publication.to(TOPIC), 3);

        // then
        assertThat(sns.batches()).hasSize(5);
        assertThat(publisher.published()).isEqualTo(2);
        assertThat(publisher.refused()).containsExactly(new Refused(2, "InternalError"));
    }

    @Test
    void what_is_the_senders_fault_is_not_tried_again() throws InterruptedException {
        // given
        sns.next(ScriptedSns.failing("InvalidParameter", true, "m1"));

        // when
        Publisher publisher = published(Publication.to(TOPIC), 2);

        // then
        assertThat(sns.batches()).hasSize(1);
        assertThat(publisher.refused()).containsExactly(new Refused(1, "InvalidParameter"));
    }

    @Test
    void an_event_that_the_answer_leaves_out_is_published_again() throws InterruptedException {
        // given
        sns.next(request -> PublishBatchResponse.builder().build());

        // when
        Publisher publisher = published(Publication.to(TOPIC), 1);

        // then
        assertThat(sns.batches()).containsExactly(List.of("m1"), List.of("m1"));
        assertThat(publisher.published()).isEqualTo(1);
    }

    @Test
    void one_bad_event_that_fails_its_batch_is_found_and_the_others_are_published() throws InterruptedException {
        // given what SNS does with a bad attribute
        sns.next(request -> {
            throw invalid();
        });
        sns.next(ScriptedSns.failing("", false));
        sns.next(request -> {
            throw invalid();
        });

        // when
        Publisher publisher = published(Publication.to(TOPIC), 3);

        // then
        assertThat(sns.batches())
                .containsExactly(List.of("m1", "m2", "m3"), List.of("m1"), List.of("m2"), List.of("m3"));
        assertThat(publisher.published()).isEqualTo(2);
        assertThat(publisher.refused()).containsExactly(new Refused(2, "no such type"));
    }

    @Test
    void a_topic_that_is_not_there_ends_it() {
        sns.next(request -> {
            throw NotFoundException.builder().message("Topic does not exist").build();
        });

        assertThatThrownBy(() -> published(Publication.to(TOPIC), 1)).isInstanceOf(NotFoundException.class);
    }

    @Test
    void what_a_call_took_is_no_longer_open_when_the_next_call_fails() throws InterruptedException {
        // given
        sns.next(ScriptedSns.failing("InternalError", false, "m2"));
        sns.next(request -> {
            throw NotFoundException.builder().message("Topic does not exist").build();
        });
        Publisher publisher = publisher(Publication.to(TOPIC));
        publisher.add(event(1, "m1"));
        publisher.add(event(2, "m2"));
        publisher.add(event(3, "m3"));

        // when
        assertThatThrownBy(publisher::flush).isInstanceOf(NotFoundException.class);

        // then
        assertThat(publisher.published()).isEqualTo(2);
        assertThat(publisher.open()).containsExactly(2);
    }

    @Test
    void what_was_taken_alone_is_no_longer_open_when_a_later_one_fails() throws InterruptedException {
        // given
        sns.next(request -> {
            throw invalid();
        });
        sns.next(ScriptedSns.failing("", false));
        sns.next(request -> {
            throw NotFoundException.builder().message("Topic does not exist").build();
        });
        Publisher publisher = publisher(Publication.to(TOPIC));
        publisher.add(event(1, "m1"));
        publisher.add(event(2, "m2"));

        // when
        assertThatThrownBy(publisher::flush).isInstanceOf(NotFoundException.class);

        // then
        assertThat(publisher.open()).containsExactly(2);
    }

    @Test
    void an_event_that_waits_behind_a_full_batch_is_open_when_that_fails() throws InterruptedException {
        // given
        sns.next(request -> {
            throw NotFoundException.builder().message("Topic does not exist").build();
        });
        Publisher publisher = publisher(Publication.to(TOPIC));
        for (int line = 1; line <= 10; line++) {
            publisher.add(event(line, "m"));
        }

        // when
        assertThatThrownBy(() -> publisher.add(event(11, "m"))).isInstanceOf(NotFoundException.class);

        // then
        assertThat(publisher.open()).hasSize(11).last().isEqualTo(11);
    }

    @ParameterizedTest
    @MethodSource("passing")
    void a_call_that_fails_as_a_whole_is_made_again_after_a_pause(SdkException failure) throws InterruptedException {
        // given
        for (int i = 0; i < 4; i++) {
            sns.next(request -> {
                throw failure;
            });
        }
        long begun = runtime.nanoTime();

        // when
        Publisher publisher = published(Publication.to(TOPIC), 2);

        // then
        assertThat(sns.batches()).hasSize(5).containsOnly(List.of("m1", "m2"));
        assertThat(publisher.published()).isEqualTo(2);
        assertThat(publisher.open()).isEmpty();
        assertThat(Duration.ofNanos(runtime.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(1));
    }

    static List<SdkException> passing() {
        return List.of(
                SdkClientException.create("nobody answers"),
                SnsException.builder().statusCode(503).build(),
                ThrottledException.builder()
                        .awsErrorDetails(AwsErrorDetails.builder()
                                .errorCode("Throttling")
                                .build())
                        .statusCode(400)
                        .build());
    }

    @Test
    void a_call_that_fails_five_times_ends_it_with_all_open() throws InterruptedException {
        // given
        for (int i = 0; i < 5; i++) {
            sns.next(request -> {
                throw SdkClientException.create("nobody answers");
            });
        }
        Publisher publisher = publisher(Publication.to(TOPIC));
        publisher.add(event(1, "m1"));

        // when
        assertThatThrownBy(publisher::flush).hasMessage("nobody answers");

        // then
        assertThat(sns.batches()).hasSize(5);
        assertThat(publisher.open()).containsExactly(1);
    }

    @Test
    void told_to_end_it_makes_no_further_call() throws InterruptedException {
        // given
        CompletableFuture<Void> stop = new CompletableFuture<>();
        Publisher publisher = new Publisher(sns, Publication.to(TOPIC), runtime, stop);
        publisher.add(event(1, "m1"));

        // when
        stop.complete(null);

        // then
        assertThatThrownBy(publisher::flush).isInstanceOf(CancellationException.class);
        assertThat(sns.batches()).isEmpty();
        assertThat(publisher.open()).containsExactly(1);
    }

    @Test
    void to_a_fifo_topic_events_go_one_after_the_other() throws InterruptedException {
        // given
        sns.next(ScriptedSns.failing("", false));
        sns.next(ScriptedSns.failing("InternalError", false, "m2"));

        // when
        published(fifo(), 3);

        // then
        assertThat(sns.batches()).containsExactly(List.of("m1"), List.of("m2"), List.of("m2"), List.of("m3"));
    }

    @Test
    void an_event_that_a_fifo_topic_never_takes_ends_it_before_what_follows() throws InterruptedException {
        // given
        for (int i = 0; i < 5; i++) {
            sns.next(ScriptedSns.failing("InternalError", false, "m1"));
        }
        Publisher publisher = publisher(fifo());
        publisher.add(event(1, "m1"));

        // when
        assertThatThrownBy(() -> publisher.add(event(2, "m2")))
                .hasMessage(
                        "SNS failed to take line 1 five times (InternalError), and what follows it must not go first");

        // then
        assertThat(sns.batches()).hasSize(5).containsOnly(List.of("m1"));
        assertThat(publisher.open()).containsExactly(1, 2);
    }

    @Test
    void to_a_fifo_topic_an_events_id_is_what_sns_knows_it_by() throws InterruptedException {
        // given
        Publisher publisher = publisher(fifo());

        // when
        publisher.add(new Line.Event(1, Optional.empty(), Optional.of("e-1"), "m"));
        publisher.flush();

        // then
        assertThat(sns.firstEntry().messageDeduplicationId()).isEqualTo("e-1");
    }

    @Test
    void an_id_that_sns_takes_for_none_is_known_by_another_that_is_always_the_same() {
        Line.Event event = new Line.Event(1, Optional.empty(), Optional.of("one two"), "m");

        assertThat(fifo().deduplicationId(event, "x"))
                .doesNotContain(" ")
                .isEqualTo(fifo().deduplicationId(event, "y"));
    }

    @Test
    void without_an_id_each_event_is_another_to_sns_and_each_try_of_it_the_same() throws InterruptedException {
        // given
        sns.next(ScriptedSns.failing("InternalError", false, "m1"));

        // when
        published(fifo(), 2);

        // then
        List<String> ids = sns.deduplicationIds();
        assertThat(ids).hasSize(3).doesNotContainNull();
        assertThat(ids.get(1)).isEqualTo(ids.get(0)).isNotEqualTo(ids.get(2));
    }

    @Test
    void what_is_invalid_of_the_topic_ends_it() throws InterruptedException {
        // given
        sns.next(request -> {
            throw InvalidParameterException.builder()
                    .awsErrorDetails(AwsErrorDetails.builder()
                            .errorCode("InvalidParameter")
                            .errorMessage("Invalid parameter: TopicArn")
                            .build())
                    .build();
        });

        // then
        assertThatThrownBy(() -> published(Publication.to(TOPIC), 3)).isInstanceOf(InvalidParameterException.class);
        assertThat(sns.batches()).hasSize(1);
    }

    @Test
    void of_fifteen_in_a_second_a_batch_takes_what_is_left() throws InterruptedException {
        // given
        long begun = runtime.nanoTime();

        // when
        published(new Publication(TOPIC, Map.of(), Optional.empty(), 15), 45);

        // then fifteen at once, and fifteen more after each second
        assertThat(sns.batches()).extracting(List::size).startsWith(10, 5, 5);
        assertThat(sns.batches().stream().mapToInt(List::size).sum()).isEqualTo(45);
        assertThat(Duration.ofNanos(runtime.nanoTime() - begun)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void what_is_published_again_counts_for_the_rate_too() throws InterruptedException {
        // given four that fail, of which SNS would take the second try after 0.2 s
        sns.next(ScriptedSns.failing("InternalError", false, "m1", "m2", "m3", "m4"));
        long begun = runtime.nanoTime();

        // when
        published(new Publication(TOPIC, Map.of(), Optional.empty(), 4), 8);

        // then they had the second second, and the rest the third
        assertThat(sns.batches())
                .containsExactly(
                        List.of("m1", "m2", "m3", "m4"),
                        List.of("m1", "m2", "m3", "m4"),
                        List.of("m5", "m6", "m7", "m8"));
        assertThat(Duration.ofNanos(runtime.nanoTime() - begun)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void with_a_rate_no_more_is_published_in_a_second() throws InterruptedException {
        // given
        long begun = runtime.nanoTime();

        // when
        published(new Publication(TOPIC, Map.of(), Optional.empty(), 4), 20);

        // then four at once, and four more after each second
        assertThat(sns.batches()).extracting(List::size).containsExactly(4, 4, 4, 4, 4);
        assertThat(Duration.ofNanos(runtime.nanoTime() - begun)).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void an_event_has_its_own_attributes_the_further_ones_and_the_group() throws InterruptedException {
        // given
        Publisher publisher = publisher(
                new Publication(TOPIC, Map.of("source", "web", "id", "mine"), Optional.of("g"), Integer.MAX_VALUE));

        // when
        publisher.add(new Line.Event(1, Optional.of("login"), Optional.of("e-1"), "m"));
        publisher.flush();

        // then
        assertThat(sns.firstEntry().messageGroupId()).isEqualTo("g");
        assertThat(sns.firstEntry().messageAttributes().entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, entry -> entry.getValue().stringValue())))
                .containsOnly(Map.entry("event", "login"), Map.entry("id", "e-1"), Map.entry("source", "web"));
    }

    private Publisher published(Publication publication, int events) throws InterruptedException {
        Publisher publisher = publisher(publication);
        for (int line : IntStream.rangeClosed(1, events).toArray()) {
            publisher.add(event(line, "m" + line));
        }
        publisher.flush();
        return publisher;
    }

    private static Publication fifo() {
        return new Publication(TOPIC + ".fifo", Map.of(), Optional.of("g"), Integer.MAX_VALUE);
    }

    private Publisher publisher(Publication publication) {
        return new Publisher(sns, publication, runtime);
    }

    private static Line.Event event(int line, String message) {
        return new Line.Event(line, Optional.empty(), Optional.empty(), message);
    }

    private static InvalidParameterValueException invalid() {
        return InvalidParameterValueException.builder()
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode("ParameterValueInvalid")
                        .errorMessage("no such type")
                        .build())
                .build();
    }
}
