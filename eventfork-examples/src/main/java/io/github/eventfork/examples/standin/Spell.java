package io.github.eventfork.examples.standin;

import java.time.Duration;
import java.util.OptionalLong;

/** A {@link Trouble} that is to come, or is there, or is over. Belongs to the stand-in that has it. */
final class Spell {

    private final Trouble trouble;
    private OptionalLong until = OptionalLong.empty();

    Spell(Trouble trouble) {
        this.trouble = trouble;
    }

    Trouble.Kind kind() {
        return trouble.kind();
    }

    /** How much of it is left at this call; none if it has not begun, or is over. */
    Duration left(long call, long nanoTime) {
        if (until.isEmpty()) {
            if (call < trouble.from()) {
                return Duration.ZERO;
            }
            until = OptionalLong.of(nanoTime + trouble.length().toNanos());
        }
        return Duration.ofNanos(Math.max(0, until.getAsLong() - nanoTime));
    }
}
