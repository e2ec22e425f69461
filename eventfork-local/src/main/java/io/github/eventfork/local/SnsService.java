package io.github.eventfork.local;

import java.io.IOException;

/**
 * Answers calls to SNS: the actions themselves, or a layer in front of them that watches or breaks. Thread-safe.
 */
interface SnsService {

    /**
     * Answers a call with what is inside the result element.
     *
     * @throws SnsError if the answer is an error
     * @throws IOException if there is no answer; the caller's connection is then closed without one
     */
    XmlWriter answer(QueryRequest request) throws IOException;
}
