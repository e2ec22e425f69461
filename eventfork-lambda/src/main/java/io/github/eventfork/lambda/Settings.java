package io.github.eventfork.lambda;

import io.github.eventfork.ForkRuntime;
import io.github.eventfork.Settler;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link ForkFunction} runs its fork. Immutable: each {@code with...} returns a changed copy. Null is refused.
 *
 * <pre>{@code
 * super(Forks.mailingList(), Settings.standard().withConcurrency(10));
 * }</pre>
 */
public final class Settings {

    /** The largest batch that an event source mapping hands out. */
    private static final int MOST = 10_000;

    /** The longest that a function may run. */
    private static final Duration LONGEST = Duration.ofMinutes(15);

    private static final Settings STANDARD = new Settings(1, Duration.ofSeconds(1), null, ForkRuntime.system());

    private final int concurrency;
    private final Duration margin;
    private final @Nullable Settler settler;
    private final ForkRuntime runtime;

    private Settings(int concurrency, Duration margin, @Nullable Settler settler, ForkRuntime runtime) {
        this.concurrency = concurrency;
        this.margin = margin;
        this.settler = settler;
        this.runtime = runtime;
    }

    /** Records in sequence, a margin of one second, no settler, the system's runtime. */
    public static Settings standard() {
        return STANDARD;
    }

    /**
     * How many records of one invocation are handled at once. On a FIFO queue a message group is in order all the same.
     * Default: 1, in sequence.
     *
     * @param concurrency 1 to 10,000, the largest <a
     *     href="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html">batch</a>
     * @throws IllegalArgumentException if {@code concurrency} is none of these
     */
    public Settings withConcurrency(int concurrency) {
        if (concurrency < 1 || concurrency > MOST) {
            throw new IllegalArgumentException("concurrency must be 1 to " + MOST + ", was " + concurrency);
        }
        return new Settings(concurrency, margin, settler, runtime);
    }

    /**
     * How much of an invocation's time is kept back to interrupt handlers, to settle and to answer. A record that has
     * not started when only this is left is reported, and so is one whose handler does not end then. An invocation that
     * has no more time than this starts nothing. Default: one second.
     *
     * @param margin more than zero and less than the 15 minutes that a function may run
     * @throws IllegalArgumentException if {@code margin} is none of these
     */
    public Settings withMargin(Duration margin) {
        if (margin.isZero() || margin.isNegative() || margin.compareTo(LONGEST) >= 0) {
            throw new IllegalArgumentException("margin must be more than zero and less than 15 minutes, was " + margin);
        }
        return new Settings(concurrency, margin, settler, runtime);
    }

    /**
     * Who carries out retry delays and dead letters. It sees no {@link io.github.eventfork.Settlement.Acknowledge}: the
     * function's answer acknowledges. Default: nobody; then the queue's visibility timeout and redrive policy decide.
     */
    public Settings withSettler(Settler settler) {
        return new Settings(concurrency, margin, Objects.requireNonNull(settler, "settler"), runtime);
    }

    /** Where time and threads come from. Default: {@link ForkRuntime#system()}. */
    public Settings withRuntime(ForkRuntime runtime) {
        return new Settings(concurrency, margin, settler, Objects.requireNonNull(runtime, "runtime"));
    }

    int concurrency() {
        return concurrency;
    }

    Duration margin() {
        return margin;
    }

    Optional<Settler> settler() {
        return Optional.ofNullable(settler);
    }

    ForkRuntime runtime() {
        return runtime;
    }

    @Override
    public String toString() {
        return "Settings[concurrency " + concurrency + ", margin " + margin
                + (settler == null ? ", no settler]" : ", with a settler]");
    }
}
