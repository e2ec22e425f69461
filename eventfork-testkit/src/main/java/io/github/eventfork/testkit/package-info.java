/**
 * Lets users test their forks without a network.
 * {@link io.github.eventfork.testkit.SnsFilterPolicy} answers, with AWS's own matcher, which events a filter policy lets in.
 * Start at {@link io.github.eventfork.testkit.SnsFilterPolicy#of}.
 */
@NullMarked
package io.github.eventfork.testkit;

import org.jspecify.annotations.NullMarked;
