package io.github.eventfork.testkit;

import io.github.eventfork.Delivery;
import io.github.eventfork.envelope.Attributes;
import io.github.eventfork.queue.MessageQueue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A queue in memory that behaves as SQS does, in the time of a {@link VirtualRuntime}: visibility timeouts, receipts,
 * receive counts, message groups, long polls, dead letters and redrive; and that goes wrong when a test wants it to. A
 * name that ends in {@code .fifo} makes it a FIFO queue.
 *
 * <p>Thread-safe. Answers come by tasks of the runtime, never inside the call.
 *
 * <p><b>Ownership:</b> all mutable fields belong to whoever holds this object's monitor; a queue may lock its dead-letter
 * queue, never the other way round.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html">
 *     visibility timeout</a>
 */
public final class InMemoryQueue implements MessageQueue {

    private static final int MOST_BYTES = 1_048_576;
    private static final Duration LONGEST_POLL = Duration.ofSeconds(20);
    private static final Duration LONGEST_TIMEOUT = Duration.ofHours(12);
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(15);
    private static final long DEDUPLICATION = Duration.ofMinutes(5).toNanos();

    private static final List<String> NO_MESSAGE = List.of("");

    private final VirtualRuntime runtime;
    private final String name;
    private final Duration visibilityTimeout;
    private final Duration delay;
    private final Duration roundTrip;
    private final @Nullable InMemoryQueue deadLetterQueue;
    private final OptionalInt maxReceiveCount;
    private final Faults faults;
    private final QueueLog log;

    private final Backlog backlog;

    /** What decides the order of those that are sent out of order. */
    private final Random order;

    private final Deque<Poll> polls = new ArrayDeque<>();

    private final Map<String, Long> deduplicated = new HashMap<>();

    private long wakesAt = Long.MAX_VALUE;

    private long numbers;

    /** The kinds of call. */
    public enum Call {
        /** {@link MessageQueue#facts}. */
        FACTS,
        /** {@link MessageQueue#receive}. */
        RECEIVE,
        /** {@link MessageQueue#delete}; in a {@link LambdaHarness} also that of the service that invokes the function. */
        DELETE,
        /** {@link MessageQueue#changeVisibility}. */
        CHANGE_VISIBILITY,
        /** {@link MessageQueue#deadLetter}. */
        DEAD_LETTER
    }

    /**
     * A message that is in the queue, visible or not.
     *
     * @param messageId its SQS message id
     * @param from the id that it had in the queue from which it came as a dead letter, else its own
     */
    public record Item(
            String messageId,
            String from,
            String body,
            Attributes attributes,
            Optional<String> group,
            int receives,
            boolean visible) {}

    private record Poll(
            int most, Duration longPoll, BooleanSupplier wanted, CompletableFuture<List<Delivery>> answer) {}

    private InMemoryQueue(Builder builder) {
        this.runtime = builder.runtime;
        this.name = builder.name;
        this.visibilityTimeout = builder.visibilityTimeout;
        this.delay = builder.delay;
        this.roundTrip = builder.roundTrip;
        this.deadLetterQueue = builder.deadLetterQueue;
        this.maxReceiveCount = builder.maxReceiveCount;
        this.faults = new Faults(runtime.chance("faults of " + name));
        this.log = new QueueLog(runtime);
        this.order = runtime.chance("order in " + name);
        this.backlog = new Backlog(name, visibilityTimeout, maxReceiveCount.orElse(Integer.MAX_VALUE));
    }

    /** A builder for a queue of this name in the time of {@code runtime}. */
    public static Builder named(String name, VirtualRuntime runtime) {
        return new Builder(name, runtime);
    }

    // What a test does.

    /** Sends {@code message} and answers with its message id. */
    public synchronized String send(Message message) {
        return add(message, 1);
    }

    /** Sends {@code message} so that the queue hands it out twice, as a standard queue may: one id, two receipts. */
    public synchronized String sendTwice(Message message) {
        return add(message, 2);
    }

    /**
     * Sends {@code messages} in another order than this one, drawn from the seed: a standard queue keeps none, and a
     * publisher to a FIFO queue may have lost it. Answers with their message ids in the order given.
     */
    public synchronized List<String> sendOutOfOrder(Message... messages) {
        List<Message> given = Stream.of(messages)
                .map(message -> message.messageId(idOf(message)))
                .toList();
        List<Message> sent = new ArrayList<>(given);
        while (sent.size() > 1 && sent.equals(given)) {
            Collections.shuffle(sent, order);
        }
        sent.forEach(this::send);
        return given.stream().map(this::idOf).toList();
    }

    /** Moves all dead letters back, as SQS's redrive does: with new ids, and counted anew. Answers with how many. */
    public synchronized int redrive() {
        List<Stored> back = deadLetterQueue == null ? List.of() : deadLetterQueue.takeAll();
        for (Stored letter : back) {
            Stored moved = letter.moved(nextId(), now());
            moved.receives = 0;
            moved.firstReceived = null;
            backlog.add(moved);
        }
        changed();
        return back.size();
    }

    /** What is to go wrong with its calls. */
    public Faults faults() {
        return faults;
    }

    /** What was asked of it. */
    public QueueLog log() {
        return log;
    }

    /** What is in it, in order. */
    public synchronized List<Item> messages() {
        long now = now();
        return backlog.messages().stream().map(message -> item(message, now)).toList();
    }

    /** Its dead-letter queue, if it has one. */
    public Optional<InMemoryQueue> deadLetterQueue() {
        return Optional.ofNullable(deadLetterQueue);
    }

    /** Its name. */
    public String name() {
        return name;
    }

    // What a consumer does.

    @Override
    public CompletionStage<Facts> facts() {
        return call(
                Call.FACTS,
                0,
                none -> NO_MESSAGE,
                fault -> CompletableFuture.completedFuture(new Facts(
                        name,
                        visibilityTimeout,
                        maxReceiveCount,
                        deadLetterQueue().map(InMemoryQueue::name))));
    }

    @Override
    public CompletionStage<List<Delivery>> receive(int most, Duration wait) {
        return receive(most, wait, () -> true);
    }

    /** A receive that takes nothing any more once it is not {@code wanted}. */
    CompletionStage<List<Delivery>> receive(int most, Duration wait, BooleanSupplier wanted) {
        require(most >= 1 && most <= 10, "a receive is for 1 to 10 messages, not " + most);
        require(wholeSeconds(wait, LONGEST_POLL), "a poll waits whole seconds, 0 to 20, not " + wait);
        return call(Call.RECEIVE, most, none -> NO_MESSAGE, fault -> poll(most, wait, wanted));
    }

    @Override
    public CompletionStage<List<Entry>> delete(List<String> receipts) {
        return batch(Call.DELETE, receipts, this::whose, this::deleted);
    }

    @Override
    public CompletionStage<List<Entry>> changeVisibility(List<Change> changes) {
        for (Change change : changes) {
            require(
                    wholeSeconds(change.timeout(), LONGEST_TIMEOUT),
                    "a visibility timeout has whole seconds, 0 to 43,200, not " + change.timeout());
        }
        return batch(Call.CHANGE_VISIBILITY, changes, change -> whose(change.receipt()), this::hidden);
    }

    @Override
    public CompletionStage<List<Entry>> deadLetter(List<Copy> copies) {
        require(copies.stream().mapToInt(InMemoryQueue::bytes).sum() <= MOST_BYTES, "a batch has at most 1 MiB");
        return batch(Call.DEAD_LETTER, copies, copy -> copy.delivery().messageId(), this::copied);
    }

    // What a harness does that is the event source itself: no calls.

    /** Adds {@code message} and hands it out, whatever stands before it. */
    synchronized Delivery sendInHand(Message message) {
        Stored stored = message.stored(idOf(message), now());
        log.sent(stored.messageId);
        backlog.add(stored);
        Delivery delivery = backlog.handOut(stored, now(), runtime.now());
        log.handedOut(delivery);
        return delivery;
    }

    /**
     * Deletes {@code done} as one, as the service does that polls for a Lambda function. What goes wrong with {@link
     * Call#DELETE} goes wrong with this too, and nobody tries it again: what is left comes again when its time is over. An answer that is lost or late makes no
     * difference, because nobody waits for it.
     */
    void remove(List<Delivery> done) {
        if (done.isEmpty()) {
            return;
        }
        Optional<Fault> fault = faults.draw(Call.DELETE);
        fault.ifPresent(wrong -> log.wentWrong(concerned(wrong, done, Delivery::messageId), Call.DELETE, wrong));
        if (!(fault.orElse(null) instanceof Fault.Failing)) {
            answers(done, delivery -> backlog.delete(delivery.receipt(), now()), fault);
        }
    }

    // A call on its way: there, what it does, what goes wrong, and back.

    private <T> CompletionStage<T> call(
            Call call,
            int entries,
            Function<Fault, List<String>> concerned,
            Function<Optional<Fault>, CompletionStage<T>> work) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Duration way = roundTrip.dividedBy(2);
        runtime.post(way, () -> {
            log.called(call, entries);
            Optional<Fault> fault = faults.draw(call);
            fault.ifPresent(wrong -> log.wentWrong(concerned.apply(wrong), call, wrong));
            if (fault.orElse(null) instanceof Fault.Failing failing) {
                runtime.post(way, () -> answer.completeExceptionally(failing.cause()));
                return;
            }
            work.apply(fault)
                    .thenAccept(result -> runtime.post(way.plus(late(fault)), () -> {
                        if (fault.orElse(null) instanceof Fault.Lost) {
                            answer.completeExceptionally(
                                    new IllegalStateException("the answer is lost (a fault of the test)"));
                        } else {
                            answer.complete(result);
                        }
                    }));
        });
        return answer;
    }

    private static Duration late(Optional<Fault> fault) {
        return fault.orElse(null) instanceof Fault.Delayed delayed ? delayed.by() : Duration.ZERO;
    }

    private <X> CompletionStage<List<Entry>> batch(
            Call call, List<X> asked, Function<X, String> messageId, Function<X, Entry> work) {
        require(!asked.isEmpty() && asked.size() <= 10, "a batch has 1 to 10 entries, not " + asked.size());
        return call(
                call,
                asked.size(),
                fault -> concerned(fault, asked, messageId),
                fault -> CompletableFuture.completedFuture(answers(asked, work, fault)));
    }

    private static <X> List<String> concerned(Fault fault, List<X> asked, Function<X, String> messageId) {
        return IntStream.range(0, asked.size())
                .filter(index -> concerns(fault, index, asked.size()))
                .mapToObj(index -> messageId.apply(asked.get(index)))
                .toList();
    }

    private static boolean concerns(Fault fault, int index, int size) {
        if (fault instanceof Fault.Answering spoilt) {
            return spoilt.concerns(index);
        }
        return !(fault instanceof Fault.LeavingOut) || index >= answered(fault, size);
    }

    /** How many of {@code size} entries are in the answer. */
    private static int answered(@Nullable Fault fault, int size) {
        return fault instanceof Fault.LeavingOut out ? Math.max(0, size - out.count()) : size;
    }

    private synchronized <X> List<Entry> answers(List<X> asked, Function<X, Entry> work, Optional<Fault> fault) {
        List<Entry> answers = IntStream.range(0, answered(fault.orElse(null), asked.size()))
                .mapToObj(index -> fault.orElse(null) instanceof Fault.Answering spoilt && spoilt.concerns(index)
                        ? spoilt.entry()
                        : work.apply(asked.get(index)))
                .toList();
        changed();
        return answers;
    }

    private synchronized Entry deleted(String receipt) {
        Entry answer = backlog.delete(receipt, now());
        log.deleted(whose(receipt), answer);
        return answer;
    }

    private synchronized Entry hidden(Change change) {
        Entry answer = backlog.changeVisibility(change.receipt(), change.timeout(), now());
        log.changed(whose(change.receipt()), change.timeout(), answer);
        return answer;
    }

    private synchronized String whose(String receipt) {
        return String.valueOf(backlog.messageId(receipt));
    }

    private Entry copied(Copy copy) {
        Entry answer = deadLetterQueue == null ? Entry.FINAL : Entry.DONE;
        if (deadLetterQueue != null) {
            deadLetterQueue.addCopy(copy);
        }
        log.deadLettered(copy.delivery().messageId(), copy.note(), answer);
        return answer;
    }

    // Polls that wait.

    private synchronized CompletionStage<List<Delivery>> poll(int most, Duration wait, BooleanSupplier wanted) {
        Poll poll = new Poll(most, wait, wanted, new CompletableFuture<>());
        polls.add(poll);
        changed();
        if (!poll.answer.isDone()) {
            runtime.post(wait, () -> giveUp(poll));
        }
        return poll.answer;
    }

    private void giveUp(Poll poll) {
        synchronized (this) {
            if (!polls.remove(poll)) {
                return;
            }
            log.received(poll.most, poll.longPoll, List.of());
        }
        poll.answer.complete(List.of());
    }

    /** Something may have become visible: serves the polls that wait, first come first served. */
    private void changed() {
        polls.removeIf(poll -> !poll.wanted.getAsBoolean());
        while (!polls.isEmpty()) {
            Poll poll = polls.getFirst();
            List<Delivery> taken = backlog.take(poll.most, now(), runtime.now(), this::moveAway);
            taken.forEach(log::handedOut);
            if (taken.isEmpty()) {
                break;
            }
            polls.removeFirst();
            log.received(poll.most, poll.longPoll, taken);
            poll.answer.complete(taken);
        }
        if (!polls.isEmpty()) {
            OptionalLong next = backlog.nextVisible(now());
            if (next.isPresent()) {
                wakeAt(next.getAsLong());
            }
        }
    }

    private void wakeAt(long time) {
        if (time >= wakesAt) {
            return;
        }
        wakesAt = time;
        runtime.schedule(Duration.ofNanos(time - now()), () -> {
            synchronized (this) {
                wakesAt = Long.MAX_VALUE;
                changed();
            }
        });
    }

    // Messages that come and go.

    private String add(Message message, int times) {
        require(
                !name.endsWith(".fifo") || message.group().isPresent(),
                "a FIFO queue takes no message without a group: give it one by group(..)");
        String id = idOf(message);
        Stored first = message.stored(id, now() + delay.toNanos());
        if (repeated(first.deduplicationId)) {
            return id;
        }
        for (int i = 0; i < times; i++) {
            log.sent(id);
            backlog.add(i == 0 ? first : message.stored(id, first.visibleAt));
        }
        changed();
        return id;
    }

    private synchronized void addCopy(Copy copy) {
        Delivery delivery = copy.delivery();
        if (repeated(delivery.messageId())) {
            return;
        }
        Attributes attributes = copy.note()
                .map(note -> Message.with(delivery.attributes(), "eventfork", note))
                .orElse(delivery.attributes());
        backlog.add(new Stored(
                nextId(),
                delivery.messageId(),
                delivery.body(),
                attributes,
                delivery.group().orElse(""),
                delivery.messageId(),
                delivery.traceHeader().orElse(null),
                now()));
        changed();
    }

    private void moveAway(Stored message) {
        if (deadLetterQueue != null) {
            log.movedAway(message.messageId);
            deadLetterQueue.accept(message);
        }
    }

    private synchronized void accept(Stored message) {
        backlog.add(message.moved(message.messageId, now()));
        changed();
    }

    private synchronized List<Stored> takeAll() {
        return backlog.takeAll();
    }

    /** Whether a FIFO queue has seen this deduplication id within five minutes. */
    private boolean repeated(@Nullable String deduplicationId) {
        if (deduplicationId == null || !name.endsWith(".fifo")) {
            return false;
        }
        Long before = deduplicated.get(deduplicationId);
        if (before != null && now() - before < DEDUPLICATION) {
            return true;
        }
        deduplicated.put(deduplicationId, now());
        return false;
    }

    private String idOf(Message message) {
        Optional<String> own = message.messageId();
        return own.isPresent() ? own.get() : nextId();
    }

    private String nextId() {
        return "m-" + ++numbers;
    }

    private long now() {
        return runtime.nanoTime();
    }

    private static Item item(Stored message, long now) {
        return new Item(
                message.messageId,
                message.from,
                message.body,
                message.attributes,
                Optional.of(message.group).filter(group -> !group.isEmpty()),
                message.receives,
                message.visibleAt <= now);
    }

    private static int bytes(Copy copy) {
        return copy.delivery().body().getBytes(StandardCharsets.UTF_8).length
                + copy.note()
                        .map(note -> note.getBytes(StandardCharsets.UTF_8).length)
                        .orElse(0);
    }

    private static boolean within(Duration time, Duration most) {
        return !time.isNegative() && time.compareTo(most) <= 0;
    }

    private static boolean wholeSeconds(Duration time, Duration most) {
        return within(time, most) && time.toSeconds() * 1_000_000_000 == time.toNanos();
    }

    private static void require(boolean right, String otherwise) {
        if (!right) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** Collects what a queue is. Not thread-safe. */
    public static final class Builder {

        private final String name;
        private final VirtualRuntime runtime;
        private Duration visibilityTimeout = Duration.ofSeconds(30);
        private Duration delay = Duration.ZERO;
        private Duration roundTrip = Duration.ZERO;
        private @Nullable InMemoryQueue deadLetterQueue;
        private OptionalInt maxReceiveCount = OptionalInt.empty();

        private Builder(String name, VirtualRuntime runtime) {
            this.name = name;
            this.runtime = runtime;
        }

        /** How long a received message is invisible: 0 to 12 h, as SQS has it. Default: 30 s. */
        public Builder visibilityTimeout(Duration timeout) {
            require(within(timeout, LONGEST_TIMEOUT), "a visibility timeout is 0 to 12 h, was " + timeout);
            this.visibilityTimeout = timeout;
            return this;
        }

        /** Where a message goes instead of being received more often than this. Default: nowhere, ever. */
        public Builder deadLetterQueue(InMemoryQueue queue, int maxReceiveCount) {
            this.deadLetterQueue = queue;
            this.maxReceiveCount = OptionalInt.of(maxReceiveCount);
            return this;
        }

        /** How long a message is invisible after it was sent: 0 to 15 min, as SQS has it. Default: not at all. */
        public Builder delay(Duration delay) {
            require(within(delay, LONGEST_DELAY), "a queue's delay is 0 to 15 min, was " + delay);
            this.delay = delay;
            return this;
        }

        /** How long a call and its answer are on the way together: 0 to 12 h. Default: not at all. */
        public Builder roundTrip(Duration time) {
            require(within(time, LONGEST_TIMEOUT), "a round trip takes 0 to 12 h, was " + time);
            this.roundTrip = time;
            return this;
        }

        /** The queue. */
        public InMemoryQueue build() {
            return new InMemoryQueue(this);
        }
    }
}
