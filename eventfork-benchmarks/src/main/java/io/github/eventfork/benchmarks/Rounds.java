package io.github.eventfork.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Measures ours and what is written by hand in turn, round by round, and prints the ratios and what they are of. */
final class Rounds {

    private static final int WARM_UPS = 3;

    private final List<Cost> ours = new ArrayList<>();
    private final List<Cost> byHand = new ArrayList<>();

    private Rounds() {}

    /**
     * Lets each work off {@code warmUp} messages in three turns, and then {@code messages} in each round; who begins changes.
     */
    static void measure(String what, Contender ours, Contender byHand, long warmUp, long messages, int rounds) {
        System.out.printf(
                Locale.ROOT, "%s; %,d messages to warm up, then %d rounds of %,d%n", what, warmUp, rounds, messages);
        for (int turn = 0; turn < WARM_UPS; turn++) {
            ours.run(warmUp / WARM_UPS);
            byHand.run(warmUp / WARM_UPS);
        }
        Rounds measured = new Rounds();
        for (int round = 0; round < rounds; round++) {
            if (round % 2 == 0) {
                measured.ours.add(cleanly(ours, messages));
                measured.byHand.add(cleanly(byHand, messages));
            } else {
                measured.byHand.add(cleanly(byHand, messages));
                measured.ours.add(cleanly(ours, messages));
            }
        }
        measured.print("messages a second", "%,.0f", Cost::perSecond);
        measured.print("CPU us a message", "%.1f", Cost::cpuMicros);
        measured.print("bytes a message", "%,.0f", Cost::bytesEach);
    }

    /** What one left behind is not collected in the other's time. */
    private static Cost cleanly(Contender contender, long messages) {
        System.gc();
        return contender.run(messages);
    }

    private void print(String what, String format, ToDoubleFunction<Cost> figure) {
        Figures own = figures(ours, figure);
        Figures baseline = figures(byHand, figure);
        System.out.printf(
                "  %-18s ratio %s; ours %s; by hand %s%n",
                what, own.over(baseline).text("%.2f"), own.text(format), baseline.text(format));
    }

    private static Figures figures(List<Cost> costs, ToDoubleFunction<Cost> figure) {
        return new Figures(costs.stream().mapToDouble(figure).boxed().toList());
    }
}
