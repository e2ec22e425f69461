/**
 * The words and the one pipeline: a {@link Fork} is written once and runs behind every adapter.
 * A {@link Delivery} comes in with its {@link Lease}; the {@link Dispatcher} keeps lanes and threads, the
 * {@link ForkProcessor} turns it into an {@link Outcome}, and a {@link Settler} carries the {@link Settlement} out.
 * Start at {@link Fork#named(String)}.
 */
@NullMarked
package io.github.eventfork;

import org.jspecify.annotations.NullMarked;
