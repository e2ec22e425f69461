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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A queue in memory that behaves as SQS does, in the time of a {@link VirtualRuntime}: visibility timeouts, receipts,
 * receive counts, message groups, long polls, attempts to receive, dead letters and redrive; whose settings can be changed
 * while it is used; and that goes wrong when a test wants it to, because all its calls go by a {@link FaultyQueue}. A name
 * that ends in {@code .fifo} makes it a FIFO queue. It is not on the machine of the runtime: that may stand still, and have
 * a wrong clock.
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

    private final VirtualRuntime runtime;
    private final String name;
    private final Duration delay;
    private final QueueLog log;
    private final Watch watch = new Watch();

    /** The way by which it is called. */
    private final FaultyQueue way;

    private Duration visibilityTimeout;
    private @Nullable InMemoryQueue deadLetterQueue;
    private OptionalInt maxReceiveCount;

    /** All that are or were its dead-letter queue. */
    private final Map<String, InMemoryQueue> deadLetterQueues = new HashMap<>();

    private final Backlog backlog;

    /** What decides the order of those that are sent out of order. */
    private final Random order;

    private final Deque<Poll> polls = new ArrayDeque<>();

    private final Map<String, Long> deduplicated = new HashMap<>();

    private long wakesAt = Long.MAX_VALUE;

    private long numbers;

    /** The kinds of call. */
    public enum Call {
        /** What a client of a real service asks to learn where the queue is: {@link InMemoryQueue#lookUp}. */
        LOOK_UP,
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

    private record Poll(Receive asked, BooleanSupplier wanted, CompletableFuture<List<Delivery>> answer) {}

    private InMemoryQueue(Builder builder) {
        this.runtime = builder.runtime;
        this.name = builder.name;
        this.visibilityTimeout = builder.visibilityTimeout;
        this.delay = builder.delay;
        this.log = new QueueLog(runtime);
        this.order = runtime.chance("order in " + name);
        this.backlog = new Backlog(name, visibilityTimeout, Integer.MAX_VALUE);
        this.maxReceiveCount = OptionalInt.empty();
        this.way = new FaultyQueue(
                new Service(), runtime, builder.roundTrip, new Faults(runtime, "faults of " + name), watch);
        redriven(builder.deadLetterQueue, builder.maxReceiveCount);
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

    /** From now on this is the visibility timeout of receives that don't say their own; what is invisible stays so. */
    public synchronized void changeVisibilityTimeout(Duration timeout) {
        require(
                wholeSeconds(timeout, LONGEST_TIMEOUT),
                "a visibility timeout has whole seconds, 0 to 43,200, not " + timeout);
        visibilityTimeout = timeout;
        backlog.visibility(timeout);
    }

    /** From now on what has been received {@code maxReceiveCount} times goes to {@code queue}, a new one or the one it has. */
    public synchronized void changeDeadLetterQueue(InMemoryQueue queue, int maxReceiveCount) {
        redriven(queue, OptionalInt.of(maxReceiveCount));
    }

    /**
     * From now on what has been received so often goes to the dead-letter queue.
     *
     * @throws IllegalStateException if there is none
     */
    public synchronized void changeMaxReceiveCount(int count) {
        if (deadLetterQueue == null) {
            throw new IllegalStateException("without a dead-letter queue there is no count: changeDeadLetterQueue(..)");
        }
        redriven(deadLetterQueue, OptionalInt.of(count));
    }

    /** From now on it has no dead-letter queue; the one that it had, and what is in that, goes on to exist. */
    public synchronized void removeDeadLetterQueue() {
        redriven(null, OptionalInt.empty());
    }

    private synchronized void redriven(@Nullable InMemoryQueue queue, OptionalInt most) {
        deadLetterQueue = queue;
        maxReceiveCount = most;
        if (queue != null) {
            deadLetterQueues.put(queue.name(), queue);
        }
        backlog.maxReceiveCount(most.orElse(Integer.MAX_VALUE));
        changed();
    }

    /** What is to go wrong with its calls, whoever makes them. */
    public Faults faults() {
        return way.faults();
    }

    /**
     * It, as another consumer on another machine reaches it: at once, with nothing that goes wrong, and whether this machine
     * runs or not. What comes of its calls is in the log, they themselves are not.
     */
    public MessageQueue elsewhere() {
        return new Service();
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
    public synchronized Optional<InMemoryQueue> deadLetterQueue() {
        return Optional.ofNullable(deadLetterQueue);
    }

    /** Its name. */
    public String name() {
        return name;
    }

    // What a consumer does.

    /**
     * What a client of a real service asks before all else, to learn where the queue is. Answers with its name, and at once,
     * in no time; but it can go wrong as any call.
     */
    public CompletionStage<String> lookUp() {
        return way.lookUp(name);
    }

    @Override
    public CompletionStage<Facts> facts() {
        return way.facts();
    }

    @Override
    public CompletionStage<List<Delivery>> receive(Receive asked) {
        requireReceivable(asked);
        return way.receive(asked);
    }

    /** A receive by the service that invokes functions, which takes nothing any more once it is not {@code wanted}. */
    CompletionStage<List<Delivery>> receiveForService(Receive asked, BooleanSupplier wanted) {
        requireReceivable(asked);
        return way.callOfService(Call.RECEIVE, asked.most(), () -> poll(asked, wanted));
    }

    @Override
    public CompletionStage<List<Entry>> delete(List<String> receipts) {
        requireBatch(receipts);
        return way.delete(receipts);
    }

    @Override
    public CompletionStage<List<Entry>> changeVisibility(List<Change> changes) {
        requireBatch(changes);
        for (Change change : changes) {
            require(
                    wholeSeconds(change.timeout(), LONGEST_TIMEOUT),
                    "a visibility timeout has whole seconds, 0 to 43,200, not " + change.timeout());
        }
        return way.changeVisibility(changes);
    }

    @Override
    public CompletionStage<List<Entry>> deadLetter(List<Copy> copies) {
        requireCopies(copies);
        return way.deadLetter(copies);
    }

    /**
     * Sends copies to the queue of this name, as a client does that has learnt it once: whether it is still the dead-letter
     * queue or was. {@link MessageQueue.Entry#FINAL} if it never was.
     */
    public CompletionStage<List<Entry>> deadLetter(List<Copy> copies, String to) {
        requireCopies(copies);
        return way.copy(copies, reaching -> answered(reaching, copy -> copied(copy, deadLetterQueue(to))));
    }

    private void requireReceivable(Receive asked) {
        int most = asked.most();
        Duration wait = asked.longPoll();
        require(most >= 1 && most <= 10, "a receive is for 1 to 10 messages, not " + most);
        require(wholeSeconds(wait, LONGEST_POLL), "a poll waits whole seconds, 0 to 20, not " + wait);
        asked.visibilityTimeout()
                .ifPresent(timeout -> require(
                        wholeSeconds(timeout, LONGEST_TIMEOUT) && !timeout.isZero(),
                        "a receive asks for a visibility timeout of whole seconds, 1 to 43,200, not " + timeout));
        require(
                asked.attempt().isEmpty() || name.endsWith(".fifo"),
                "InvalidParameterValue: a standard queue knows no ReceiveRequestAttemptId, as a FIFO queue does");
    }

    private static void requireCopies(List<Copy> copies) {
        requireBatch(copies);
        require(copies.stream().mapToInt(InMemoryQueue::bytes).sum() <= MOST_BYTES, "a batch has at most 1 MiB");
    }

    private static void requireBatch(List<?> asked) {
        require(!asked.isEmpty() && asked.size() <= 10, "a batch has 1 to 10 entries, not " + asked.size());
    }

    // What a harness does that is the event source itself: no calls.

    /** Adds {@code message} and hands it out, whatever stands before it. */
    synchronized Delivery sendInHand(Message message) {
        Stored stored = message.stored(idOf(message), now());
        log.sent(stored.messageId);
        backlog.add(stored);
        Delivery delivery = backlog.handOut(stored, now(), runtime.trueNow());
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
        Optional<Fault> fault = way.faults().draw(Call.DELETE);
        fault.ifPresent(wrong -> log.wentWrong(
                FaultyQueue.concerned(wrong, done).stream()
                        .map(Delivery::messageId)
                        .toList(),
                Call.DELETE,
                wrong));
        List<Delivery> reaching = FaultyQueue.reaching(fault.orElse(Fault.none()), done);
        answered(reaching, delivery -> backlog.delete(delivery.receipt(), now()));
    }

    FaultyQueue.Watch watch() {
        return watch;
    }

    // What calls do once they are there.

    /** The queue itself, where calls arrive. */
    private final class Service implements MessageQueue {

        @Override
        public CompletionStage<Facts> facts() {
            synchronized (InMemoryQueue.this) {
                return CompletableFuture.completedFuture(new Facts(
                        name,
                        visibilityTimeout,
                        maxReceiveCount,
                        deadLetterQueue().map(InMemoryQueue::name)));
            }
        }

        @Override
        public CompletionStage<List<Delivery>> receive(Receive asked) {
            return poll(asked, () -> true);
        }

        @Override
        public CompletionStage<List<Entry>> delete(List<String> receipts) {
            return answered(receipts, InMemoryQueue.this::deleted);
        }

        @Override
        public CompletionStage<List<Entry>> changeVisibility(List<Change> changes) {
            return answered(changes, InMemoryQueue.this::hidden);
        }

        @Override
        public CompletionStage<List<Entry>> deadLetter(List<Copy> copies) {
            return answered(copies, copy -> copied(copy, deadLetterQueue()));
        }
    }

    /** Writes the log, and knows receipts. */
    private final class Watch implements FaultyQueue.Watch {

        @Override
        public void begunElsewhere(Call call) {
            log.begunElsewhere(call);
        }

        @Override
        public void called(Call call, int entries) {
            log.called(call, entries);
        }

        @Override
        public void wentWrong(List<String> messageIds, Call call, Fault fault) {
            log.wentWrong(messageIds, call, fault);
        }

        @Override
        public String whose(String receipt) {
            return InMemoryQueue.this.whose(receipt);
        }
    }

    private synchronized <X> CompletionStage<List<Entry>> answered(List<X> asked, Function<X, Entry> work) {
        List<Entry> answers = asked.stream().map(work).toList();
        changed();
        return CompletableFuture.completedFuture(answers);
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

    private synchronized Optional<InMemoryQueue> deadLetterQueue(String named) {
        return Optional.ofNullable(deadLetterQueues.get(named));
    }

    private Entry copied(Copy copy, Optional<InMemoryQueue> to) {
        Entry answer = to.isEmpty() ? Entry.FINAL : Entry.DONE;
        to.ifPresent(queue -> queue.addCopy(copy));
        log.deadLettered(copy.delivery().messageId(), copy.note(), answer);
        return answer;
    }

    // Polls that wait.

    private synchronized CompletionStage<List<Delivery>> poll(Receive asked, BooleanSupplier wanted) {
        List<Delivery> again = backlog.again(asked, now());
        if (!again.isEmpty()) {
            again.forEach(log::handedOutAgain);
            log.received(asked, again);
            return CompletableFuture.completedFuture(again);
        }
        Poll poll = new Poll(asked, wanted, new CompletableFuture<>());
        polls.add(poll);
        changed();
        if (!poll.answer.isDone()) {
            runtime.elsewhere(asked.longPoll(), () -> giveUp(poll));
        }
        return poll.answer;
    }

    private void giveUp(Poll poll) {
        synchronized (this) {
            if (!polls.remove(poll)) {
                return;
            }
            log.received(poll.asked, List.of());
        }
        poll.answer.complete(List.of());
    }

    /** Something may have become visible: serves the polls that wait, first come first served. */
    private void changed() {
        polls.removeIf(poll -> !poll.wanted.getAsBoolean());
        while (!polls.isEmpty()) {
            Poll poll = polls.getFirst();
            List<Delivery> taken = backlog.take(poll.asked, now(), runtime.trueNow(), this::moveAway);
            taken.forEach(log::handedOut);
            if (taken.isEmpty()) {
                break;
            }
            polls.removeFirst();
            log.received(poll.asked, taken);
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
        runtime.elsewhere(Duration.ofNanos(time - now()), () -> {
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
                .map(note -> Message.with(copy.attributes(), Attributes.NOTE, note))
                .orElse(copy.attributes());
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
        return runtime.trueNanoTime();
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
