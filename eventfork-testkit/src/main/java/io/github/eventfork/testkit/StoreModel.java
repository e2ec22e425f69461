package io.github.eventfork.testkit;

import io.github.eventfork.idempotency.Claim;
import io.github.eventfork.testkit.StoreStory.Verb;
import io.github.eventfork.testkit.StoreStory.Whose;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What an idempotency store must answer, by a plain map. It is told of each call and its answer, and says what is wrong.
 *
 * <p>When a time ends is known as well as the call that set it was quick: between its beginning plus the time, and its
 * end plus the time. A call that, because it was slow, was under way within the margin around that may be answered either
 * way, and the map follows the answer. Used by one thread; times are readings of one nanosecond clock.
 */
final class StoreModel {

    /** The token that no claim was answered with. */
    static final String NOBODYS = "no-token";

    private final long margin;
    private final Map<String, Entry> entries = new HashMap<>();
    private final List<Grant> grants = new ArrayList<>();

    private record Grant(String key, String token) {}

    /** When a call began and when it was answered. */
    record When(long began, long ended) {}

    private enum State {
        RUNS,
        OVER,
        EITHER
    }

    /** @param holder the token that holds the key; none if it is completed */
    private record Entry(Optional<String> holder, long endsAtLeast, long endsAtMost) {

        Entry(Optional<String> holder, Duration time, When when) {
            this(holder, when.began + time.toNanos(), when.ended + time.toNanos());
        }
    }

    StoreModel(Duration margin) {
        this.margin = margin.toNanos();
    }

    /** How long to wait at {@code now} so that {@code key} is called at least twice the margin off its deadline. */
    Duration untilClear(String key, long now) {
        Entry entry = entries.get(key);
        if (entry == null || now <= entry.endsAtLeast - 2 * margin) {
            return Duration.ZERO;
        }
        return Duration.ofNanos(Math.max(0, entry.endsAtMost + 2 * margin - now));
    }

    /** The token that a call on {@code key} carries; one of nobody if there is none such. */
    String token(String key, Whose whose) {
        List<String> own = grants.stream()
                .filter(grant -> grant.key.equals(key))
                .map(Grant::token)
                .toList();
        List<String> others = grants.stream()
                .filter(grant -> !grant.key.equals(key))
                .map(Grant::token)
                .toList();
        return switch (whose) {
            case THE_LAST_ONES -> lastBut(0, own);
            case A_FORMER_ONES -> lastBut(1, own);
            case ANOTHER_KEYS -> lastBut(0, others);
            case NOBODYS -> lastBut(0, List.of());
        };
    }

    private static String lastBut(int later, List<String> tokens) {
        int index = tokens.size() - 1 - later;
        return index < 0 ? NOBODYS : tokens.get(index);
    }

    /** What is wrong with the answer to a claim, if anything is. */
    Optional<String> claimed(String key, Duration hold, When when, @Nullable Claim answer) {
        Entry entry = entries.get(key);
        State state = state(entry, when);
        if (answer instanceof Claim.Acquired acquired && state != State.RUNS) {
            entries.put(key, new Entry(Optional.of(acquired.token()), hold, when));
            boolean known = grants.stream().anyMatch(grant -> grant.token.equals(acquired.token()));
            grants.add(new Grant(key, acquired.token()));
            return known ? Optional.of("two claims got the token " + acquired.token()) : Optional.empty();
        }
        if (entry == null || state == State.OVER) {
            return Optional.of("the claim should have been granted");
        }
        if (entry.holder.isEmpty()) {
            return answer instanceof Claim.Completed
                    ? Optional.empty()
                    : Optional.of("the key should have been completed");
        }
        return answer instanceof Claim.InProgress inProgress
                ? remaining(inProgress.remaining(), entry, state, when)
                : Optional.of("the key should have been in progress");
    }

    private Optional<String> remaining(Duration told, Entry entry, State state, When when) {
        long nanos = TimeUnit.NANOSECONDS.convert(told);
        long least = entry.endsAtLeast - when.ended - margin;
        long most = entry.endsAtMost - when.began + margin;
        return state == State.EITHER || (nanos > 0 && nanos >= least && nanos <= most)
                ? Optional.empty()
                : Optional.of("the key should have been in progress for another "
                        + TimeText.length(Duration.ofNanos(entry.endsAtMost - when.began)));
    }

    /** What is wrong with the answer to a call that carries {@code token}, if anything is. */
    Optional<String> ended(Verb verb, String key, String token, Duration time, When when, boolean answer) {
        Entry entry = entries.get(key);
        State state = state(entry, when);
        boolean holds = entry != null && entry.holder.equals(Optional.of(token));
        if (answer && !(holds && state != State.OVER)) {
            return Optional.of("the token does not hold the key");
        }
        if (!answer && holds && state == State.RUNS) {
            return Optional.of("the token holds the key");
        }
        if (answer && verb == Verb.RENEW) {
            entries.put(key, new Entry(Optional.of(token), time, when));
        } else if (answer && verb == Verb.COMPLETE) {
            entries.put(key, new Entry(Optional.empty(), time, when));
        } else if (answer || holds) {
            entries.remove(key);
        }
        return Optional.empty();
    }

    private State state(@Nullable Entry entry, When when) {
        if (entry == null || when.began > entry.endsAtMost + margin) {
            return State.OVER;
        }
        return when.ended < entry.endsAtLeast - margin ? State.RUNS : State.EITHER;
    }
}
