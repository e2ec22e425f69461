/**
 * Lets users test their forks without a network or waiting. A {@link io.github.eventfork.testkit.ForkHarness} runs a fork on
 * the real engine, on an {@link io.github.eventfork.testkit.InMemoryQueue} in the time of a
 * {@link io.github.eventfork.testkit.VirtualRuntime}; {@link io.github.eventfork.testkit.SnsFilterPolicy} answers, with AWS's
 * own matcher, which events a filter policy lets in.
 * Start at {@link io.github.eventfork.testkit.ForkHarness#poller}.
 */
@NullMarked
package io.github.eventfork.testkit;

import org.jspecify.annotations.NullMarked;
