package io.github.eventfork.testkit;

import io.github.eventfork.testkit.StoryTelling.Failure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Random stories by seed, and the shortest form of one that goes wrong. Holds no state. */
final class StoreStories {

    /** Shorter forms are looked for no longer than this; each costs the time of a story. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private StoreStories() {}

    /**
     * Tells stories of the seeds from {@code seed} on.
     *
     * @param again how to tell the failing one again, before its seed
     * @throws AssertionError if one goes wrong, with the shortest form of it that was found
     */
    static void check(StoryStage stage, long seed, int stories, int length, String again) throws InterruptedException {
        List<StoreStory> all = LongStream.range(seed, seed + stories)
                .mapToObj(each -> StoreStory.of(each, length, stage.margin()))
                .toList();
        Optional<Failure> failure = stage.firstFailing(all);
        if (failure.isPresent()) {
            Failure shortest = shortest(failure.get(), stage);
            throw new AssertionError(
                    text(failure.get(), shortest, again), shortest.thrown().orElse(null));
        }
    }

    private static String text(Failure first, Failure shortest, String again) {
        long seed = first.story().seed();
        return "The random story of seed " + seed + " goes wrong after "
                + first.lines().size() + " calls. So does this much of it:\n"
                + String.join("\n", shortest.lines()) + ", but " + shortest.why()
                + "\nTo tell it again: " + again + seed + ")";
    }

    /**
     * Leaves steps out as long as the story still goes wrong, be it in another way: halves first, then quarters and so on down
     * to single steps.
     */
    static Failure shortest(Failure first, StoryStage stage) throws InterruptedException {
        Failure shortest = first;
        long began = System.nanoTime();
        int parts = 2;
        while (parts <= shortest.story().moves().size() && System.nanoTime() - began < PATIENCE.toNanos()) {
            Optional<Failure> shorter = stage.firstFailing(withoutAPart(shortest.story(), parts));
            int size = shorter.orElse(shortest).story().moves().size();
            if (shorter.isPresent()) {
                parts = Math.max(2, Math.min(parts - 1, size));
            } else if (parts == size) {
                return shortest;
            } else {
                parts = Math.min(2 * parts, size);
            }
            shortest = shorter.orElse(shortest);
        }
        return shortest;
    }

    private static List<StoreStory> withoutAPart(StoreStory story, int parts) {
        int size = story.moves().size();
        return IntStream.range(0, parts)
                .mapToObj(part -> story.without(part * size / parts, (part + 1) * size / parts))
                .toList();
    }
}
