/**
 * Runs a fork on an SQS queue by the AWS SDK for Java 2, anywhere but in Lambda; and settles for forks in Lambda.
 * {@code SqsMessageQueue} implements core's port to a queue and decides nothing; core's engine polls, leases and settles.
 * Start at {@link io.github.eventfork.poller.SqsPoller}; in Lambda, at {@link io.github.eventfork.poller.SqsSettler}.
 */
@NullMarked
package io.github.eventfork.poller;

import org.jspecify.annotations.NullMarked;
