package io.github.eventfork.examples.run;

import io.github.eventfork.ForkRuntime;
import io.github.eventfork.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
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
 * <a href="https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html">SNS</a> takes them. What SNS fails to take,
 * be it an event or a whole call, is published again after growing pauses, five times in all. What it refuses is
 * remembered, and the rest goes on. To a FIFO topic events go one at a time, so that none overtakes one that failed. For
 * one thread.
 */
public final class Publisher {

    private static final int MOST_ENTRIES = 10;
    private static final RetryPolicy RETRY = RetryPolicy.exponential(Duration.ofMillis(200), Duration.ofSeconds(5))
            .withJitter()
            .withAttempts(5);

    /** What SNS calls invalid that all events have in common: trying each alone would refuse each. */
    private static final Pattern OF_THE_TOPIC =
            Pattern.compile("TopicArn|MessageGroupId|MessageDeduplicationId|FIFO topic|[Tt]he topic ");

    private final SnsClient sns;
    private final Publication publication;
    private final ForkRuntime runtime;
    private final CompletableFuture<Void> stop;
    private final Rate rate;

    /** Of this publisher alone: makes deduplication ids of events that have no id. */
    private final String run;

    /** What was added, and SNS has neither taken nor refused. */
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
        this(sns, publication, runtime, new CompletableFuture<>());
    }

    /** The same, but it ends early once {@code stop} is completed. */
    public Publisher(SnsClient sns, Publication publication, ForkRuntime runtime, CompletableFuture<Void> stop) {
        this.sns = sns;
        this.publication = publication;
        this.runtime = runtime;
        this.stop = stop;
        this.rate = new Rate(publication.perSecond(), runtime, stop);
        this.run = Long.toHexString(runtime.random().nextLong());
    }

    /**
     * Takes {@code event} into the next batch; says whether the one before was full, and has been published. After an
     * exception nothing more is to be added; {@link #open()} tells what it left.
     *
     * @throws SdkException if SNS takes nothing at all, for example because there is no such topic, or it failed five
     *     times
     * @throws CancellationException if it is told to end
     * @throws IllegalStateException if a FIFO topic failed to take an event five times: what follows it must not go first
     */
    public boolean add(Line.Event event) throws InterruptedException {
        int bytes = event.bytes(publication.attributesOf(event));
        if (bytes > EventFile.MOST_BYTES) {
            refused.add(new Refused(event.number(), EventFile.TOO_LONG));
            return false;
        }
        boolean full = batch.size() == mostEntries() || batchBytes + bytes > EventFile.MOST_BYTES;
        // before anything can fail, so that it is among what is open
        batch.add(event);
        if (full) {
            publishFirst(batch.size() - 1);
            batchBytes = 0;
        }
        batchBytes += bytes;
        return full;
    }

    /**
     * Publishes what was added.
     *
     * @throws SdkException as {@link #add}
     * @throws CancellationException as {@link #add}
     * @throws IllegalStateException as {@link #add}
     */
    public void flush() throws InterruptedException {
        publishFirst(batch.size());
        batchBytes = 0;
    }

    /** How many events SNS has taken. */
    public long published() {
        return published;
    }

    /** The lines of what was added and SNS has neither taken, as far as it said, nor refused; in order. */
    public List<Integer> open() {
        return batch.stream().map(Line.Event::number).toList();
    }

    /** Which events SNS did not take, as far as that is known. */
    public List<Refused> refused() {
        return List.copyOf(refused);
    }

    private int mostEntries() {
        return publication.isFifo() ? 1 : Math.min(MOST_ENTRIES, publication.perSecond());
    }

    private void publishFirst(int events) throws InterruptedException {
        int kept = batch.size() - events;
        while (batch.size() > kept) {
            int now = rate.room(batch.size() - kept);
            publish(List.copyOf(batch.subList(0, now)));
        }
    }

    private void publish(List<Line.Event> events) throws InterruptedException {
        List<Line.Event> left = events;
        for (int attempt = 1; !left.isEmpty(); attempt++) {
            if (stop.isDone()) {
                throw new CancellationException("it was told to end");
            }
            rate.take(left.size());
            RuntimeException why = new IllegalStateException("not taken");
            try {
                left = publishOnce(left, attempt);
            } catch (InvalidParameterException
                    | InvalidParameterValueException
                    | ValidationException
                    | BatchRequestTooLongException e) {
                publishOneByOne(left, e);
                return;
            } catch (SdkException e) {
                if (attempt == RETRY.attempts() || !mayPass(e)) {
                    throw e;
                }
                why = e;
            }
            if (!left.isEmpty()) {
                rate.pause(RETRY.delayAfter(attempt, why, runtime.random()));
            }
        }
    }

    /** Whether the next call may fare better. */
    private static boolean mayPass(SdkException failure) {
        return failure instanceof SdkServiceException service
                ? service.isThrottlingException() || service.statusCode() >= 500
                : failure instanceof SdkClientException && !(failure instanceof AbortedException);
    }

    /** What is wrong with one event fails the whole batch, and SNS does not say which one it is. */
    private void publishOneByOne(List<Line.Event> events, SnsException why) throws InterruptedException {
        String said = Optional.ofNullable(why.awsErrorDetails())
                .map(details -> Objects.requireNonNullElse(details.errorMessage(), details.errorCode()))
                .orElse("it is invalid");
        if (why instanceof InvalidParameterException
                && OF_THE_TOPIC.matcher(said).find()) {
            throw why;
        }
        if (events.size() == 1) {
            refuse(events.get(0), said);
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
        Map<String, BatchResultErrorEntry> failed =
                answer.failed().stream().collect(Collectors.toMap(BatchResultErrorEntry::id, entry -> entry));
        List<Line.Event> again = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            Line.Event event = events.get(i);
            BatchResultErrorEntry failure = failed.get(Integer.toString(i));
            boolean sendersFault = failure != null && failure.senderFault();
            if (taken.contains(Integer.toString(i))) {
                published++;
                batch.remove(event);
            } else if (!sendersFault && attempt < RETRY.attempts()) {
                again.add(event);
            } else if (!sendersFault && publication.isFifo()) {
                throw new IllegalStateException("SNS failed to take line " + event.number() + " five times ("
                        + why(failure) + "), and what follows it must not go first");
            } else {
                refuse(event, why(failure));
            }
        }
        return again;
    }

    private void refuse(Line.Event event, String why) {
        batch.remove(event);
        refused.add(new Refused(event.number(), why));
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
                    .messageDeduplicationId(publication.isFifo() ? publication.deduplicationId(event, run) : null)
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
