package io.github.eventfork.local.lambda;

/** A message of the queue: what is needed to delete it, and what the function is shown of it. */
record Received(String messageId, String receipt, byte[] json) {}
