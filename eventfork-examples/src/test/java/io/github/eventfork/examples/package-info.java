/**
 * What the three forks and the executable jar do, as specifications.
 * Handlers are tested alone with {@code Event.of}, the run as a whole in this process, and the jar in one of its own.
 * Start at {@code HandlersTest}: that is how a fork's handler is tested.
 */
@NullMarked
package io.github.eventfork.examples;

import org.jspecify.annotations.NullMarked;
