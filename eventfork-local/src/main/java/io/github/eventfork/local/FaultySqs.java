package io.github.eventfork.local;

import java.io.IOException;
import java.util.Optional;

/** The layer in which calls to SQS go wrong. Keeps nothing itself. */
final class FaultySqs implements SqsService {
    private final Faults faults;
    private final Pauses pauses;
    private final SqsService next;

    FaultySqs(Faults faults, Pauses pauses, SqsService next) {
        this.faults = faults;
        this.pauses = pauses;
        this.next = next;
    }

    @Override
    public SqsAnswer answer(SqsCall call) throws IOException {
        Optional<Fault> fault = faults.draw(call.action());
        return fault.isPresent() ? fault.get().breakage().onSqs(call, next, pauses) : next.answer(call);
    }
}
