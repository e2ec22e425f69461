package io.github.eventfork.local;

import io.github.eventfork.local.http.HttpAnswer;
import java.io.IOException;
import java.util.Map;

/** An SQS server as HTTP is spoken with it, wherever it is. Thread-safe; a call blocks until it is answered. */
interface RawSqs {

    /**
     * Answers a request.
     *
     * @param target path and query
     * @throws IOException if there is no answer
     */
    HttpAnswer ask(String method, String target, Map<String, String> headers, byte[] body) throws IOException;
}
