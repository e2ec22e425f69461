/**
 * The one pipeline: a {@link io.github.eventfork.Delivery} comes in with its {@link io.github.eventfork.engine.KeptLease}; the
 * {@link io.github.eventfork.engine.Dispatcher} keeps lanes and threads, the {@link io.github.eventfork.engine.ForkProcessor} turns it
 * into an {@link io.github.eventfork.Outcome}, and a {@link io.github.eventfork.Settler} carries the
 * {@link io.github.eventfork.Settlement} out. What it sees of a fork that users don't comes through one class,
 * {@link io.github.eventfork.ForkParts}. Exported to eventfork's own modules only.
 */
@NullMarked
package io.github.eventfork.engine;

import org.jspecify.annotations.NullMarked;
