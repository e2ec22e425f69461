package io.github.eventfork.local;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** How a {@link Fault} is carried out on one call; the same for SQS and SNS but for the form of errors. Stateless. */
interface Breakage {

    SqsAnswer onSqs(SqsCall call, SqsService next, Pauses pauses) throws IOException;

    XmlWriter onSns(QueryRequest call, SnsService next, Pauses pauses) throws IOException;

    /** How an API says that it failed: as the services name it, and as the other protocol does. */
    record Refusal(int sqsStatus, String sqsCode, int snsStatus, String snsCode, String text) {
        static final Refusal INTERNAL =
                new Refusal(500, "InternalError", 500, "InternalError", "An internal error (a fault of the test).");
        static final Refusal THROTTLED =
                new Refusal(403, "RequestThrottled", 429, "Throttled", "Rate exceeded (a fault of the test).");

        SqsAnswer ofSqs() {
            return SqsAnswer.error(sqsStatus, sqsCode, sqsCode, text);
        }

        SnsError ofSns() {
            return new SnsError(snsStatus, snsCode, text);
        }
    }

    /** Nothing is done, and that is said. */
    record Refused(Refusal refusal) implements Breakage {
        @Override
        public SqsAnswer onSqs(SqsCall call, SqsService next, Pauses pauses) {
            return refusal.ofSqs();
        }

        @Override
        public XmlWriter onSns(QueryRequest call, SnsService next, Pauses pauses) {
            throw refusal.ofSns();
        }
    }

    /** It is done; the caller gets an error, or no answer. */
    record AnswerLost(Optional<Refusal> instead) implements Breakage {
        @Override
        public SqsAnswer onSqs(SqsCall call, SqsService next, Pauses pauses) throws IOException {
            next.answer(call);
            return instead.orElseThrow(AnswerLost::noAnswer).ofSqs();
        }

        @Override
        public XmlWriter onSns(QueryRequest call, SnsService next, Pauses pauses) throws IOException {
            next.answer(call);
            throw instead.orElseThrow(AnswerLost::noAnswer).ofSns();
        }

        private static IOException noAnswer() {
            return new IOException("the answer is lost (a fault of the test)");
        }
    }

    /** It is done at once and answered later. */
    record Delayed(Duration by) implements Breakage {
        @Override
        public SqsAnswer onSqs(SqsCall call, SqsService next, Pauses pauses) throws IOException {
            SqsAnswer answer = next.answer(call);
            pauses.pause(by);
            return answer;
        }

        @Override
        public XmlWriter onSns(QueryRequest call, SnsService next, Pauses pauses) throws IOException {
            XmlWriter answer = next.answer(call);
            pauses.pause(by);
            return answer;
        }
    }
}
