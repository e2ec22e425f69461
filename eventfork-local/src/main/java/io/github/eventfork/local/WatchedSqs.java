package io.github.eventfork.local;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The outermost layer in front of SQS: notes what rights each call needs, done or not, and that it was answered.
 *
 * <p><b>Invariant:</b> no more than 1,000 tasks are remembered, oldest out: to cancel one, only its handle is given.
 *
 * <p><b>Ownership:</b> {@code sourceByTask} belongs to whoever holds this object's monitor; no call is made under it.
 */
final class WatchedSqs implements SqsService {
    private static final int TASKS = 1000;

    private final IamNeeds needs;
    private final IamActions actions;
    private final Changes changes;
    private final SqsService next;
    private final SqsService behindFaults;

    @GuardedBy("this")
    private final Map<String, String> sourceByTask = new LinkedHashMap<>();

    /** {@code behindFaults} is asked what a call means; that is no call of anybody. */
    WatchedSqs(IamNeeds needs, IamActions actions, Changes changes, SqsService next, SqsService behindFaults) {
        this.needs = needs;
        this.actions = actions;
        this.changes = changes;
        this.next = next;
        this.behindFaults = behindFaults;
    }

    @Override
    public SqsAnswer answer(SqsCall call) throws IOException {
        note(call);
        try {
            SqsAnswer answer = next.answer(call);
            remember(call, answer);
            return answer;
        } finally {
            answered();
        }
    }

    /** Notes what rights a call needs. */
    void note(SqsCall call) throws IOException {
        if (!call.headers().containsKey(SqsCall.UNNOTED)) {
            actions.needed(needed(call));
        }
        changes.changed();
    }

    /** Tells those who wait that a call was answered. */
    void answered() {
        changes.changed();
    }

    private List<IamNeeds.Need> needed(SqsCall call) throws IOException {
        String source = call.parameters().path("SourceArn").asText();
        return switch (call.action()) {
            case "StartMessageMoveTask" -> IamNeeds.ofMoving(call.action(), source, destinations(call, source));
            case "ListMessageMoveTasks" -> IamNeeds.ofMoving(call.action(), source, List.of());
            case "CancelMessageMoveTask" -> ofCancelling(call);
            default -> needs.of(call);
        };
    }

    /** Without a destination, messages go back to where they came from. */
    private List<String> destinations(SqsCall call, String source) throws IOException {
        String destination = call.parameters().path("DestinationArn").asText();
        if (!destination.isEmpty()) {
            return List.of(destination);
        }
        ObjectNode parameters = JsonNodeFactory.instance.objectNode();
        parameters.put("QueueUrl", "http://localhost/" + source.replaceFirst("^.*:(\\d+):([^:]*)$", "$1/$2"));
        SqsAnswer answer = behindFaults.answer(new SqsCall("ListDeadLetterSourceQueues", parameters, call.headers()));
        List<String> arns = new ArrayList<>();
        answer.body().path("queueUrls").forEach(url -> arns.add(needs.queueArn(lastPart(url.asText()))));
        return arns;
    }

    private static String lastPart(String url) {
        return url.substring(url.lastIndexOf('/') + 1);
    }

    private List<IamNeeds.Need> ofCancelling(SqsCall call) {
        synchronized (this) {
            String source =
                    sourceByTask.get(call.parameters().path("TaskHandle").asText());
            return source == null ? List.of() : IamNeeds.ofMoving(call.action(), source, List.of());
        }
    }

    private synchronized void remember(SqsCall call, SqsAnswer answer) {
        String handle = answer.body().path("TaskHandle").asText();
        if (!handle.isEmpty()) {
            sourceByTask.put(handle, call.parameters().path("SourceArn").asText());
            if (sourceByTask.size() > TASKS) {
                Iterator<String> oldest = sourceByTask.keySet().iterator();
                oldest.next();
                oldest.remove();
            }
        }
    }
}
