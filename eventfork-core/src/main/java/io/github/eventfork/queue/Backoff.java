package io.github.eventfork.queue;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Capped exponential delays with jitter: an even draw between half of it and all of it. */
record Backoff(Duration first, Duration most) {

    /** The delay after the {@code failures}th failure in a row, from 1. */
    Duration after(int failures, RandomGenerator random) {
        long full = Math.min(most.toMillis(), first.toMillis() << Math.min(failures - 1, 30));
        return Duration.ofMillis(full - random.nextLong(full / 2 + 1));
    }
}
