/**
 * Decides whether an event's effect has already happened.
 * A fork names a key; the store grants a {@link io.github.eventfork.idempotency.Claim} on it for a time, or says who is ahead.
 * Start at {@link io.github.eventfork.idempotency.IdempotencyStore}; to write your own, make it pass the store contract of the testkit.
 */
@NullMarked
package io.github.eventfork.idempotency;

import org.jspecify.annotations.NullMarked;
