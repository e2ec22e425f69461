package io.github.eventfork.local.lambda;

import java.util.List;

/**
 * One invocation of the function, once it is over and what it answered is carried out. Immutable.
 *
 * @param requestId what the context said
 * @param messageIds the batch, in order
 * @param givenBack those that were not deleted, in the order of the batch: they come back when the queue's visibility
 *     timeout is over
 * @param reason why they were not, or empty; holds no value of a payload
 */
public record Invocation(
        String requestId, Result result, List<String> messageIds, List<String> givenBack, String reason) {

    /** How it ended. */
    public enum Result {
        /** The whole batch was deleted. */
        SUCCEEDED,
        /** The function named those that failed; the others were deleted. */
        ITEMS_FAILED,
        /** The answer can't be read as one, or names what was not in the batch: all come back. */
        INVALID_RESPONSE,
        /** The function threw, or its answer was larger than 6 MB: all come back. */
        FUNCTION_FAILED,
        /** It did not end within the function's timeout, and its environment was thrown away: all come back. */
        TIMED_OUT,
        /** There was no handler to invoke: its constructor threw, or took longer than 10 s. All come back. */
        INIT_FAILED
    }

    /** Copies the lists. */
    public Invocation {
        messageIds = List.copyOf(messageIds);
        givenBack = List.copyOf(givenBack);
    }
}
