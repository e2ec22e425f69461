package io.github.eventfork.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.eventfork.filter.FilterPolicy.Scope;
import io.github.eventfork.testkit.SnsFilterPolicy;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a subscriber may choose. Immutable; a policy is compiled once, here.
 *
 * @param redrive where to what the queue does not take
 * @param deliveryPolicy kept as it was set; it is about HTTP endpoints, and so means nothing here
 */
record SubscriptionOptions(
        boolean raw, SnsFilterPolicy policy, Optional<RedrivePolicy> redrive, Optional<String> deliveryPolicy) {
    static final SubscriptionOptions DEFAULT = new SubscriptionOptions(
            false, SnsFilterPolicy.of("", Scope.MESSAGE_ATTRIBUTES), Optional.empty(), Optional.empty());

    private static final ObjectMapper JSON = SqsEndpoint.JSON;

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

    /** These options of a subscription of {@code queueArn}, with {@code attributes} set. */
    SubscriptionOptions with(Map<String, String> attributes, String queueArn, Caller caller) {
        SubscriptionOptions changed = this;
        // the scope first: it decides which policies are legal
        if (attributes.containsKey("FilterPolicyScope")) {
            Scope scope = scope(attributes.getOrDefault("FilterPolicyScope", ""), caller);
            String json = attributes.getOrDefault("FilterPolicy", policy().json());
            changed = changed.withPolicy(policy(json, scope, caller));
        }
        for (Map.Entry<String, String> attribute : attributes.entrySet()) {
            changed = changed.with(attribute.getKey(), attribute.getValue(), queueArn, caller);
        }
        return changed;
    }

    private SubscriptionOptions with(String name, String value, String queueArn, Caller caller) {
        return switch (name) {
            case "RawMessageDelivery" -> new SubscriptionOptions(raw(value, caller), policy, redrive, deliveryPolicy);
            case "FilterPolicy" -> withPolicy(policy(value, policy.scope(), caller));
            case "FilterPolicyScope" -> this; // set before, together with the policy
            case "RedrivePolicy" ->
                new SubscriptionOptions(
                        raw,
                        policy,
                        present(value).map(json -> RedrivePolicy.of(json, queueArn, caller)),
                        deliveryPolicy);
            case "DeliveryPolicy" ->
                new SubscriptionOptions(raw, policy, redrive, present(value).map(json -> deliveryPolicy(json, caller)));
            case "SubscriptionRoleArn" ->
                throw caller.refusal("AttributeName").because("it is for Firehose, and here are only SQS queues");
            case "ReplayPolicy" -> throw caller.refusal("AttributeName").because("messages are not archived here");
            default -> throw caller.refusal("AttributeName");
        };
    }

    private static Optional<String> present(String value) {
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    private static String deliveryPolicy(String json, Caller caller) {
        try {
            if (JSON.readTree(json).isObject()) {
                return json;
            }
        } catch (JsonProcessingException e) {
            throw caller.refusal("DeliveryPolicy: failed to parse JSON. " + e.getMessage());
        }
        throw caller.refusal("DeliveryPolicy");
    }

    private SubscriptionOptions withPolicy(SnsFilterPolicy changed) {
        return new SubscriptionOptions(raw, changed, redrive, deliveryPolicy);
    }

    private static SnsFilterPolicy policy(String json, Scope scope, Caller caller) {
        try {
            SnsFilterPolicy checked = SnsFilterPolicy.of(json, scope);
            return isEmptyObject(json) ? SnsFilterPolicy.of("", scope) : checked;
        } catch (IllegalArgumentException e) {
            throw caller.refusal(String.valueOf(e.getMessage()));
        }
    }

    /** {@code {}} removes a policy, as an empty text does. */
    private static boolean isEmptyObject(String policyJson) {
        return policyJson.replaceAll("\\s", "").equals("{}");
    }

    private static boolean raw(String value, Caller caller) {
        return switch (value.toLowerCase(Locale.ROOT)) {
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
        redrive.ifPresent(policy -> attributes.put("RedrivePolicy", policy.json()));
        deliveryPolicy.ifPresent(policy -> attributes.put("DeliveryPolicy", policy));
        return attributes;
    }

    /** Whether setting {@code attributes} would change nothing. */
    boolean has(Map<String, String> attributes, String queueArn) {
        return with(attributes, queueArn, Caller.SUBSCRIBE).sameAs(this);
    }

    private boolean sameAs(SubscriptionOptions other) {
        return asAttributes().equals(other.asAttributes()) && policy.scope() == other.policy.scope();
    }
}
