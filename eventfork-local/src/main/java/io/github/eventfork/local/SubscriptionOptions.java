package io.github.eventfork.local;

import io.github.eventfork.FilterPolicy.Scope;
import io.github.eventfork.testkit.SnsFilterPolicy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What a subscriber may choose. Immutable; a policy is compiled once, here. */
record SubscriptionOptions(boolean raw, SnsFilterPolicy policy) {
    static final SubscriptionOptions DEFAULT =
            new SubscriptionOptions(false, SnsFilterPolicy.of("", Scope.MESSAGE_ATTRIBUTES));

    private static final Set<String> NOT_YET =
            Set.of("RedrivePolicy", "DeliveryPolicy", "SubscriptionRoleArn", "ReplayPolicy");

    /** Who sets an attribute: SNS words its refusals differently. */
    enum Caller {
        SUBSCRIBE("Attributes Reason: "),
        SET_ATTRIBUTES("");

        private final String prefix;

        Caller(String prefix) {
            this.prefix = prefix;
        }

        SnsError refusal(String reason) {
            return SnsError.invalidParameter(prefix + reason);
        }
    }

    SubscriptionOptions with(Map<String, String> attributes, Caller caller) {
        SubscriptionOptions changed = this;
        // the scope first: it decides which policies are legal
        if (attributes.containsKey("FilterPolicyScope")) {
            Scope scope = scope(attributes.getOrDefault("FilterPolicyScope", ""), caller);
            String policy = attributes.getOrDefault("FilterPolicy", policy().json());
            changed = changed.with(policy, scope, caller);
        }
        for (Map.Entry<String, String> attribute : attributes.entrySet()) {
            changed = changed.with(attribute.getKey(), attribute.getValue(), caller);
        }
        return changed;
    }

    private SubscriptionOptions with(String name, String value, Caller caller) {
        if (NOT_YET.contains(name)) {
            throw caller.refusal("AttributeName Reason: " + name + " is not there yet in eventfork-local");
        }
        return switch (name) {
            case "RawMessageDelivery" -> new SubscriptionOptions(raw(value, caller), policy);
            case "FilterPolicy" -> with(value, policy.scope(), caller);
            case "FilterPolicyScope" -> this; // set before, together with the policy
            default -> throw caller.refusal("AttributeName");
        };
    }

    private SubscriptionOptions with(String policyJson, Scope scope, Caller caller) {
        try {
            SnsFilterPolicy checked = SnsFilterPolicy.of(policyJson, scope);
            return new SubscriptionOptions(raw, isEmptyObject(policyJson) ? SnsFilterPolicy.of("", scope) : checked);
        } catch (IllegalArgumentException e) {
            throw caller.refusal(String.valueOf(e.getMessage()));
        }
    }

    /** {@code {}} removes a policy, as an empty text does. */
    private static boolean isEmptyObject(String policyJson) {
        return policyJson.replaceAll("\\s", "").equals("{}");
    }

    private static boolean raw(String value, Caller caller) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw caller.refusal("RawMessageDelivery: Invalid value [" + value + "]. Must be true or false.");
        };
    }

    private static Scope scope(String value, Caller caller) {
        return Stream.of(Scope.values())
                .filter(scope -> scope.toString().equals(value))
                .findFirst()
                .orElseThrow(() -> caller.refusal("FilterPolicyScope: Invalid value [" + value
                        + "]. Please use either MessageBody or MessageAttributes"));
    }

    /** As GetSubscriptionAttributes shows them: the scope only beside a policy. */
    Map<String, String> asAttributes() {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("RawMessageDelivery", String.valueOf(raw));
        if (!policy.json().isEmpty()) {
            attributes.put("FilterPolicy", policy.json());
            attributes.put("FilterPolicyScope", policy.scope().toString());
        }
        return attributes;
    }

    /** Whether setting {@code attributes} would change nothing. */
    boolean has(Map<String, String> attributes) {
        return with(attributes, Caller.SUBSCRIBE).sameAs(this);
    }

    private boolean sameAs(SubscriptionOptions other) {
        return asAttributes().equals(other.asAttributes()) && policy.scope() == other.policy.scope();
    }
}
