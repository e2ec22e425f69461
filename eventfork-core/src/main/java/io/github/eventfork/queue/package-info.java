/**
 * The queue engine on a port without AWS types: what the testkit drives in memory is what runs on SQS.
 * A {@link io.github.eventfork.queue.Receiver} takes deliveries in from a {@link io.github.eventfork.queue.MessageQueue}, keeps
 * their leases, and settles them in batches through a {@link io.github.eventfork.queue.BatchingSettler}.
 * Start at {@link io.github.eventfork.queue.MessageQueue}; the package is exported to eventfork's own modules only.
 */
@NullMarked
package io.github.eventfork.queue;

import org.jspecify.annotations.NullMarked;
