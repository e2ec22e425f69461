package io.github.eventfork.conformance.filters;

import io.github.eventfork.filter.Condition;
import java.util.function.Predicate;

/**
 * A condition beside what it means.
 *
 * @param values in how many values SNS counts it
 * @param fits whether it takes a value that is there: a String, BigDecimal, Boolean, or {@link #NULL}
 * @param fitsAbsence whether it takes that nothing is there
 */
record Ask(Condition condition, int values, Predicate<Object> fits, boolean fitsAbsence) {

    /** JSON's null, where a null would mean that nothing is there. */
    static final Object NULL = new Object() {
        @Override
        public String toString() {
            return "null";
        }
    };

    Ask or(Ask other) {
        return new Ask(
                condition.or(other.condition),
                values + other.values,
                fits.or(other.fits),
                fitsAbsence || other.fitsAbsence);
    }
}
