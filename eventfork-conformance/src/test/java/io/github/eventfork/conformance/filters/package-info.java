/**
 * What a fork's conditions mean, said twice: by an oracle that knows the sentences of their javadoc and nothing of JSON
 * policies, and by the policy that SNS would get, asked of the testkit and of the local server, or by the event pattern that
 * EventBridge would get, asked of its matcher. Random forks and events must not tell them apart, and what comes through is what
 * the fork handles. Start at {@link io.github.eventfork.conformance.filters.FilterAgreementTest}.
 */
package io.github.eventfork.conformance.filters;
