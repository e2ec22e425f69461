package io.github.eventfork.local;

import java.io.IOException;

/** The outermost layer in front of SNS: notes what rights each call needs, done or not. Keeps nothing itself. */
final class WatchedSns implements SnsService {
    private final IamNeeds needs;
    private final IamActions actions;
    private final Changes changes;
    private final SnsService next;

    WatchedSns(IamNeeds needs, IamActions actions, Changes changes, SnsService next) {
        this.needs = needs;
        this.actions = actions;
        this.changes = changes;
        this.next = next;
    }

    @Override
    public XmlWriter answer(QueryRequest request) throws IOException {
        actions.needed(needs.of(request));
        changes.changed();
        try {
            return next.answer(request);
        } finally {
            changes.changed();
        }
    }
}
