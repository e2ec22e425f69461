/**
 * Runs a fork behind an SQS event source mapping of AWS Lambda.
 * A {@link io.github.eventfork.lambda.ForkFunction} takes each record as a delivery, has the batch processed within the
 * invocation's time, and answers with exactly the records that SQS is to hand out again.
 * Start at {@link io.github.eventfork.lambda.ForkFunction}; {@link io.github.eventfork.lambda.Settings} has the options.
 */
@NullMarked
package io.github.eventfork.lambda;

import org.jspecify.annotations.NullMarked;
