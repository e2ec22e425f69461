/**
 * The words that users meet: a {@link Fork} is written once and runs behind every adapter. An {@link EventHandler} is given an
 * {@link Event}; what becomes of it is an {@link Outcome}, and what is done about that a {@link Settlement}.
 * Start at {@link Fork#named(String)}.
 */
@NullMarked
package io.github.eventfork;

import org.jspecify.annotations.NullMarked;
