package io.github.eventfork.local;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Chance, drawn from a seed for each purpose apart: what is drawn for one queue or call does not depend on how often
 * others were drawn for meanwhile.
 *
 * <p><b>Invariant:</b> with the same seed, the n-th draw of a purpose is always the same.
 *
 * <p><b>Ownership:</b> {@code byPurpose} and the generators in it belong to whoever holds this object's monitor.
 */
final class Chances {
    private final long seed;

    @GuardedBy("this")
    private final Map<String, Random> byPurpose = new HashMap<>();

    Chances(long seed) {
        this.seed = seed;
    }

    synchronized boolean happens(String purpose, double probability) {
        return of(purpose).nextDouble() < probability;
    }

    synchronized <T> void shuffle(String purpose, List<T> list) {
        Collections.shuffle(list, of(purpose));
    }

    @GuardedBy("this")
    private Random of(String purpose) {
        return byPurpose.computeIfAbsent(purpose, name -> new Random(seed * 31 + name.hashCode()));
    }

    static double checked(double probability) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("probability must be 0 to 1, was " + probability);
        }
        return probability;
    }
}
