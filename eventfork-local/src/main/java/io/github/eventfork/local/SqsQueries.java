package io.github.eventfork.local;

import io.github.eventfork.local.http.HttpAnswer;
import io.github.eventfork.local.http.HttpCall;
import java.io.IOException;

/** Answers requests of the older query protocol of SQS as they came. Thread-safe. */
interface SqsQueries {

    /**
     * Answers a request.
     *
     * @throws IOException if there is no answer
     */
    HttpAnswer pass(HttpCall request) throws IOException;
}
