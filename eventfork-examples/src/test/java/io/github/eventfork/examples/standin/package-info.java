/**
 * Specifies the stand-ins: what each service takes and refuses, and the trouble that it has when it is told to.
 * They are called with the JDK's HTTP client and nothing of the examples' own.
 * Start with {@code StandInsTest}.
 */
@NullMarked
package io.github.eventfork.examples.standin;

import org.jspecify.annotations.NullMarked;
