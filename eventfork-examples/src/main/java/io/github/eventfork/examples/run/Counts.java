package io.github.eventfork.examples.run;

/**
 * What became of one fork's messages. Messages are counted, not receives: one that was tried three times counts once.
 *
 * @param received messages that reached the fork
 * @param handled those whose handler returned
 * @param duplicate those whose work had been done before
 * @param discarded those that no route wanted
 * @param failedRuns runs that failed; the one count that is not of messages
 * @param rejected those that will never be handled; they are dead letters
 * @param deadLettered those that the fork sent to the dead-letter queue: the rejected, and what failed each time
 */
record Counts(
        long received,
        long handled,
        long duplicate,
        long discarded,
        long failedRuns,
        long rejected,
        long deadLettered) {

    /** How many have come to their end. */
    long settled() {
        return handled + duplicate + discarded + deadLettered;
    }
}
