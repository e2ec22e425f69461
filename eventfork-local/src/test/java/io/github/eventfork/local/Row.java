package io.github.eventfork.local;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Named;

/** One row of a table of facts about AWS: a claim with the check of it. */
interface Row {
    void check() throws Exception;

    static Named<Row> row(String fact, Row check) {
        return Named.of(fact, check);
    }

    /** A fact that nothing here can show: skipped, and the reason is seen in the report. */
    static Named<Row> notHere(String fact, String reason) {
        return Named.of(fact + " (not here: " + reason + ")", () -> Assumptions.abort(reason));
    }
}
