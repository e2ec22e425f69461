package io.github.eventfork.local;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The IAM actions that calls have needed.
 *
 * <p><b>Invariant:</b> only grows; as large as the topics and queues that were called, and their kinds of calls.
 *
 * <p><b>Ownership:</b> {@code byResource} belongs to whoever holds this object's monitor.
 */
final class IamActions {
    @GuardedBy("this")
    private final SortedMap<String, SortedSet<String>> byResource = new TreeMap<>();

    synchronized void needed(List<IamNeeds.Need> needs) {
        needs.forEach(need -> byResource
                .computeIfAbsent(need.resource(), none -> new TreeSet<>())
                .add(need.action()));
    }

    /** A copy that nobody can change. */
    synchronized SortedMap<String, SortedSet<String>> all() {
        SortedMap<String, SortedSet<String>> copy = new TreeMap<>();
        byResource.forEach(
                (resource, actions) -> copy.put(resource, Collections.unmodifiableSortedSet(new TreeSet<>(actions))));
        return Collections.unmodifiableSortedMap(copy);
    }

    /** The smallest policy that allows them: a statement for each set of actions. */
    String policy() {
        Map<SortedSet<String>, List<String>> byActions = new LinkedHashMap<>();
        all().forEach((resource, actions) ->
                byActions.computeIfAbsent(actions, none -> new ArrayList<>()).add(resource));
        ObjectNode policy = JsonNodeFactory.instance.objectNode().put("Version", "2012-10-17");
        ArrayNode statements = policy.putArray("Statement");
        byActions.forEach((actions, resources) -> {
            ObjectNode statement = statements.addObject().put("Effect", "Allow");
            actions.forEach(statement.putArray("Action")::add);
            resources.forEach(statement.putArray("Resource")::add);
        });
        return policy.toPrettyString();
    }
}
