package io.github.eventfork.idempotency;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A store in this process's memory, for one process and for tests: what it knows is gone with the process. Bounded: when
 * it is full, the completed key that would expire first is forgotten early. A time of more than 73 years counts as that.
 * Thread-safe; never blocks.
 *
 * <p><b>Invariant:</b> each key stands once in {@code entries} and once in {@code places}: the completed ones first, then
 * those in progress, each by their end. Entries whose time is over are removed by the next call.
 *
 * <p><b>Ownership:</b> all fields belong to whoever holds this object's monitor.
 */
public final class InMemoryIdempotencyStore implements IdempotencyStore {

    private static final long LONGEST = Long.MAX_VALUE / 4;

    private final int most;
    private final LongSupplier nanoTime;

    private final Map<String, Entry> entries = new HashMap<>();

    private final TreeMap<Place, String> places = new TreeMap<>();

    private long numbers;

    private record Place(boolean held, long end, long number) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byHeld = Boolean.compare(held, other.held);
            int byEnd = byHeld != 0 ? byHeld : Long.signum(end - other.end);
            return byEnd != 0 ? byEnd : Long.compare(number, other.number);
        }
    }

    private record Entry(@Nullable String token, Place place) {}

    /** A store of at most 100,000 keys on the JVM's own clock. */
    public InMemoryIdempotencyStore() {
        this(100_000, System::nanoTime);
    }

    /**
     * A store of at most {@code most} keys, with {@code nanoTime} for a clock, such as that of a test.
     *
     * @throws IllegalArgumentException if {@code most} is less than 1
     */
    public InMemoryIdempotencyStore(int most, LongSupplier nanoTime) {
        if (most < 1) {
            throw new IllegalArgumentException("a store keeps at least 1 key, was " + most);
        }
        this.most = most;
        this.nanoTime = nanoTime;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if the store is full of keys in progress
     */
    @Override
    public synchronized Claim claim(String key, Duration hold) {
        long now = nanoTime.getAsLong();
        forgetWhatIsOver(now);
        Entry entry = entries.get(key);
        if (entry != null) {
            return entry.token == null
                    ? new Claim.Completed()
                    : new Claim.InProgress(Duration.ofNanos(entry.place.end - now));
        }
        makeRoom();
        String token = Long.toString(++numbers, Character.MAX_RADIX);
        put(key, token, now, hold);
        return new Claim.Acquired(token);
    }

    @Override
    public synchronized boolean renew(String key, String token, Duration hold) {
        return replace(key, token, token, hold);
    }

    @Override
    public synchronized boolean complete(String key, String token, Duration rememberFor) {
        return replace(key, token, null, rememberFor);
    }

    @Override
    public synchronized boolean release(String key, String token) {
        forgetWhatIsOver(nanoTime.getAsLong());
        if (!holds(key, token)) {
            return false;
        }
        remove(key);
        return true;
    }

    /** How many keys it keeps now. */
    public synchronized int size() {
        forgetWhatIsOver(nanoTime.getAsLong());
        return entries.size();
    }

    private boolean replace(String key, String token, @Nullable String next, Duration time) {
        long now = nanoTime.getAsLong();
        forgetWhatIsOver(now);
        if (!holds(key, token)) {
            return false;
        }
        remove(key);
        put(key, next, now, time);
        return true;
    }

    private boolean holds(String key, String token) {
        Entry entry = entries.get(key);
        return entry != null && token.equals(entry.token);
    }

    private void put(String key, @Nullable String token, long now, Duration time) {
        Place place = new Place(token != null, now + nanos(time), ++numbers);
        entries.put(key, new Entry(token, place));
        places.put(place, key);
    }

    /** What is longer than 73 years counts as that: readings of the clock wrap around, and the order of ends must not. */
    private static long nanos(Duration time) {
        return Math.max(0, Math.min(LONGEST, TimeUnit.NANOSECONDS.convert(time)));
    }

    private void remove(String key) {
        Entry entry = entries.remove(key);
        if (entry != null) {
            places.remove(entry.place);
        }
    }

    private void makeRoom() {
        while (entries.size() >= most) {
            Map.Entry<Place, String> first = places.firstEntry();
            if (first.getKey().held) {
                throw new IllegalStateException("the store is full: " + most + " keys are in progress");
            }
            remove(first.getValue());
        }
    }

    private void forgetWhatIsOver(long now) {
        forgetFrom(places.entrySet().iterator(), now);
        forgetFrom(
                places.tailMap(new Place(true, now - Long.MAX_VALUE / 2, 0))
                        .entrySet()
                        .iterator(),
                now);
    }

    /**
     * Ends come first to last, so the first that is not over ends it. A tree's entry is asked before it is removed: after
     * that it may stand for its successor.
     */
    private void forgetFrom(Iterator<Map.Entry<Place, String>> ordered, long now) {
        while (ordered.hasNext()) {
            Map.Entry<Place, String> next = ordered.next();
            if (next.getKey().end - now > 0) {
                return;
            }
            entries.remove(next.getValue());
            ordered.remove();
        }
    }
}
