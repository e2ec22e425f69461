package io.github.eventfork;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Threads on which calls begin that may block. */
class CallersTest {

    /** Equal to any other, as a user's store may be: each has threads of its own nevertheless. */
    private record Owner() {}

    private final ForkRuntime runtime = ForkRuntime.system();
    private final CountDownLatch end = new CountDownLatch(1);

    @AfterEach
    void letAllEnd() {
        end.countDown();
    }

    @Test
    void calls_to_one_that_block_hold_up_no_calls_to_another() throws Exception {
        Owner blocked = new Owner();
        Executor blocking = runtime.callers(blocked, 2);
        for (int i = 0; i < 10; i++) {
            blocking.execute(this::block);
        }
        CountDownLatch called = new CountDownLatch(1);

        runtime.callers(new Owner(), 2).execute(called::countDown);

        assertThat(called.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void no_more_than_the_given_number_is_called_at_once_and_the_rest_waits_in_order() {
        Owner owner = new Owner();
        AtomicInteger blocked = new AtomicInteger();
        Queue<Integer> after = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < 2; i++) {
            runtime.callers(owner, 2).execute(() -> {
                blocked.incrementAndGet();
                block();
            });
        }
        await().until(() -> blocked.get() == 2);
        Executor single = runtime.callers(new Owner(), 1);
        CountDownLatch first = new CountDownLatch(1);
        single.execute(() -> awaitIt(first));
        for (int i = 0; i < 5; i++) {
            int number = i;
            runtime.callers(owner, 2).execute(() -> after.add(-1));
            single.execute(() -> after.add(number));
        }
        assertThat(after).isEmpty();

        first.countDown();

        await().until(() -> after.size() == 5);
        assertThat(after).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void they_are_platform_daemons() throws Exception {
        List<Thread> threads = new ArrayList<>();
        CountDownLatch called = new CountDownLatch(1);

        runtime.callers(new Owner(), 1).execute(() -> {
            threads.add(Thread.currentThread());
            called.countDown();
        });

        assertThat(called.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(threads.get(0).isDaemon()).isTrue();
        // a virtual thread is in this group of its own
        assertThat(threads.get(0).getThreadGroup().getName()).isNotEqualTo("VirtualThreads");
    }

    @Test
    void whoever_has_threads_is_not_kept_alive_by_them() {
        WeakReference<Object> owner = new WeakReference<>(new Object());
        Object held = owner.get();
        if (held != null) {
            runtime.callers(held, 1).execute(() -> {});
        }
        held = null;

        await().until(() -> {
            System.gc();
            return owner.get() == null;
        });
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
}
