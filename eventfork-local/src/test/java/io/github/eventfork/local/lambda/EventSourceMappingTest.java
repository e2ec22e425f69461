package io.github.eventfork.local.lambda;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.local.lambda.Invocation.Result;
import io.github.eventfork.local.lambda.Queues.Queue;
import io.github.eventfork.local.lambda.Queues.Size;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

class EventSourceMappingTest {

    private static final Queues QUEUES = new Queues();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SECOND = Duration.ofSeconds(1);

    @AfterAll
    static void close() {
        QUEUES.close();
    }

    /** Keeps what it was invoked with. */
    private static final class Recording implements RequestHandler<SQSEvent, SQSBatchResponse> {
        private final List<SQSEvent> events;

        Recording(List<SQSEvent> events) {
            this.events = events;
        }

        @Override
        public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
            events.add(event);
            return new SQSBatchResponse(List.of());
        }
    }

    @Test
    void a_message_becomes_an_event_of_the_handlers_own_type_and_is_deleted() {
        // given
        Queue queue = QUEUES.standard(30);
        List<SQSEvent> events = Collections.synchronizedList(new ArrayList<>());
        byte[] bytes = "\u0001bytes".getBytes(StandardCharsets.UTF_8);
        String id = QUEUES.sqs
                .sendMessage(request -> request.queueUrl(queue.url())
                        .messageBody("héllo")
                        .messageAttributes(Map.of(
                                "event",
                                MessageAttributeValue.builder()
                                        .dataType("String")
                                        .stringValue("signup")
                                        .build(),
                                "raw",
                                MessageAttributeValue.builder()
                                        .dataType("Binary")
                                        .binaryValue(SdkBytes.fromByteArray(bytes))
                                        .build())))
                .messageId();

        // when
        try (EventSourceMapping mapping = EventSourceMapping.of(QUEUES.aws, queue.name())
                .handler(() -> new Recording(events))
                .start()) {
            await().atMost(PATIENCE).until(() -> mapping.invocations() == 1);

            // then
            assertThat(mapping.lastInvocations())
                    .singleElement()
                    .satisfies(invocation -> assertThat(invocation)
                            .isEqualTo(new Invocation(
                                    invocation.requestId(), Result.SUCCEEDED, List.of(id), List.of(), "")));
        }
        SQSMessage record = events.get(0).getRecords().get(0);
        assertThat(record.getMessageId()).isEqualTo(id);
        assertThat(record.getBody()).isEqualTo("héllo");
        assertThat(record.getEventSourceArn()).isEqualTo("arn:aws:sqs:us-east-1:000000000000:" + queue.name());
        assertThat(record.getMessageAttributes().get("event").getStringValue()).isEqualTo("signup");
        assertThat(record.getMessageAttributes().get("raw").getBinaryValue().array())
                .isEqualTo(bytes);
        assertThat(QUEUES.size(queue)).isEqualTo(Size.EMPTY);
    }

    @Test
    void a_handler_that_is_a_lambda_names_its_types() {
        Queue queue = QUEUES.standard(30);
        BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
        RequestHandler<SQSEvent, String> lambda = (event, context) -> {
            bodies.add(event.getRecords().get(0).getBody());
            return "done";
        };
        QUEUES.send(queue, "one");

        try (EventSourceMapping mapping = EventSourceMapping.of(QUEUES.aws, queue.name())
                .handler(SQSEvent.class, String.class, () -> lambda)
                .start()) {
            await().atMost(PATIENCE).until(() -> mapping.invocations() == 1);
            assertThat(mapping.lastInvocations().get(0).result()).isEqualTo(Result.SUCCEEDED);
        }
        assertThat(bodies).containsExactly("one");
    }

    @Test
    void an_init_that_fails_gives_the_batch_back_and_is_tried_anew_with_the_next() {
        // given a constructor that throws at first, and one that has no types to be found
        Queue queue = QUEUES.standard(1);
        AtomicInteger made = new AtomicInteger();
        QUEUES.send(queue, "one");

        // when
        try (EventSourceMapping mapping = EventSourceMapping.of(QUEUES.aws, queue.name())
                .functionTimeout(SECOND)
                .handler(() -> switch (made.incrementAndGet()) {
                    case 1 -> throw new IllegalStateException("no configuration");
                    case 2 -> (event, context) -> "";
                    default -> new Recording(new ArrayList<>());
                })
                .start()) {
            await().atMost(PATIENCE).until(() -> mapping.invocations() == 3);

            // then
            List<Invocation> invocations = mapping.lastInvocations();
            assertThat(invocations)
                    .extracting(Invocation::result)
                    .containsExactly(Result.INIT_FAILED, Result.INIT_FAILED, Result.SUCCEEDED);
            assertThat(invocations.get(0).givenBack())
                    .isEqualTo(invocations.get(0).messageIds());
            assertThat(invocations.get(0).reason())
                    .isEqualTo("The handler could not be made with java.lang.IllegalStateException.");
        }
        assertThat(QUEUES.size(queue)).isEqualTo(Size.EMPTY);
    }

    /** Says who it is, and does as the body says. */
    private static final class Obedient implements RequestHandler<SQSEvent, SQSBatchResponse> {
        private final BlockingQueue<String> told;
        private final int number;
        private final CountDownLatch never = new CountDownLatch(1);

        Obedient(BlockingQueue<String> told, int number) {
            this.told = told;
            this.number = number;
        }

        @Override
        public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
            String body = event.getRecords().get(0).getBody();
            told.add(number + " " + body + " on " + Thread.currentThread().getName());
            switch (body) {
                case "hang" -> hang();
                case "memory" -> throw new OutOfMemoryError("as it should");
                case "flag" -> Thread.currentThread().interrupt();
                case "fail" -> throw new IllegalStateException("as it should");
                default -> {}
            }
            return new SQSBatchResponse();
        }

        private void hang() {
            try {
                never.await();
            } catch (InterruptedException e) {
                told.add(number + " interrupted");
            }
        }
    }

    @Test
    void an_environment_serves_again_unless_it_timed_out_or_crashed() {
        // given
        Queue queue = QUEUES.standard(600);
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        AtomicInteger made = new AtomicInteger();
        try (EventSourceMapping mapping = EventSourceMapping.of(QUEUES.aws, queue.name())
                .functionName("f")
                .functionTimeout(Duration.ofSeconds(2))
                .handler(() -> new Obedient(told, made.incrementAndGet()))
                .start()) {
            // when one comes after the other
            int sent = 0;
            for (String body : List.of("first", "fail", "flag", "hang", "after", "memory", "last")) {
                QUEUES.send(queue, body);
                sent++;
                long over = sent;
                await().atMost(PATIENCE).until(() -> mapping.invocations() == over);
            }
            await().atMost(PATIENCE).until(() -> told.size() == 8);

            // then
            assertThat(mapping.lastInvocations())
                    .extracting(Invocation::result)
                    .containsExactly(
                            Result.SUCCEEDED,
                            Result.FUNCTION_FAILED,
                            Result.SUCCEEDED,
                            Result.TIMED_OUT,
                            Result.SUCCEEDED,
                            Result.FUNCTION_FAILED,
                            Result.SUCCEEDED);
            assertThat(mapping.lastInvocations().get(3).reason()).isEqualTo("Task timed out after 2.00 seconds");
        }
        assertThat(told)
                .containsExactlyInAnyOrder(
                        "1 first on eventfork-local-lambda-f-1",
                        "1 fail on eventfork-local-lambda-f-1",
                        "1 flag on eventfork-local-lambda-f-1",
                        "1 hang on eventfork-local-lambda-f-1",
                        "1 interrupted",
                        "2 after on eventfork-local-lambda-f-2",
                        "2 memory on eventfork-local-lambda-f-2",
                        "3 last on eventfork-local-lambda-f-3");
        assertThat(QUEUES.size(queue)).isEqualTo(new Size(0, 3));
    }

    @Test
    void the_context_says_who_is_invoked_and_how_long_it_may_take() {
        // given
        Queue queue = QUEUES.standard(900);
        BlockingQueue<Context> contexts = new LinkedBlockingQueue<>();
        QUEUES.send(queue, "one");

        // when
        try (EventSourceMapping mapping = EventSourceMapping.of(QUEUES.aws, queue.name())
                .functionName("mailing-list")
                .functionTimeout(Duration.ofSeconds(900))
                .memorySize(512)
                .streamHandler(() -> (in, out, context) -> {
                    context.getLogger().log("told to a log");
                    contexts.add(context);
                })
                .start()) {
            await().atMost(PATIENCE).until(() -> mapping.invocations() == 1);
            assertThat(mapping.lastInvocations())
                    .extracting(Invocation::requestId)
                    .containsExactly(contexts.element().getAwsRequestId());
        }

        // then
        Context context = contexts.element();
        assertThat(context.getFunctionName()).isEqualTo("mailing-list");
        assertThat(context.getFunctionVersion()).isEqualTo("$LATEST");
        assertThat(context.getInvokedFunctionArn())
                .isEqualTo("arn:aws:lambda:us-east-1:000000000000:function:mailing-list");
        assertThat(context.getMemoryLimitInMB()).isEqualTo(512);
        assertThat(context.getLogGroupName()).isEqualTo("/aws/lambda/mailing-list");
        assertThat(context.getLogStreamName()).matches("\\d{4}/\\d\\d/\\d\\d/\\[\\$LATEST][0-9a-f]{32}");
        int remaining = context.getRemainingTimeInMillis();
        assertThat(remaining).isPositive().isLessThanOrEqualTo(900_000);
        await().atMost(PATIENCE).until(() -> context.getRemainingTimeInMillis() < remaining);
    }

    @Test
    void no_more_invocations_run_at_once_than_the_maximum_concurrency() {
        // given handlers that wait to be let go
        Queue queue = QUEUES.standard(600);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Set<Object> handlers = ConcurrentHashMap.newKeySet();
        Semaphore go = new Semaphore(0);
        QUEUES.send(queue, "1", "2", "3", "4", "5", "6");

        // when
        try (EventSourceMapping mapping = EventSourceMapping.of(QUEUES.aws, queue.name())
                .functionTimeout(Duration.ofSeconds(60))
                .batchSize(1)
                .maximumConcurrency(2)
                .streamHandler(() -> {
                    Object self = new Object();
                    return (in, out, context) -> {
                        handlers.add(self);
                        most.accumulateAndGet(running.incrementAndGet(), Math::max);
                        go.acquireUninterruptibly();
                        running.decrementAndGet();
                    };
                })
                .start()) {
            await().atMost(PATIENCE).until(() -> running.get() == 2);
            go.release(6);
            await().atMost(PATIENCE).until(() -> mapping.invocations() == 6);
        }

        // then
        assertThat(most).hasValue(2);
        assertThat(handlers).hasSize(2);
        assertThat(QUEUES.size(queue)).isEqualTo(Size.EMPTY);
    }

    /** Notes what of which group runs; fails if two of a group run at once. */
    private static final class Ordered implements RequestHandler<SQSEvent, SQSBatchResponse> {
        private final Map<String, List<String>> seen;
        private final Set<String> running;
        private final CountDownLatch bothGroups;

        Ordered(Map<String, List<String>> seen, Set<String> running, CountDownLatch bothGroups) {
            this.seen = seen;
            this.running = running;
            this.bothGroups = bothGroups;
        }

        @Override
        public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
            Set<String> groups = new HashSet<>();
            event.getRecords()
                    .forEach(record -> groups.add(record.getAttributes().get("MessageGroupId")));
            for (String group : groups) {
                assertThat(running.add(group))
                        .as("two invocations with group " + group)
                        .isTrue();
            }
            for (SQSMessage record : event.getRecords()) {
                seen.computeIfAbsent(
                                record.getAttributes().get("MessageGroupId"),
                                group -> Collections.synchronizedList(new ArrayList<>()))
                        .add(record.getBody());
            }
            bothGroups.countDown();
            try {
                assertThat(bothGroups.await(30, TimeUnit.SECONDS))
                        .as("another group runs beside it")
                        .isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            running.removeAll(groups);
            return new SQSBatchResponse();
        }
    }

    @Test
    void a_groups_messages_are_invoked_in_order_and_never_two_batches_of_a_group_at_once() {
        // given two groups, and handlers of which the first two wait for each other
        Queue queue = QUEUES.fifo(600);
        Map<String, List<String>> seen = new ConcurrentHashMap<>();
        Set<String> running = ConcurrentHashMap.newKeySet();
        CountDownLatch bothGroups = new CountDownLatch(2);
        for (int i = 0; i < 6; i++) {
            QUEUES.sendTo(queue, "a", "a" + i);
            QUEUES.sendTo(queue, "b", "b" + i);
        }

        // when
        try (EventSourceMapping mapping = EventSourceMapping.of(
                        QUEUES.aws, "arn:aws:sqs:us-east-1:000000000000:" + queue.name())
                .functionTimeout(Duration.ofSeconds(60))
                .batchSize(1)
                .handler(() -> new Ordered(seen, running, bothGroups))
                .start()) {
            await().atMost(PATIENCE).until(() -> mapping.invocations() == 12);

            // then
            assertThat(mapping.lastInvocations()).allMatch(one -> one.result() == Result.SUCCEEDED);
        }
        assertThat(seen)
                .isEqualTo(Map.of(
                        "a", List.of("a0", "a1", "a2", "a3", "a4", "a5"),
                        "b", List.of("b0", "b1", "b2", "b3", "b4", "b5")));
    }

    @Test
    void a_window_gathers_more_than_a_receive_brings_and_ends_when_the_batch_is_full() {
        // given
        Queue queue = QUEUES.standard(600);
        for (int i = 0; i < 3; i++) {
            QUEUES.send(queue, Stream.generate(() -> "x").limit(10).toArray(String[]::new));
        }

        // when the window is longer than the test waits
        try (EventSourceMapping mapping = EventSourceMapping.of(QUEUES.aws, queue.name())
                .batchSize(25)
                .batchingWindow(Duration.ofSeconds(300))
                .handler(() -> new Recording(new ArrayList<>()))
                .start()) {
            await().atMost(PATIENCE).until(() -> mapping.invocations() == 1);

            // then
            assertThat(mapping.lastInvocations().get(0).messageIds()).hasSize(25);
        }
        // and what was gathered for the next is there for others
        assertThat(QUEUES.size(queue)).isEqualTo(new Size(5, 0));
    }

    @Test
    void a_window_that_is_over_ends_the_gathering() {
        Queue queue = QUEUES.standard(600);
        List<String> sent = QUEUES.send(queue, "one", "two", "three");

        try (EventSourceMapping mapping = EventSourceMapping.of(QUEUES.aws, queue.name())
                .batchSize(1_000)
                .batchingWindow(Duration.ofSeconds(2))
                .handler(() -> new Recording(new ArrayList<>()))
                .start()) {
            await().atMost(PATIENCE).until(() -> mapping.invocations() == 1);
            assertThat(mapping.lastInvocations().get(0).messageIds()).containsExactlyInAnyOrderElementsOf(sent);
        }
    }

    @Test
    void a_message_that_comes_twice_within_a_window_is_in_the_batch_once_with_its_newer_receipt() {
        // given a message that is visible again before the window is over
        Queue queue = QUEUES.standard(2);
        try (EventSourceMapping mapping = EventSourceMapping.of(QUEUES.aws, queue.name())
                .functionTimeout(Duration.ofSeconds(2))
                .batchSize(2)
                .batchingWindow(Duration.ofSeconds(300))
                .handler(() -> new Recording(new ArrayList<>()))
                .start()) {
            String one = QUEUES.send(queue, "one").get(0);
            QUEUES.aws
                    .spy()
                    .await(PATIENCE, spy -> spy.queue(queue.name()).get(0).receiveCount() == 1);

            // when it was received again, for long
            QUEUES.sqs.setQueueAttributes(request ->
                    request.queueUrl(queue.url()).attributes(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "600")));
            Instant muchLater = Instant.now().plusSeconds(300);
            QUEUES.aws
                    .spy()
                    .await(
                            PATIENCE,
                            spy -> spy.queue(queue.name()).get(0).hiddenUntil().stream()
                                    .anyMatch(muchLater::isBefore));
            String two = QUEUES.send(queue, "two").get(0);
            await().atMost(PATIENCE).until(() -> mapping.invocations() == 1);

            // then the older receipt would have deleted nothing
            assertThat(mapping.lastInvocations().get(0).messageIds()).containsExactly(one, two);
        }
        assertThat(QUEUES.size(queue)).isEqualTo(Size.EMPTY);
    }

    @Test
    void an_event_is_no_larger_than_6_mb() {
        // given seven messages of a little less than 1 MB
        Queue queue = QUEUES.standard(600);
        for (int i = 0; i < 7; i++) {
            QUEUES.send(queue, "x".repeat(1_000_000));
        }
        List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());

        // when
        try (EventSourceMapping mapping = EventSourceMapping.of(QUEUES.aws, queue.name())
                .batchSize(100)
                .batchingWindow(Duration.ofSeconds(5))
                .functionTimeout(Duration.ofSeconds(60))
                .streamHandler(() -> (in, out, context) -> sizes.add(in.readAllBytes().length))
                .start()) {
            await().atMost(PATIENCE).until(() -> mapping.invocations() == 2);

            // then
            assertThat(mapping.lastInvocations())
                    .extracting(one -> one.messageIds().size())
                    .containsExactly(6, 1);
        }
        assertThat(sizes).allMatch(size -> size <= BatchCollector.MOST_BYTES);
        assertThat(QUEUES.size(queue)).isEqualTo(Size.EMPTY);
    }

    /** Ten of 1 MB in a group of a FIFO queue: an event holds six. */
    private static Queue tenLargeOfAGroup(int visibilityTimeout) {
        Queue queue = QUEUES.fifo(visibilityTimeout);
        for (int i = 0; i < 10; i++) {
            QUEUES.sendTo(queue, "g", i + "x".repeat(1_000_000));
        }
        return queue;
    }

    /** The first characters of the bodies. */
    private static String firsts(SQSEvent event) {
        return event.getRecords().stream()
                .map(record -> record.getBody().substring(0, 1))
                .collect(joining());
    }

    @Test
    void what_does_not_fit_into_an_event_waits_until_the_batch_of_its_group_is_done() throws Exception {
        // given
        Queue queue = tenLargeOfAGroup(600);
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch go = new CountDownLatch(1);

        // when the first invocation lasts until what is left over can be seen again
        try (EventSourceMapping mapping = EventSourceMapping.of(QUEUES.aws, queue.name())
                .functionTimeout(Duration.ofSeconds(120))
                .handler(SQSEvent.class, String.class, () -> (event, context) -> {
                    told.add("start " + firsts(event));
                    awaitUninterruptibly(go);
                    told.add("end " + firsts(event));
                    return "";
                })
                .start()) {
            await().atMost(PATIENCE).until(() -> QUEUES.size(queue).equals(new Size(4, 6)));
            go.countDown();
            await().atMost(PATIENCE).until(() -> mapping.invocations() == 2);
        }

        // then
        assertThat(told).containsExactly("start 012345", "end 012345", "start 6789", "end 6789");
    }

    @Test
    void what_did_not_fit_into_an_event_comes_again_behind_it_when_that_fails() {
        // given
        Queue queue = tenLargeOfAGroup(15);
        List<String> told = Collections.synchronizedList(new ArrayList<>());

        // when
        try (EventSourceMapping mapping = EventSourceMapping.of(QUEUES.aws, queue.name())
                .functionTimeout(Duration.ofSeconds(15))
                .handler(SQSEvent.class, String.class, () -> (event, context) -> {
                    told.add(firsts(event));
                    if (told.size() == 1) {
                        throw new IllegalStateException("the first fails");
                    }
                    return "";
                })
                .start()) {
            QUEUES.aws.spy().awaitEmpty(queue.name(), PATIENCE.multipliedBy(2));
            assertThat(mapping.lastInvocations().get(0).result()).isEqualTo(Result.FUNCTION_FAILED);
        }

        // then
        assertThat(told).first().isEqualTo("012345");
        assertThat(String.join("", told.subList(1, told.size()))).isEqualTo("0123456789");
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void close_waits_for_the_invocation_under_way_and_settles_it() throws Exception {
        // given
        Queue queue = QUEUES.standard(600);
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        QUEUES.send(queue, "one");
        EventSourceMapping mapping = EventSourceMapping.of(QUEUES.aws, queue.name())
                .functionTimeout(Duration.ofSeconds(60))
                .streamHandler(() -> (in, out, context) -> {
                    running.countDown();
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .start();
        assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();

        // when
        Thread closer = new Thread(mapping::close);
        closer.start();
        await().atMost(PATIENCE)
                .until(() ->
                        closer.getState() == Thread.State.TIMED_WAITING || closer.getState() == Thread.State.WAITING);
        go.countDown();
        closer.join(PATIENCE.toMillis());

        // then
        assertThat(closer.isAlive()).isFalse();
        assertThat(mapping.lastInvocations()).extracting(Invocation::result).containsExactly(Result.SUCCEEDED);
        assertThat(QUEUES.size(queue)).isEqualTo(Size.EMPTY);
        mapping.close();
    }

    @Test
    void an_invocation_is_settled_though_who_closes_is_interrupted() throws Exception {
        // given
        Queue queue = QUEUES.standard(600);
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        QUEUES.send(queue, "one");
        EventSourceMapping mapping = EventSourceMapping.of(QUEUES.aws, queue.name())
                .functionName("interrupted")
                .functionTimeout(Duration.ofSeconds(60))
                .streamHandler(() -> (in, out, context) -> {
                    running.countDown();
                    awaitUninterruptibly(go);
                })
                .start();
        assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();

        // when
        Thread closer = new Thread(mapping::close);
        closer.start();
        closer.interrupt();
        closer.join(PATIENCE.toMillis());
        assertThat(mapping.invocations()).isZero();
        go.countDown();

        // then
        await().atMost(PATIENCE).until(() -> mapping.invocations() == 1);
        assertThat(mapping.lastInvocations()).extracting(Invocation::result).containsExactly(Result.SUCCEEDED);
        assertThat(QUEUES.size(queue)).isEqualTo(Size.EMPTY);
        await().atMost(PATIENCE)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .noneMatch(name -> name.endsWith("-interrupted") || name.contains("-interrupted-")));
    }

    @Test
    void an_environment_that_is_given_back_after_the_end_is_thrown_away() {
        // given
        Environments environments = new Environments(
                number -> new Environment("late", number, () -> (event, context) -> event, ForkRuntime.system()));
        Environment environment = environments.take();
        CountDownLatch ran = new CountDownLatch(1);
        environment.run(ran::countDown);

        // when
        environments.close();
        environments.giveBack(environment);

        // then
        await().atMost(PATIENCE)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("eventfork-local-lambda-late-1")));
    }

    @Test
    void what_is_being_gathered_when_it_closes_is_visible_again_at_once() {
        // given
        Queue queue = QUEUES.standard(600);
        EventSourceMapping mapping = EventSourceMapping.of(QUEUES.aws, queue.name())
                .batchingWindow(Duration.ofSeconds(300))
                .handler(() -> new Recording(new ArrayList<>()))
                .start();
        QUEUES.send(queue, "one");
        await().atMost(PATIENCE).until(() -> QUEUES.size(queue).equals(new Size(0, 1)));

        // when
        mapping.close();

        // then
        assertThat(mapping.invocations()).isZero();
        assertThat(QUEUES.size(queue)).isEqualTo(new Size(1, 0));
        // and only what a function's role needs is noted, besides what this test does
        assertThat(QUEUES.aws.spy().iamActions().get("arn:aws:sqs:us-east-1:000000000000:" + queue.name()))
                .containsExactly("sqs:CreateQueue", "sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:SendMessage");
    }

    @Test
    void a_queue_that_is_not_there_or_not_of_this_account_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> recording("nowhere").start())
                .withMessage("there is no queue 'nowhere' on the local server");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        recording("arn:aws:sqs:us-east-1:123456789012:mine").start())
                .withMessage("the ARN of a queue here begins with arn:aws:sqs:us-east-1:000000000000:, "
                        + "this one was arn:aws:sqs:us-east-1:123456789012:mine");
    }

    @Test
    void what_aws_refuses_of_a_mapping_is_refused_at_the_start() {
        Queue shorter = QUEUES.standard(2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> recording(shorter.name()).start())
                .withMessage("Queue visibility timeout: 2 seconds is less than Function timeout: 3 seconds");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        recording(QUEUES.fifo(30).name()).batchingWindow(SECOND).start())
                .withMessage("Batching window is not supported for FIFO queues");
    }

    @Test
    void a_mapping_without_a_function_is_refused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> EventSourceMapping.of(QUEUES.aws, "queue").start())
                .withMessageContaining("handler(..)");
    }

    private static EventSourceMapping.Builder recording(String queue) {
        return EventSourceMapping.of(QUEUES.aws, queue).handler(() -> new Recording(new ArrayList<>()));
    }
}
