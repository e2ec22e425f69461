package io.github.eventfork.examples.run;

import io.github.eventfork.ForkRuntime;
import io.github.eventfork.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.BatchRequestTooLongException;
import software.amazon.awssdk.services.sns.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sns.model.InvalidParameterException;
import software.amazon.awssdk.services.sns.model.InvalidParameterValueException;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.PublishBatchResponse;
import software.amazon.awssdk.services.sns.model.PublishBatchResultEntry;
import software.amazon.awssdk.services.sns.model.SnsException;
import software.amazon.awssdk.services.sns.model.ValidationException;

/**
 * Publishes events in batches of up to 10 events and 256 KiB, as
 * <a href="https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html">SNS</a> takes them. What SNS fails to take
 * is published again after growing pauses, five times in all. What it refuses is remembered, and the rest goes on. For
 * one thread.
 */
public final class Publisher {

    private static final int MOST_ENTRIES = 10;
    private static final RetryPolicy RETRY = RetryPolicy.exponential(Duration.ofMillis(200), Duration.ofSeconds(5))
            .withJitter()
            .withAttempts(5);

    private final SnsClient sns;
    private final Publication publication;
    private final ForkRuntime runtime;
    private final Rate rate;
    private final List<Line.Event> batch = new ArrayList<>();
    private final List<Refused> refused = new ArrayList<>();
    private int batchBytes;
    private long published;

    /**
     * An event that SNS did not take.
     *
     * @param line its line
     * @param why what SNS said, or what it would say
     */
    public record Refused(int line, String why) {}

    /** Publishes as {@code publication} says. The client stays the caller's to close. */
    public Publisher(SnsClient sns, Publication publication, ForkRuntime runtime) {
        this.sns = sns;
        this.publication = publication;
        this.runtime = runtime;
        this.rate = new Rate(publication.perSecond(), runtime);
    }

    /**
     * Takes {@code event} into the next batch; says whether the one before was full, and has been published.
     *
     * @throws SnsException if SNS takes nothing at all, for example because there is no such topic
     */
    public boolean add(Line.Event event) throws InterruptedException {
        int bytes = event.bytes(publication.attributesOf(event));
        if (bytes > EventFile.MOST_BYTES) {
            refused.add(new Refused(event.number(), EventFile.TOO_LONG));
            return false;
        }
        boolean full = batch.size() == Math.min(MOST_ENTRIES, publication.perSecond())
                || batchBytes + bytes > EventFile.MOST_BYTES;
        if (full) {
            flush();
        }
        batchBytes += bytes;
        batch.add(event);
        return full;
    }

    /**
     * Publishes what was added.
     *
     * @throws SnsException as {@link #add}
     */
    public void flush() throws InterruptedException {
        if (batch.isEmpty()) {
            return;
        }
        rate.await(batch.size());
        publish(List.copyOf(batch));
        batch.clear();
        batchBytes = 0;
    }

    /** How many events SNS has taken. */
    public long published() {
        return published;
    }

    /** The first line of what was added and is not published yet; empty if nothing is. */
    public OptionalInt waitingFrom() {
        return batch.stream().mapToInt(Line.Event::number).findFirst();
    }

    /** Which events SNS did not take, as far as that is known. */
    public List<Refused> refused() {
        return List.copyOf(refused);
    }

    private void publish(List<Line.Event> events) throws InterruptedException {
        List<Line.Event> left = events;
        for (int attempt = 1; !left.isEmpty(); attempt++) {
            try {
                left = publishOnce(left, attempt);
            } catch (InvalidParameterException
                    | InvalidParameterValueException
                    | ValidationException
                    | BatchRequestTooLongException e) {
                publishOneByOne(left, e);
                return;
            }
            if (!left.isEmpty()) {
                Rate.pause(
                        runtime, RETRY.delayAfter(attempt, new IllegalStateException("not taken"), runtime.random()));
            }
        }
    }

    /** What is wrong with one event fails the whole batch, and SNS does not say which one it is. */
    private void publishOneByOne(List<Line.Event> events, SnsException why) throws InterruptedException {
        if (events.size() == 1) {
            String said = Optional.ofNullable(why.awsErrorDetails().errorMessage())
                    .orElse(why.awsErrorDetails().errorCode());
            refused.add(new Refused(events.get(0).number(), said));
            return;
        }
        for (Line.Event event : events) {
            publish(List.of(event));
        }
    }

    /** Answers with those that are to be tried again. An event that SNS says nothing of is one of them. */
    private List<Line.Event> publishOnce(List<Line.Event> events, int attempt) {
        PublishBatchResponse answer = sns.publishBatch(
                request -> request.topicArn(publication.topicArn()).publishBatchRequestEntries(entries(events)));
        Set<String> taken =
                answer.successful().stream().map(PublishBatchResultEntry::id).collect(Collectors.toSet());
        published += taken.size();
        Map<String, BatchResultErrorEntry> failed =
                answer.failed().stream().collect(Collectors.toMap(BatchResultErrorEntry::id, entry -> entry));
        List<Line.Event> again = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            String id = Integer.toString(i);
            BatchResultErrorEntry failure = failed.get(id);
            if (taken.contains(id)) {
                continue;
            }
            if (attempt < RETRY.attempts() && (failure == null || !failure.senderFault())) {
                again.add(events.get(i));
            } else {
                refused.add(new Refused(events.get(i).number(), why(failure)));
            }
        }
        return again;
    }

    private static String why(@Nullable BatchResultErrorEntry failure) {
        return failure == null
                ? "SNS did not say what became of it"
                : failure.code()
                        + Optional.ofNullable(failure.message())
                                .map(text -> ": " + text)
                                .orElse("");
    }

    private List<PublishBatchRequestEntry> entries(List<Line.Event> events) {
        List<PublishBatchRequestEntry> entries = new ArrayList<>();
        for (Line.Event event : events) {
            entries.add(PublishBatchRequestEntry.builder()
                    .id(Integer.toString(entries.size()))
                    .message(event.message())
                    .messageAttributes(attributes(event))
                    .messageGroupId(publication.group().orElse(null))
                    .build());
        }
        return entries;
    }

    private Map<String, MessageAttributeValue> attributes(Line.Event event) {
        Map<String, MessageAttributeValue> values = new LinkedHashMap<>();
        publication
                .attributesOf(event)
                .forEach((name, value) -> values.put(
                        name,
                        MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue(value)
                                .build()));
        return values;
    }
}
