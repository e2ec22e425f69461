/**
 * A Lambda event source mapping on a local queue: polls it, invokes a handler with batches, and reads the answers as Lambda does.
 * The handlers are those that are deployed: they get the same JSON or events, a context with a deadline, and the same harshness.
 * Start at {@link io.github.eventfork.local.lambda.EventSourceMapping}.
 */
@NullMarked
package io.github.eventfork.local.lambda;

import org.jspecify.annotations.NullMarked;
