/**
 * The conditions of an SNS filter policy, and the policy: what a {@link io.github.eventfork.filter.Condition} asks of an attribute or a
 * field, {@link io.github.eventfork.filter.Conditions} that hold together, and the
 * {@link io.github.eventfork.filter.FilterPolicy} that SNS is given.
 */
@NullMarked
package io.github.eventfork.filter;

import org.jspecify.annotations.NullMarked;
