package io.github.eventfork;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.WeakReference;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * The real world: one timer thread, and handlers on virtual threads from Java 21 on, else on kept platform threads. None of
 * its threads inherits anything of the thread that happened to make it: neither inheritable thread locals nor its context
 * class loader, which would be that of the first to use this JVM's one runtime.
 */
final class SystemRuntime implements ForkRuntime {

    static final SystemRuntime INSTANCE = new SystemRuntime();

    private static final String HANDLER = "eventfork-handler-";

    private static final RandomGenerator CHANCE = () -> Chance.SOURCE.nextLong();

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, daemons("eventfork-timer-"));
    private final Executor handlers = handlerThreads();
    private final Callers callers = new Callers(SystemRuntime::callerThreads);

    private static final ThreadFactory CALLERS = daemons("eventfork-caller-");

    /**
     * The operating system's chance, looked for when it is first drawn: after a failure. What is seeded in the process is
     * seeded before the snapshot from which <a
     * href="https://docs.aws.amazon.com/lambda/latest/dg/snapstart-uniqueness.html">SnapStart</a> makes all its copies, and
     * these would wait for the same time and come back together.
     */
    private static final class Chance {
        static final SecureRandom SOURCE = new SecureRandom();

        private Chance() {}
    }

    private SystemRuntime() {
        timer.setRemoveOnCancelPolicy(true);
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public RandomGenerator random() {
        return CHANCE;
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        Future<?> scheduled = timer.schedule(task, TimeUnit.NANOSECONDS.convert(delay), TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    @Override
    public <T> T await(CompletionStage<T> stage, Duration atMost)
            throws TimeoutException, ExecutionException, InterruptedException {
        return stage.toCompletableFuture().get(TimeUnit.NANOSECONDS.convert(atMost), TimeUnit.NANOSECONDS);
    }

    @Override
    public Executor handlers() {
        return handlers;
    }

    @Override
    public Executor callers(Object of, int most) {
        return callers.of(of, most);
    }

    @Override
    public Cancellable keepAlive(String name) {
        CountDownLatch over = new CountDownLatch(1);
        Thread thread = ownThread(
                () -> {
                    try {
                        over.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                name);
        thread.setDaemon(false);
        thread.start();
        return over::countDown;
    }

    @Override
    public Cancellable onExit(String name, Runnable task) {
        Thread hook = ownThread(task, name);
        Runtime.getRuntime().addShutdownHook(hook);
        return () -> {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException alreadyExiting) {
                // the hook is running or about to: it stays, and what it calls is idempotent
                return;
            }
        };
    }

    private static Executor handlerThreads() {
        if (Runtime.version().feature() >= 21) {
            ThreadFactory virtual = virtualThreads();
            return task -> virtual.newThread(task).start();
        }
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, 60, TimeUnit.SECONDS, new SynchronousQueue<>(), daemons(HANDLER));
    }

    /** In the context of whoever asked for them first; as long as that is held by others, its class loader is theirs. */
    private static Executor callerThreads(int most) {
        WeakReference<ClassLoader> context =
                new WeakReference<>(Thread.currentThread().getContextClassLoader());
        ThreadFactory inContext = task -> {
            Thread thread = CALLERS.newThread(task);
            ClassLoader loader = context.get();
            if (loader != null) {
                thread.setContextClassLoader(loader);
            }
            return thread;
        };
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(most, most, 60, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), inContext);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /**
     * {@code Thread.ofVirtual().name(HANDLER, 0).inheritInheritableThreadLocals(false).factory()}, by name because the
     * bytecode is Java 17's.
     */
    private static ThreadFactory virtualThreads() {
        try {
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            Class<?> builder = Class.forName("java.lang.Thread$Builder");
            Class<?> virtual = Class.forName("java.lang.Thread$Builder$OfVirtual");
            MethodHandle ofVirtual = lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(virtual));
            MethodHandle name =
                    lookup.findVirtual(virtual, "name", MethodType.methodType(virtual, String.class, long.class));
            MethodHandle inherit = lookup.findVirtual(
                    virtual, "inheritInheritableThreadLocals", MethodType.methodType(virtual, boolean.class));
            MethodHandle factory = lookup.findVirtual(builder, "factory", MethodType.methodType(ThreadFactory.class));
            return (ThreadFactory) factory.invoke(inherit.invoke(name.invoke(ofVirtual.invoke(), HANDLER, 0L), false));
        } catch (Throwable e) {
            throw new IllegalStateException("Java " + Runtime.version() + " without virtual threads", e);
        }
    }

    private static ThreadFactory daemons(String prefix) {
        AtomicLong number = new AtomicLong();
        return task -> {
            Thread thread = ownThread(task, prefix + number.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        };
    }

    private static Thread ownThread(Runnable task, String name) {
        Thread thread = new Thread(null, task, name, 0, false);
        thread.setContextClassLoader(SystemRuntime.class.getClassLoader());
        return thread;
    }
}
