package io.github.eventfork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.eventfork.Delivery;
import io.github.eventfork.Event;
import io.github.eventfork.Fork;
import io.github.eventfork.ForkListener;
import io.github.eventfork.Health;
import io.github.eventfork.Idempotency;
import io.github.eventfork.IdempotencyKey;
import io.github.eventfork.Lease;
import io.github.eventfork.poller.SqsPoller;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** Whatever blocks somebody else's threads, leases and claims are kept: by real threads, a real client and a real server. */
@Promise({9, 12})
@Timeout(120)
class Promise12NeighboursIT {

    private static final Duration VISIBILITY = Duration.ofSeconds(4);

    /** So many renewals of a lease, and of a claim, show that it is kept: it would have run out twice. */
    private static final int RENEWALS = 3;

    /** More than threads of one store, or carriers of a machine that runs tests. */
    private static final int MANY = 40;

    @RegisterExtension
    static final TestServers SERVERS = new TestServers();

    static final CountDownLatch PINNED_END = new CountDownLatch(1);
    private static final AtomicInteger PINNED = new AtomicInteger();

    private final Endpoints aws = SERVERS.on(TestServer.EMBEDDED);
    private final CountDownLatch end = new CountDownLatch(1);

    @AfterEach
    void letAllEnd() {
        end.countDown();
    }

    @Test
    void a_client_and_a_store_that_block_all_their_threads_harm_nobody_else() throws Exception {
        try (Held held = new Held()) {
            // given a client whose credentials do not come, and pollers that call it
            BlockingCredentials credentials = new BlockingCredentials(end, 1);
            SqsAsyncClient blocked = aws.sqsAsync(credentials);
            SqsPoller one = idle(blocked);
            SqsPoller other = idle(blocked);
            await().until(() -> credentials.blocking.get() == 2);

            // and a store whose renewals do not come back, with more claims than it has threads
            WatchedStore slow = new WatchedStore(System::nanoTime).at(WatchedStore.Call.RENEW, () -> end.await());
            try (SqsPoller claiming = holding(slow)) {
                await().until(() -> slow.count(WatchedStore.Call.RENEW) >= 8);

                // then the lease and the claim of a fork beside them are renewed on and on
                held.isKept();
                assertThat(claiming.health().status()).isEqualTo(Health.Status.RUNNING);
            }
            end.countDown();
            one.close();
            other.close();
            blocked.close();
        }
    }

    @Test
    void a_listener_and_a_callback_of_a_lease_that_block_harm_their_own_fork_only() throws Exception {
        try (Held held = new Held()) {
            // given a fork that can't renew its lease, because no credentials come any more, and that is told of the
            // loss
            CountDownLatch told = new CountDownLatch(2);
            Fork fork = Fork.named("blocking")
                    .on(
                            "signup",
                            String.class,
                            event -> event.lease().onLost(() -> {
                                told.countDown();
                                block();
                            }))
                    .intercept((event, chain) -> {
                        chain.proceed();
                        end.await();
                    })
                    .listen(new ForkListener() {
                        @Override
                        public void leaseLost(Delivery delivery) {
                            told.countDown();
                            told.countDown();
                            block();
                        }
                    })
                    .build();
            SqsAsyncClient blocked = aws.sqsAsync(new BlockingCredentials(end, 2));
            SqsPoller blocking = SqsPoller.builder(fork)
                    .queue(queueOf("blocking", 1))
                    .client(blocked)
                    .visibilityTimeout(VISIBILITY)
                    .longPoll(Duration.ZERO)
                    .drainTimeout(Duration.ofSeconds(1))
                    .start();
            told.await();

            // then
            held.isKept();
            end.countDown();
            blocking.close();
            blocked.close();
        }
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "handlers have platform threads before 21")
    void handlers_that_pin_every_carrier_harm_nobody() throws Exception {
        try (Held held = new Held()) {
            // given handlers that wait in class initialisers, which pin on 25 too, on every carrier that there is
            String queue = queueOf("pinning", MANY);
            Fork fork = Fork.named("pinning")
                    .on("signup", String.class, event -> initialise())
                    .build();
            int carriers = Runtime.getRuntime().availableProcessors();
            try (SqsPoller pinning = SqsPoller.builder(fork)
                    .queue(queue)
                    .client(aws.sqsAsync())
                    .concurrency(MANY)
                    .start()) {
                await().until(() -> PINNED.get() >= carriers);

                // then
                held.isKept();
                assertThat(PINNED).as("of those that could run at once").hasValueLessThan(MANY);
                assertThat(pinning.health().status()).isEqualTo(Health.Status.RUNNING);
                PINNED_END.countDown();
            } finally {
                PINNED_END.countDown();
            }
        }
    }

    /** A message whose handler runs to the end of the test, under a lease and a claim. */
    private final class Held implements AutoCloseable {

        private final WatchedStore store = new WatchedStore(System::nanoTime);
        private final AtomicReference<Lease> lease = new AtomicReference<>();
        private final AtomicInteger extensions = new AtomicInteger();
        private final AtomicInteger runs = new AtomicInteger();
        private final CountDownLatch release = new CountDownLatch(1);
        private final SqsPoller poller;

        Held() {
            Fork fork = Fork.named("held")
                    .on("signup", String.class, this::handle)
                    .idempotency(Idempotency.in(store).by(IdempotencyKey.eventId()))
                    .build();
            poller = SqsPoller.builder(fork)
                    .queue(queueOf("held", 1))
                    .client(aws.sqsAsync())
                    .visibilityTimeout(VISIBILITY)
                    .longPoll(Duration.ZERO)
                    .start();
            await().until(() -> lease.get() != null);
        }

        private void handle(Event<String> event) throws InterruptedException {
            runs.incrementAndGet();
            event.lease().onExtended(extensions::incrementAndGet);
            lease.set(event.lease());
            release.await();
        }

        /** Both are renewed from now on as ever, and nobody else has had it. */
        void isKept() {
            int extended = extensions.get();
            int claimed = store.count(WatchedStore.Call.RENEW);
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> extensions.get() >= extended + RENEWALS
                            && store.count(WatchedStore.Call.RENEW) >= claimed + RENEWALS);
            assertThat(lease.get().lost()).isFalse();
            assertThat(runs).hasValue(1);
        }

        @Override
        public void close() {
            release.countDown();
            poller.close();
            assertThat(runs).hasValue(1);
        }
    }

    /** Answers a few times, so that a poller can start, and from then on when the test ends. */
    private static final class BlockingCredentials implements AwsCredentialsProvider {

        private final AtomicInteger asked = new AtomicInteger();
        private final AtomicInteger blocking = new AtomicInteger();
        private final CountDownLatch end;
        private final int answers;

        BlockingCredentials(CountDownLatch end, int answers) {
            this.end = end;
            this.answers = answers;
        }

        @Override
        public AwsCredentials resolveCredentials() {
            if (asked.incrementAndGet() > answers) {
                blocking.incrementAndGet();
                awaitIt(end);
            }
            return AwsBasicCredentials.create("test", "test");
        }
    }

    private SqsPoller idle(SqsAsyncClient client) {
        Fork fork = Fork.named("idle").on("signup", String.class, event -> {}).build();
        return SqsPoller.builder(fork)
                .queue(queueOf("idle", 0))
                .client(client)
                .drainTimeout(Duration.ofSeconds(1))
                .start();
    }

    /** Handlers that hold as many claims of {@code store} as it has messages. */
    private SqsPoller holding(WatchedStore store) {
        Fork fork = Fork.named("claiming")
                .on("signup", String.class, event -> end.await())
                .idempotency(Idempotency.in(store).by(IdempotencyKey.eventId()))
                .build();
        return SqsPoller.builder(fork)
                .queue(queueOf("claiming", MANY))
                .client(aws.sqsAsync())
                .concurrency(MANY)
                .visibilityTimeout(VISIBILITY)
                .longPoll(Duration.ZERO)
                .drainTimeout(Duration.ofSeconds(1))
                .start();
    }

    private String queueOf(String name, int messages) {
        String queue = aws.queue(Endpoints.unique(name));
        IntStream.range(0, messages)
                .forEach(i -> aws.sqs()
                        .sendMessage(request -> request.queueUrl(queue)
                                .messageBody("m-" + i)
                                .messageAttributes(Map.of(
                                        "event",
                                        MessageAttributeValue.builder()
                                                .dataType("String")
                                                .stringValue("signup")
                                                .build()))));
        return queue;
    }

    private void block() {
        awaitIt(end);
    }

    private static void awaitIt(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Called by each class {@link Pinning}. */
    static void pinned() {
        PINNED.incrementAndGet();
        awaitIt(PINNED_END);
    }

    /** Defines another class {@link Pinning} and initialises it. */
    private static void initialise() throws IllegalAccessException {
        try (InputStream bytes = Promise12NeighboursIT.class.getResourceAsStream("Pinning.class")) {
            MethodHandles.Lookup lookup = MethodHandles.lookup().defineHiddenClass(bytes.readAllBytes(), false);
            lookup.ensureInitialized(lookup.lookupClass());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
