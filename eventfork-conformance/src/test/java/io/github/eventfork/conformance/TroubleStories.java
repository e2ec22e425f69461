package io.github.eventfork.conformance;

import io.github.eventfork.conformance.TroubleStage.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Plays stories, and looks for the shortest form of one that goes wrong. Holds no state. */
final class TroubleStories {

    /** Shorter forms are looked for no longer than this. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private TroubleStories() {}

    /** Leaves steps out as long as the same kind of thing still goes wrong; then what handlers do. */
    static Failure shortest(Failure first) {
        return shortest(first, TroubleStage::play);
    }

    /** The same, played by {@code play}. */
    static Failure shortest(Failure first, Function<TroubleStory, Optional<Failure>> play) {
        long began = System.nanoTime();
        Failure shortest = first;
        int parts = 2;
        while (parts <= shortest.story().steps().size() && System.nanoTime() - began < PATIENCE.toNanos()) {
            Optional<Failure> shorter = firstFailing(withoutAPart(shortest.story(), parts), first, play);
            int size = shorter.orElse(shortest).story().steps().size();
            if (shorter.isPresent()) {
                parts = Math.max(2, Math.min(parts - 1, size));
            } else if (parts == size) {
                break;
            } else {
                parts = Math.min(2 * parts, size);
            }
            shortest = shorter.orElse(shortest);
        }
        Optional<Failure> shorter = Optional.of(shortest);
        while (shorter.isPresent() && System.nanoTime() - began < PATIENCE.toNanos()) {
            shortest = shorter.get();
            shorter = firstFailing(shortest.story().withShorterScripts(), first, play);
        }
        return shortest;
    }

    private static Optional<Failure> firstFailing(
            List<TroubleStory> stories, Failure like, Function<TroubleStory, Optional<Failure>> play) {
        return stories.stream()
                .map(play)
                .flatMap(Optional::stream)
                .filter(failure -> failure.wrong().kind().equals(like.wrong().kind()))
                .findFirst();
    }

    private static List<TroubleStory> withoutAPart(TroubleStory story, int parts) {
        int size = story.steps().size();
        List<TroubleStory> shorter = new ArrayList<>();
        IntStream.range(0, parts)
                .forEach(part -> shorter.add(story.without(part * size / parts, (part + 1) * size / parts)));
        return shorter;
    }

    /** What to read of it. */
    static String text(Failure first, Failure shortest) {
        return "The story of trouble of seed " + first.story().seed() + " goes wrong: "
                + first.wrong().text() + "\nSo does this much of it:\n" + shortest.story() + "\nbecause "
                + shortest.wrong().text() + "\nWhat happened:\n" + shortest.timeline()
                + "\nTo play it again: -Dtrouble.seed=" + first.story().seed() + " -Dtrouble.stories=1";
    }
}
