package io.github.eventfork.local;

import java.io.IOException;
import java.util.Optional;

/** The layer in which calls to SNS go wrong. Keeps nothing itself. */
final class FaultySns implements SnsService {
    private final Faults faults;
    private final Pauses pauses;
    private final SnsService next;

    FaultySns(Faults faults, Pauses pauses, SnsService next) {
        this.faults = faults;
        this.pauses = pauses;
        this.next = next;
    }

    @Override
    public XmlWriter answer(QueryRequest request) throws IOException {
        Optional<Fault> fault = faults.draw(request.action());
        return fault.isPresent() ? fault.get().breakage().onSns(request, next, pauses) : next.answer(request);
    }
}
