/**
 * Specifies the adapter to SQS on a scripted client.
 * {@code ScriptedSqs} answers as a test says and keeps what it was asked.
 * Start at {@code ReceivingTest}.
 */
@NullMarked
package io.github.eventfork.poller;

import org.jspecify.annotations.NullMarked;
