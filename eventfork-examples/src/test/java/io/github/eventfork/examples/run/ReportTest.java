package io.github.eventfork.examples.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportTest {

    @Test
    void a_run_that_adds_up_says_so() {
        // given 10 let in: 6 handled, 2 duplicates, 1 discarded, 1 dead letter
        RunResult result = result(true, 10, new Counts(10, 6, 2, 1, 3, 0, 1), 1);

        // then
        assertThat(result.addsUp()).isTrue();
        assertThat(Report.of(result))
                .contains(
                        "fork                    in  received  handled  duplicate  discarded    runs  rejected  letters")
                .contains(
                        "fork-a                  10        10        6          2          1       3         0        1")
                .contains(
                        "It adds up: let in = received = handled + duplicate + discarded + dead letters, for each fork.");
    }

    @Test
    void a_message_that_never_came_is_named() {
        // given
        RunResult result = result(true, 11, new Counts(10, 10, 0, 0, 0, 0, 0), 0);

        // then
        assertThat(Report.of(result))
                .endsWith("It does NOT add up:", "  fork-a: its filter policy lets 11 in, and it received 10");
    }

    @Test
    void a_message_that_is_neither_done_nor_dead_is_named() {
        // given
        RunResult result = result(true, 10, new Counts(10, 8, 0, 0, 0, 1, 1), 1);

        // then
        assertThat(Report.of(result))
                .endsWith("It does NOT add up:", "  fork-a: it received 10 messages, and 9 are accounted for");
    }

    @Test
    void a_service_that_holds_what_was_handled_adds_up() {
        // given 10 calls: 2 refused, 1 of what was there already
        RunResult.Service service = new RunResult.Service(
                "fork-a", List.of("a", "b", "b"), new Downstream.Held(10, 2, 1, List.of("b", "a", "b")));
        RunResult result = result(true, 8, new Counts(8, 8, 0, 0, 2, 0, 0), 0, service);

        // then
        assertThat(Report.of(result))
                .contains("service of           calls   refused repeated      holds        due")
                .contains("fork-a                  10         2        1          3          3")
                .endsWith("No effect is there twice, and none is missing: each service holds what was handled, once.");
    }

    @ParameterizedTest
    @CsvSource({"a b, 1, 0", "a b b b, 0, 1", "a b c, 1, 1", "a a b, 1, 1", "c c c, 3, 3"})
    void a_service_that_lacks_an_effect_or_has_another_is_named(String things, long lacks, long besides) {
        // given
        RunResult.Service service = new RunResult.Service(
                "fork-a", List.of("a", "b", "b"), new Downstream.Held(8, 0, 0, List.of(things.split(" "))));
        RunResult result = result(true, 3, new Counts(3, 3, 0, 0, 0, 0, 0), 0, service);

        // then
        assertThat(Report.of(result))
                .endsWith(
                        "It does NOT add up:",
                        "  fork-a: of what it handled (3) its service lacks " + lacks + ", and it holds " + besides
                                + " besides");
    }

    @ParameterizedTest
    @CsvSource({"1, Published 1 event.", "2, Published 2 events."})
    void one_event_is_no_plural(int published, String line) {
        assertThat(Report.of(new RunResult(published, true, List.of(), List.of(), List.of(), List.of())))
                .contains(line);
    }

    @Test
    void where_others_publish_what_was_let_in_is_not_judged() {
        assertThat(result(false, 0, new Counts(10, 10, 0, 0, 0, 0, 0), 0).addsUp())
                .isTrue();
    }

    @Test
    void dead_letters_that_were_not_read_are_counted() {
        // given one reason read, of three
        RunResult result = result(true, 3, new Counts(3, 0, 0, 0, 0, 3, 3), 3);

        // then
        assertThat(Report.of(result))
                .contains("  fork-a              " + "r".repeat(75) + "...", " ".repeat(22) + "and 2 more");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Fork 'a' rejected message m-1 (type 'signup', attempt 1): $.email is missing. Fix the publisher. | $.email is missing",
                "Fork 'a' rejected message m-1 (type '', attempt 1): no. It was the handler's decision. | no",
                "failed at attempt 3 of 3 with java.lang.IllegalStateException: 503 | failed at attempt 3 of 3 with IllegalStateException: 503"
            })
    void a_reason_is_shortened_to_what_is_wrong(String reason, String shortened) {
        assertThat(Report.shortened(reason)).isEqualTo(shortened);
    }

    private static RunResult result(
            boolean alone, long letIn, Counts counts, long inDeadLetterQueue, RunResult.Service... services) {
        return new RunResult(
                20,
                alone,
                List.of(),
                List.of(new RunResult.Row("fork-a", letIn, counts, inDeadLetterQueue)),
                inDeadLetterQueue == 0 ? List.of() : List.of(new DeadLetter("fork-a", "r".repeat(200))),
                List.of(services));
    }
}
