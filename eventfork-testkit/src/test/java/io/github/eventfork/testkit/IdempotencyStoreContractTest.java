package io.github.eventfork.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.idempotency.IdempotencyStore;
import io.github.eventfork.idempotency.InMemoryIdempotencyStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IdempotencyStoreContractTest {

    private final VirtualRuntime time = VirtualRuntime.seeded(1);

    @TestFactory
    List<DynamicTest> the_store_in_memory_keeps_it() {
        return IdempotencyStoreContract.tests(this::inMemory, time::advance);
    }

    @ParameterizedTest
    @EnumSource
    void a_broken_store_is_found_out_by_name_and_in_words(BrokenStore broken) {
        // when
        Map<String, String> failures = failures(broken, Set.of(broken.rule));

        // then
        assertThat(failures).containsKey(broken.rule);
        assertThat(failures.get(broken.rule)).contains(broken.words);
    }

    @Test
    void no_two_rules_have_the_same_name() {
        assertThat(IdempotencyStoreContract.tests(this::inMemory, time::advance))
                .extracting(DynamicTest::getDisplayName)
                .doesNotHaveDuplicates();
    }

    @Test
    void for_each_rule_there_is_a_store_that_breaks_it() {
        // given
        Set<String> unbroken = new HashSet<>();
        IdempotencyStoreContract.tests(this::inMemory, time::advance)
                .forEach(test -> unbroken.add(test.getDisplayName()));

        // when
        for (BrokenStore broken : BrokenStore.values()) {
            unbroken.removeAll(failures(broken, unbroken).keySet());
        }

        // then
        assertThat(unbroken).isEmpty();
    }

    @Test
    void the_document_shows_what_a_story_that_goes_wrong_shows() throws IOException {
        Map<String, String> failures =
                failures(BrokenStore.FORGETS_A_NEIGHBOUR, Set.of(BrokenStore.FORGETS_A_NEIGHBOUR.rule));

        assertThat(failures.values())
                .singleElement()
                .satisfies(shown -> assertThat(Files.readString(Path.of("../docs/testing.md")))
                        .contains("\n" + shown + "\n"));
    }

    /** The tests of the contract for {@code rules} that fail on {@code broken}, and what they say. */
    private Map<String, String> failures(BrokenStore broken, Set<String> rules) {
        Map<String, String> failures = new LinkedHashMap<>();
        for (DynamicTest test : IdempotencyStoreContract.tests(() -> broken.on(inMemory()), time::advance)) {
            if (!rules.contains(test.getDisplayName())) {
                continue;
            }
            try {
                test.getExecutable().execute();
            } catch (Throwable failure) {
                failures.put(test.getDisplayName(), String.valueOf(failure.getMessage()));
            }
        }
        return failures;
    }

    private IdempotencyStore inMemory() {
        return new InMemoryIdempotencyStore(1_000, time::nanoTime);
    }
}
