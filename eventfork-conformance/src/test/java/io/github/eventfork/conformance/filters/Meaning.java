package io.github.eventfork.conformance.filters;

import io.github.eventfork.conformance.filters.RandomFork.Wanted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The oracle: whether a fork receives an event, by what was asked and nothing else. A scalar is found by the names on the way
 * to it, joined by dots; of arrays any element will do, but where objects stand in an array, all that is asked of them must
 * be found in one of them.
 */
final class Meaning {

    /** A scalar, and which elements of which arrays it stands in. */
    private record Leaf(Object value, Map<Integer, Integer> elements) {}

    private final Map<String, List<Leaf>> leaves = new HashMap<>();
    private int arrays;

    private Meaning() {}

    static boolean receives(RandomFork fork, RandomEvent event) {
        return receives(fork, fork.wanted(), event);
    }

    /** The same if the fork asked for something else. */
    static boolean receives(RandomFork fork, Wanted wanted, RandomEvent event) {
        if (wanted.asks().isEmpty() && wanted.anyOf().isEmpty()) {
            return true;
        }
        if (fork.inBody() && !(event.body() instanceof Map)) {
            return false;
        }
        Meaning meaning = new Meaning();
        if (fork.inBody()) {
            meaning.find("", event.body(), Map.of());
        } else {
            event.attributes().forEach((name, value) -> meaning.find(name, value, Map.of()));
        }
        return alternatives(wanted).stream().anyMatch(asks -> meaning.holds(List.copyOf(asks.entrySet()), Map.of()));
    }

    private void find(String place, Object value, Map<Integer, Integer> elements) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, inner) -> find(place.isEmpty() ? "" + name : place + "." + name, inner, elements));
        } else if (value instanceof List<?> list) {
            int array = arrays++;
            for (int i = 0; i < list.size(); i++) {
                Map<Integer, Integer> here = new HashMap<>(elements);
                here.put(array, i);
                find(place, list.get(i), here);
            }
        } else {
            leaves.computeIfAbsent(place, none -> new ArrayList<>()).add(new Leaf(value, elements));
        }
    }

    /** All that must hold, once for each choice of groups. */
    private static List<Map<List<String>, Ask>> alternatives(Wanted wanted) {
        if (wanted.anyOf().isEmpty()) {
            return List.of(wanted.asks());
        }
        List<Map<List<String>, Ask>> all = new ArrayList<>();
        for (Wanted group : wanted.anyOf()) {
            for (Map<List<String>, Ask> inner : alternatives(group)) {
                Map<List<String>, Ask> together = new HashMap<>(wanted.asks());
                together.putAll(inner);
                all.add(together);
            }
        }
        return all;
    }

    private boolean holds(List<Map.Entry<List<String>, Ask>> asks, Map<Integer, Integer> chosen) {
        if (asks.isEmpty()) {
            return true;
        }
        String place = String.join(".", asks.get(0).getKey());
        Ask ask = asks.get(0).getValue();
        List<Map.Entry<List<String>, Ask>> rest = asks.subList(1, asks.size());
        List<Leaf> there = leaves.getOrDefault(place, List.of());
        if (there.isEmpty()) {
            return ask.fitsAbsence() && holds(rest, chosen);
        }
        for (Leaf leaf : there) {
            if (ask.fits().test(leaf.value()) && agree(leaf.elements(), chosen)) {
                Map<Integer, Integer> more = new HashMap<>(chosen);
                more.putAll(leaf.elements());
                if (holds(rest, more)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean agree(Map<Integer, Integer> elements, Map<Integer, Integer> chosen) {
        return elements.entrySet().stream()
                .allMatch(element -> chosen.getOrDefault(element.getKey(), element.getValue())
                        .equals(element.getValue()));
    }
}
