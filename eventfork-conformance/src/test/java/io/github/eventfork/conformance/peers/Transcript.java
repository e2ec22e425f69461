package io.github.eventfork.conformance.peers;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What a server said to a scenario: for each step, path into the answer to value there, in words of no server. */
final class Transcript {

    static final String NOTHING = "<nothing>";

    private final String scenario;
    private final Map<String, Map<String, String>> steps = new LinkedHashMap<>();
    private int calls;

    Transcript(String scenario) {
        this.scenario = scenario;
    }

    /** A new step's answer, to be filled. */
    Map<String, String> step(String name) {
        Map<String, String> answer = new TreeMap<>();
        if (steps.put(name, answer) != null) {
            throw new IllegalStateException("Scenario '" + scenario + "' has two steps '" + name + "'");
        }
        return answer;
    }

    void called() {
        calls++;
    }

    int calls() {
        return calls;
    }

    int steps() {
        return steps.size();
    }

    /** How many steps the two have in common that do not differ. */
    int sameAs(Transcript other) {
        Set<String> differing = new TreeSet<>();
        differencesFrom(other).forEach(difference -> differing.add(difference.step()));
        return (int) steps.keySet().stream()
                .filter(step -> !differing.contains(step))
                .count();
    }

    /** Where the other one's answers differ. If it ended early, that is one difference. */
    List<Difference> differencesFrom(Transcript theirs) {
        Set<String> names = new LinkedHashSet<>(steps.keySet());
        names.addAll(theirs.steps.keySet());
        return names.stream().flatMap(name -> differences(name, theirs)).toList();
    }

    private Stream<Difference> differences(String step, Transcript theirs) {
        Map<String, String> mine = steps.getOrDefault(step, Map.of());
        Map<String, String> other = theirs.steps.getOrDefault(step, Map.of());
        String answer = mine.getOrDefault("answer", NOTHING);
        String otherAnswer = other.getOrDefault("answer", NOTHING);
        if (!answer.equals(otherAnswer)) {
            return Stream.of(new Difference(scenario, step, "answer", answer, otherAnswer));
        }
        Set<String> paths = new TreeSet<>(mine.keySet());
        paths.addAll(other.keySet());
        return paths.stream()
                .map(path -> new Difference(
                        scenario, step, path, mine.getOrDefault(path, NOTHING), other.getOrDefault(path, NOTHING)))
                .filter(difference -> !difference.ours().equals(difference.theirs()));
    }
}
