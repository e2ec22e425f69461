/**
 * SNS and SQS on loopback, inside the process: for tests, examples and trying things out without an account.
 * An HTTP server speaks SNS's query protocol; what is published is fanned out, through filter policies, to an embedded ElasticMQ.
 * Start at {@link io.github.eventfork.local.LocalAws}.
 */
@NullMarked
package io.github.eventfork.local;

import org.jspecify.annotations.NullMarked;
