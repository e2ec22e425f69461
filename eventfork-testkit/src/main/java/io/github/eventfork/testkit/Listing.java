package io.github.eventfork.testkit;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes lists for people: the first ten, and how many more there are. */
final class Listing {

    private static final int MOST = 10;

    private Listing() {}

    static String of(List<String> all) {
        return of(all, Function.identity());
    }

    static <T> String of(List<T> all, Function<T, String> text) {
        if (all.isEmpty()) {
            return "nothing";
        }
        String first = all.stream().limit(MOST).map(text).collect(Collectors.joining(", "));
        return all.size() > MOST ? first + " and " + (all.size() - MOST) + " more" : first;
    }
}
