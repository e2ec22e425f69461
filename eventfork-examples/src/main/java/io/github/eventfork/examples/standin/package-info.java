/**
 * Stands in for the three services on loopback: speaks their HTTP, keeps what it gets, and has trouble when it is told to.
 * {@link io.github.eventfork.examples.standin.StandIns} starts all three; {@link
 * io.github.eventfork.examples.standin.Trouble} says what trouble there is.
 * Start at {@link io.github.eventfork.examples.standin.StandIns}; nothing here knows the forks, nor the classes that call it.
 */
@NullMarked
package io.github.eventfork.examples.standin;

import org.jspecify.annotations.NullMarked;
