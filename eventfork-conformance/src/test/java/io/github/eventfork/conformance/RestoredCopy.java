package io.github.eventfork.conformance;

import io.github.eventfork.ForkRuntime;
import java.lang.reflect.Field;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * A program that draws chance twice from one snapshot, in a JVM of its own: before the second time, what the JVM keeps of
 * chance in this thread is what it was before the first, as in two copies that are restored from the same memory.
 */
final class RestoredCopy {

    private RestoredCopy() {}

    public static void main(String[] args) throws ReflectiveOperationException {
        Field seed = Thread.class.getDeclaredField("threadLocalRandomSeed");
        seed.setAccessible(true);
        RandomGenerator random = ForkRuntime.system().random();
        random.nextLong();
        long snapshot = seed.getLong(Thread.currentThread());
        List<Long> one = draw(random);
        seed.setLong(Thread.currentThread(), snapshot);
        List<Long> other = draw(random);
        System.out.println(one.equals(other) ? "the same: " + one : "different");
    }

    private static List<Long> draw(RandomGenerator random) {
        return Stream.generate(random::nextLong).limit(4).toList();
    }
}
