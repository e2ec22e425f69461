package io.github.eventfork.conformance.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same calls on our local server and on another: the one that the environment names, else moto's. Where their answers
 * differ, {@code known-differences.txt} has a row that says who is right and how we know; and each row is still true.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DifferentialIT {

    private static final String ENDPOINT = "EVENTFORK_TEST_ENDPOINT";

    /** Enough for a server on this machine, and for AWS on most days. */
    private static final int SETTLES_IN_SECONDS = 2;

    /** The version of moto for which the rows were written. */
    private static final String RECORDED_WITH = "moto 5.2.1";

    /** The rows that are missing, to be completed. */
    private static final Path NEW_ROWS = Path.of("target", "new-differences.txt");

    /** A scenario's answers, ours and theirs. */
    private record Played(Transcript ours, Transcript theirs) {

        List<Difference> differences() {
            return ours.differencesFrom(theirs);
        }
    }

    private final List<KnownDifference> known = KnownDifferences.read();
    private final Map<String, Played> played = new LinkedHashMap<>();
    private String them = "nobody";

    static Stream<Scenario> scenarios() {
        return Stream.of(
                        TopicScenarios.all(),
                        SubscriptionScenarios.all(),
                        FilterPolicyScenarios.all(),
                        PublishScenarios.all(),
                        QueueScenarios.all(),
                        RawHttpScenarios.all())
                .flatMap(List::stream);
    }

    @BeforeAll
    void play_all_scenarios_on_both(@TempDir Path directory) throws IOException {
        try (Aws theirs = other(directory);
                Aws ours = Aws.local()) {
            scenarios()
                    .forEach(scenario ->
                            played.put(scenario.name(), new Played(scenario.on(ours), scenario.on(theirs))));
        }
        System.out.println(summary());
        Files.writeString(
                NEW_ROWS,
                scenarios()
                        .flatMap(scenario -> unknown(scenario).stream())
                        .map(Difference::asRow)
                        .collect(Collectors.joining("\n")));
    }

    private Aws other(Path directory) {
        String url = System.getenv(ENDPOINT);
        if (url != null && !url.isBlank()) {
            them = url;
            return Aws.at(URI.create(url), URI.create(url), SETTLES_IN_SECONDS, () -> {});
        }
        Optional<String> moto = Python.versionOf("moto");
        if (moto.isEmpty()) {
            return abort("python3 with moto is not here, and " + ENDPOINT + " names no other server");
        }
        them = "moto " + moto.get();
        return MotoServer.start(directory);
    }

    private String summary() {
        int steps =
                played.values().stream().mapToInt(each -> each.ours().steps()).sum();
        int same = played.values().stream()
                .mapToInt(each -> each.ours().sameAs(each.theirs()))
                .sum();
        int calls =
                played.values().stream().mapToInt(each -> each.ours().calls()).sum();
        Map<String, Long> rights = known.stream()
                .collect(Collectors.groupingBy(
                        row -> row.right().name().toLowerCase(Locale.ROOT), Collectors.counting()));
        return "Differential test against %s: %d scenarios, %d calls on each server, %d recorded answers, of which %d are the same; %d known differences, of which right are: %s"
                .formatted(them, played.size(), calls, steps, same, known.size(), rights);
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void every_difference_is_known(Scenario scenario) {
        List<Difference> unknown = unknown(scenario);

        assertThat(unknown)
                .as(
                        "differences from %s in '%s' that known-differences.txt does not explain; they stand as rows in %s",
                        them, scenario.name(), NEW_ROWS)
                .isEmpty();
    }

    private List<Difference> unknown(Scenario scenario) {
        return played.get(scenario.name()).differences().stream()
                .filter(difference -> !KnownDifference.anyCovers(known, difference))
                .toList();
    }

    @Test
    void every_known_difference_still_is_one() {
        assumeTrue(them.equals(RECORDED_WITH), "the rows were written for " + RECORDED_WITH + ", this is " + them);
        List<Difference> all = played.values().stream()
                .flatMap(each -> each.differences().stream())
                .toList();

        List<KnownDifference> stale = new ArrayList<>(known);
        stale.removeIf(row -> all.stream().anyMatch(row::covers));

        assertThat(stale).as("rows that explain no difference any more").isEmpty();
    }
}
