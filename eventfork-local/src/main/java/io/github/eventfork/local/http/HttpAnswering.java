package io.github.eventfork.local.http;

import java.io.IOException;

/** Who stands behind a door. Asked by many threads at once; may block. */
@FunctionalInterface
public interface HttpAnswering {

    /**
     * Answers a request.
     *
     * @throws IOException if there is no answer: the connection is closed
     */
    HttpAnswer answer(HttpCall call) throws IOException;
}
