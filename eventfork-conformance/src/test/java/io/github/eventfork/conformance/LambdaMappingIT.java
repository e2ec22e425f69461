package io.github.eventfork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.eventfork.Event;
import io.github.eventfork.Fork;
import io.github.eventfork.RetryPolicy;
import io.github.eventfork.conformance.Endpoints.Size;
import io.github.eventfork.lambda.ForkFunction;
import io.github.eventfork.lambda.Settings;
import io.github.eventfork.local.LocalAws;
import io.github.eventfork.local.lambda.EventSourceMapping;
import io.github.eventfork.local.lambda.Invocation;
import io.github.eventfork.local.lambda.Invocation.Result;
import io.github.eventfork.poller.SqsSettler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** A fork in Lambda behind an event source mapping that polls, invokes, reads the answer and deletes as AWS's does. */
class LambdaMappingIT {

    private static final LocalAws LOCAL = LocalAws.start();
    private static final Endpoints AWS = new Endpoints(LOCAL.endpoint(), LOCAL.endpoint(), LOCAL::close);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Two receives before SQS moves a message away. */
    private static final int RECEIVES = 2;

    private static final String POISON = "poison";

    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

    @AfterAll
    static void close() {
        AWS.close();
    }

    /**
     * A queue with a dead-letter queue, which shows again what failed after so many seconds: enough of them for an
     * environment that comes up slowly.
     */
    private record Queue(String name, String url, String deadLetters) {

        static Queue of(boolean fifo, int visibilityTimeout) {
            String suffix = fifo ? ".fifo" : "";
            String name = Endpoints.unique("mapped");
            String deadLetters = create(name + "-dlq" + suffix, fifo, Map.of());
            String arn = "arn:aws:sqs:us-east-1:000000000000:" + name + "-dlq" + suffix;
            String url = create(
                    name + suffix,
                    fifo,
                    Map.of(
                            QueueAttributeName.VISIBILITY_TIMEOUT,
                            Integer.toString(visibilityTimeout),
                            QueueAttributeName.REDRIVE_POLICY,
                            "{\"deadLetterTargetArn\":\"" + arn + "\",\"maxReceiveCount\":" + RECEIVES + "}"));
            return new Queue(name + suffix, url, deadLetters);
        }

        private static String create(String name, boolean fifo, Map<QueueAttributeName, String> more) {
            Map<QueueAttributeName, String> attributes = new EnumMap<>(QueueAttributeName.class);
            attributes.putAll(more);
            if (fifo) {
                attributes.put(QueueAttributeName.FIFO_QUEUE, "true");
                attributes.put(QueueAttributeName.CONTENT_BASED_DEDUPLICATION, "true");
            }
            return AWS.sqs()
                    .createQueue(request -> request.queueName(name).attributes(attributes))
                    .queueUrl();
        }

        void send(Optional<String> group, String... bodies) {
            AWS.sqs()
                    .sendMessageBatch(request -> request.queueUrl(url)
                            .entries(IntStream.range(0, bodies.length)
                                    .mapToObj(i -> SendMessageBatchRequestEntry.builder()
                                            .id(Integer.toString(i))
                                            .messageBody(bodies[i])
                                            .messageGroupId(group.orElse(null))
                                            .messageAttributes(Map.of(
                                                    "event",
                                                    MessageAttributeValue.builder()
                                                            .dataType("String")
                                                            .stringValue("signup")
                                                            .build()))
                                            .build())
                                    .toList()));
        }

        List<Message> dead() {
            return AWS.receiveAll(deadLetters);
        }

        boolean isEmpty() {
            return AWS.size(url).equals(Size.EMPTY);
        }
    }

    private Fork fork() {
        return Fork.named("mailing-list")
                .on("signup", String.class, this::handle)
                .retry(RetryPolicy.fixed(Duration.ZERO).withAttempts(RECEIVES))
                .build();
    }

    private void handle(Event<String> event) {
        seen.add(event.payload());
        if (event.payload().equals(POISON)) {
            throw new IllegalStateException("the list refuses it");
        }
    }

    /** Five seconds, of which the last is the margin. */
    private static EventSourceMapping.Builder mapping(Queue queue, Fork fork, Settings settings) {
        return EventSourceMapping.of(LOCAL, queue.name())
                .functionName("mailing-list")
                .functionTimeout(Duration.ofSeconds(5))
                .reportBatchItemFailures()
                .handler(() -> new ForkFunction(fork, settings));
    }

    /** Lets the mapping run until its queue is empty, and answers with how its invocations ended. */
    private static List<Invocation> run(Queue queue, EventSourceMapping.Builder builder) {
        EventSourceMapping mapping = builder.start();
        try (mapping) {
            await().atMost(PATIENCE).until(queue::isEmpty);
        }
        return mapping.lastInvocations();
    }

    @Test
    @Promise({1, 15})
    void what_is_handled_is_deleted() {
        // given
        Queue queue = Queue.of(false, 10);
        queue.send(Optional.empty(), bodies(10));

        // when
        List<Invocation> invocations = run(queue, mapping(queue, fork(), Settings.standard()));

        // then
        assertThat(invocations).isNotEmpty().allMatch(invocation -> invocation.result() == Result.SUCCEEDED);
        assertThat(seen).containsExactlyInAnyOrder(bodies(10));
        assertThat(queue.dead()).isEmpty();
    }

    @Test
    @Promise({1, 2, 15})
    void one_poisoned_record_of_ten_comes_back_alone_until_sqs_moves_it_to_the_dead_letter_queue() {
        // given
        Queue queue = Queue.of(false, 10);
        String[] bodies = bodies(10);
        bodies[4] = POISON;
        queue.send(Optional.empty(), bodies);

        // when
        List<Invocation> invocations = run(queue, mapping(queue, fork(), Settings.standard()));

        // then its last receive was the second one; at the next, SQS moved it
        assertThat(invocations)
                .filteredOn(invocation -> invocation.result() != Result.SUCCEEDED)
                .hasSize(2)
                .allMatch(invocation -> invocation.result() == Result.ITEMS_FAILED)
                .allMatch(invocation -> invocation.givenBack().size() == 1);
        assertThat(seen).hasSize(11).contains(bodies).filteredOn(POISON::equals).hasSize(2);
        assertThat(queue.dead()).extracting(Message::body).containsExactly(POISON);
    }

    @Test
    @Promise({1, 16})
    void with_a_settler_a_poisoned_record_is_a_dead_letter_that_says_why_and_lambda_deletes_it() {
        // given a queue that would show it again much later than the test waits
        Queue queue = Queue.of(false, 600);
        queue.send(Optional.empty(), "one", POISON, "three");

        // when
        List<Invocation> invocations;
        try (SqsSettler settler = SqsSettler.of(AWS.sqsAsync())) {
            invocations = run(queue, mapping(queue, fork(), Settings.standard().withSettler(settler)));
        }

        // then it was shown again at once, as the fork wanted, and the second time it was done with
        assertThat(invocations)
                .extracting(Invocation::result)
                .contains(Result.SUCCEEDED)
                .containsOnlyOnce(Result.ITEMS_FAILED);
        assertThat(seen).containsExactlyInAnyOrder("one", POISON, POISON, "three");
        assertThat(queue.dead())
                .singleElement()
                .satisfies(letter -> assertThat(
                                letter.messageAttributes().get("eventfork").stringValue())
                        .contains("the list refuses it"));
    }

    @Test
    @Promise({3, 15})
    void at_the_end_of_the_budget_what_is_done_stays_done_and_the_rest_comes_back() {
        // given a handler that hangs, the first time, until it is interrupted; and one behind it
        CountDownLatch never = new CountDownLatch(1);
        Fork fork = Fork.named("mailing-list")
                .on("signup", String.class, event -> {
                    seen.add(event.payload());
                    if (event.payload().equals("hangs") && event.attempt() == 1) {
                        never.await();
                    }
                })
                .build();
        Queue queue = Queue.of(true, 15);
        queue.send(Optional.of("g"), "first", "hangs", "behind");

        // when
        List<Invocation> invocations = run(queue, mapping(queue, fork, Settings.standard()));

        // then the function answered before its time was up
        assertThat(invocations.get(0).result()).isEqualTo(Result.ITEMS_FAILED);
        assertThat(invocations.get(0).givenBack()).hasSize(2);
        assertThat(invocations.subList(1, invocations.size()))
                .isNotEmpty()
                .allMatch(invocation -> invocation.result() == Result.SUCCEEDED);
        assertThat(seen).containsExactly("first", "hangs", "hangs", "behind");
    }

    @Test
    @Promise(15)
    void a_handler_that_ignores_its_interruption_costs_its_record_only() {
        // given
        CountDownLatch end = new CountDownLatch(1);
        Fork fork = Fork.named("mailing-list")
                .on("signup", String.class, event -> {
                    seen.add(event.payload());
                    if (event.payload().equals("deaf") && event.attempt() == 1) {
                        awaitUninterruptibly(end);
                    }
                })
                .build();
        Queue queue = Queue.of(false, 15);
        queue.send(Optional.empty(), "deaf", "one");

        // when
        List<Invocation> invocations;
        try {
            invocations = run(queue, mapping(queue, fork, Settings.standard().withConcurrency(10)));
        } finally {
            end.countDown();
        }

        // then
        assertThat(invocations)
                .extracting(Invocation::result)
                .contains(Result.SUCCEEDED)
                .containsOnlyOnce(Result.ITEMS_FAILED)
                .doesNotContain(Result.TIMED_OUT);
        assertThat(seen).containsExactlyInAnyOrder("deaf", "deaf", "one");
    }

    @ParameterizedTest(name = "with a settler: {0}")
    @ValueSource(booleans = {false, true})
    @Promise({6, 7})
    void a_poisoned_head_holds_its_group_in_order_and_takes_nobody_with_it(boolean withSettler) {
        // given two groups, one with a head that never works
        Queue queue = Queue.of(true, 10);
        queue.send(Optional.of("g"), POISON, "g-2", "g-3");
        queue.send(Optional.of("h"), "h-1", "h-2");

        // when
        try (SqsSettler settler = SqsSettler.of(AWS.sqsAsync())) {
            Settings settings = withSettler ? Settings.standard().withSettler(settler) : Settings.standard();
            run(queue, mapping(queue, fork(), settings));
        }

        // then
        assertThat(seen).filteredOn(body -> !body.startsWith("h")).containsExactly(POISON, POISON, "g-2", "g-3");
        assertThat(seen).filteredOn(body -> body.startsWith("h")).containsExactly("h-1", "h-2");
        assertThat(queue.dead()).extracting(Message::body).containsExactly(POISON);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException ignored) {
                // as a handler may
            }
        }
    }

    private static String[] bodies(int count) {
        return IntStream.range(0, count).mapToObj(i -> "m-" + i).toArray(String[]::new);
    }
}
