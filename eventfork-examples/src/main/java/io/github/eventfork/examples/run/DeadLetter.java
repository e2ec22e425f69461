package io.github.eventfork.examples.run;

/**
 * A message in a fork's dead-letter queue.
 *
 * @param reason why it is there, as the copy itself says
 */
record DeadLetter(String fork, String reason) {}
