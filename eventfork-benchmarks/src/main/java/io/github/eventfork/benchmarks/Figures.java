package io.github.eventfork.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Figures of several rounds, with their minimum, median and maximum. */
record Figures(List<Double> rounds) {

    /** Of this and a baseline of the same rounds, round by round. */
    Figures over(Figures baseline) {
        return new Figures(IntStream.range(0, rounds.size())
                .mapToObj(round -> rounds.get(round) / baseline.rounds.get(round))
                .toList());
    }

    String text(String format) {
        List<Double> sorted = rounds.stream().sorted().toList();
        return String.format(
                Locale.ROOT,
                format + " (" + format + " to " + format + ")",
                sorted.get(sorted.size() / 2),
                sorted.get(0),
                sorted.get(sorted.size() - 1));
    }
}
