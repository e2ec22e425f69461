package io.github.eventfork.filter;

/**
 * The SNS filter policy of a fork's subscription, as its routes and conditions imply it. Immutable.
 *
 * <p>See <a href="https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html">subscription filter
 * policies</a>.
 *
 * @param json the policy; {@code {}} if everything is wanted, which SNS takes as no policy
 * @param scope what it is applied to
 */
public record FilterPolicy(String json, Scope scope) {

    /** What a policy is applied to, in SNS's own words by {@link #toString()}. */
    public enum Scope {
        /** The message attributes. */
        MESSAGE_ATTRIBUTES("MessageAttributes"),
        /** The message's JSON body. */
        MESSAGE_BODY("MessageBody");

        private final String text;

        Scope(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** Whether it lets every event in. */
    public boolean takesAll() {
        return json.equals("{}");
    }
}
