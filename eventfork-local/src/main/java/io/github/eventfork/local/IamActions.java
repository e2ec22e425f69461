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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The IAM actions that calls have needed.
 *
 * <p><b>Invariant:</b> only grows, up to the actions of 1,000 resources: calls may name queues that don't exist, as many as they
 * like, and with names of any length.
 *
 * <p><b>Ownership:</b> {@code byResource} belongs to whoever holds this object's monitor.
 */
final class IamActions {
    private static final Logger LOG = LoggerFactory.getLogger(IamActions.class);
    static final int MOST_RESOURCES = 1_000;

    /** A topic's name has 256 characters. */
    static final int LONGEST_ARN = 400;

    @GuardedBy("this")
    private boolean full;

    @GuardedBy("this")
    private final SortedMap<String, SortedSet<String>> byResource = new TreeMap<>();

    synchronized void needed(List<IamNeeds.Need> needs) {
        for (IamNeeds.Need need : needs) {
            SortedSet<String> actions = byResource.get(need.resource());
            if (actions == null && isOfUse(need.resource())) {
                actions = new TreeSet<>();
                byResource.put(need.resource(), actions);
            }
            if (actions != null) {
                actions.add(need.action());
            }
        }
    }

    /** What is left out is told once, because a policy without it is too small. */
    @GuardedBy("this")
    private boolean isOfUse(String resource) {
        if (byResource.size() < MOST_RESOURCES) {
            return resource.length() <= LONGEST_ARN;
        }
        if (!full) {
            full = true;
            LOG.warn(
                    "Calls have named {} topics and queues; what rights calls to more of them need is not noted",
                    MOST_RESOURCES);
        }
        return false;
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
