package io.github.eventfork.local;

import java.io.IOException;

/**
 * Answers calls to SQS: ElasticMQ itself, or a layer in front of it that mends, watches or breaks. Each layer is given the
 * next one when it is made. Thread-safe; a call blocks until it is answered, a long poll too.
 */
interface SqsService {

    /**
     * Answers a call.
     *
     * @throws IOException if there is no answer; the caller's connection is then closed without one
     */
    SqsAnswer answer(SqsCall call) throws IOException;
}
