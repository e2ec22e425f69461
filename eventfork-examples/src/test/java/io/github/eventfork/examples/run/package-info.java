/**
 * Specifies the parts of the run: the file of events, the counting, the report.
 * {@code LocalRunTest} puts them together and runs the three forks on the events that ship with them.
 * Start there.
 */
@NullMarked
package io.github.eventfork.examples.run;

import org.jspecify.annotations.NullMarked;
