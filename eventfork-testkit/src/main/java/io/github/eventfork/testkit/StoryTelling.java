package io.github.eventfork.testkit;

import io.github.eventfork.idempotency.Claim;
import io.github.eventfork.idempotency.IdempotencyStore;
import io.github.eventfork.testkit.StoreModel.When;
import io.github.eventfork.testkit.StoreStory.Call;
import io.github.eventfork.testkit.StoreStory.Move;
import io.github.eventfork.testkit.StoreStory.Pause;
import io.github.eventfork.testkit.StoreStory.Verb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells one story to a store and to the plain map, until an answer is wrong or the story is over. Used once, by one thread. */
final class StoryTelling {

    private final IdempotencyStore store;
    private final StoryClock clock;
    private final StoreModel model;
    private final String prefix;
    private final long began;
    private final long limit;
    private final List<String> lines = new ArrayList<>();

    /** Why its last line is wrong; none as long as all is well. */
    private @Nullable String wrong;

    private @Nullable Throwable thrown;

    /**
     * A story that went wrong.
     *
     * @param story its steps up to the wrong one
     * @param lines the steps in words, each with when it was and what the answer was
     * @param why what should have been
     * @param thrown what the store threw, if it did
     */
    record Failure(StoreStory story, List<String> lines, String why, Optional<Throwable> thrown) {}

    /**
     * @param prefix what keys begin with, so that stories told to one store have keys of their own
     * @param limit when the story ends, be it over or not
     */
    StoryTelling(IdempotencyStore store, StoryClock clock, Duration margin, String prefix, Duration limit) {
        this.store = store;
        this.clock = clock;
        this.model = new StoreModel(margin);
        this.prefix = prefix;
        this.began = clock.nanos();
        this.limit = limit.toNanos();
    }

    /** What went wrong, if anything did. */
    Optional<Failure> tell(StoreStory story) throws InterruptedException {
        int told = 0;
        for (Move move : story.moves()) {
            if (!happens(move)) {
                return Optional.empty();
            }
            told++;
            if (wrong != null) {
                return Optional.of(
                        new Failure(story.first(told), List.copyOf(lines), wrong, Optional.ofNullable(thrown)));
            }
        }
        return Optional.empty();
    }

    /** False if there is no time left for it. */
    private boolean happens(Move move) throws InterruptedException {
        if (move instanceof Pause pause) {
            return passed(pause.time());
        }
        Call call = (Call) move;
        Duration wait = model.untilClear(call.key(), clock.nanos());
        if (!wait.isZero() && !passed(wait)) {
            return false;
        }
        answered(call);
        return true;
    }

    private boolean passed(Duration time) throws InterruptedException {
        if (clock.nanos() - began + time.toNanos() > limit) {
            return false;
        }
        clock.pass(time);
        return true;
    }

    private void answered(Call call) {
        String token = call.verb() == Verb.CLAIM ? "" : model.token(call.key(), call.whose());
        Duration at = Duration.ofNanos(clock.nanos() - began);
        String answer;
        try {
            answer = call.verb() == Verb.CLAIM ? String.valueOf(claim(call)) : String.valueOf(end(call, token));
        } catch (RuntimeException e) {
            answer = "threw " + e.getClass().getName();
            wrong = "it should have answered";
            thrown = e;
        }
        lines.add(TimeText.clock(at) + "  " + call.carrying(token) + ": " + answer);
    }

    private @Nullable Claim claim(Call call) {
        long asked = clock.nanos();
        Claim answer = store.claim(prefix + call.key(), call.time());
        wrong = model.claimed(call.key(), call.time(), new When(asked, clock.nanos()), answer)
                .orElse(null);
        return answer;
    }

    private boolean end(Call call, String token) {
        String key = prefix + call.key();
        long asked = clock.nanos();
        boolean answer = switch (call.verb()) {
            case CLAIM -> throw new IllegalArgumentException("a claim carries no token");
            case RENEW -> store.renew(key, token, call.time());
            case COMPLETE -> store.complete(key, token, call.time());
            case RELEASE -> store.release(key, token);
        };
        wrong = model.ended(call.verb(), call.key(), token, call.time(), new When(asked, clock.nanos()), answer)
                .orElse(null);
        return answer;
    }
}
