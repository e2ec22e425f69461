package io.github.eventfork.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.util.stream.LongStream;

/**
 * What a run of so many messages cost: elapsed time, processor time of the whole process (compiler and collector included),
 * and bytes that its threads allocated.
 */
record Cost(long messages, double seconds, double cpuSeconds, double bytes) {

    double perSecond() {
        return messages / seconds;
    }

    double cpuMicros() {
        return cpuSeconds * 1e6 / messages;
    }

    double bytesEach() {
        return bytes / messages;
    }

    /** What the process has used so far. */
    static final class Meter {

        private static final OperatingSystemMXBean PROCESS =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

        private final long time = System.nanoTime();
        private final long cpu = PROCESS.getProcessCpuTime();
        private final long bytes = allocated();

        /** What was used since this meter was made. */
        Cost of(long messages) {
            long ended = System.nanoTime();
            return new Cost(
                    messages,
                    (ended - time) / 1e9,
                    (PROCESS.getProcessCpuTime() - cpu) / 1e9,
                    (double) allocated() - bytes);
        }

        /** Before Java 21 of the threads that live: the engine's do, for a minute. */
        private static long allocated() {
            if (Runtime.version().feature() < 21) {
                return LongStream.of(THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds()))
                        .filter(each -> each > 0)
                        .sum();
            }
            try {
                return (long) ThreadMXBean.class
                        .getMethod("getTotalThreadAllocatedBytes")
                        .invoke(THREADS);
            } catch (IllegalAccessException | NoSuchMethodException | InvocationTargetException e) {
                throw new IllegalStateException("Java " + Runtime.version() + " without a count of allocations", e);
            }
        }
    }
}
