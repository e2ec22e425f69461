/**
 * Runs a topology in this process, on an SNS and an SQS of its own, and tells what became of the events.
 * {@link io.github.eventfork.examples.run.EventFile} reads the events, {@link io.github.eventfork.examples.run.LocalRun} publishes
 * them to the topic and runs a poller or a Lambda function for each fork, and
 * {@link io.github.eventfork.examples.run.RunResult} says whether it adds up.
 * Start at {@link io.github.eventfork.examples.run.LocalRun}; nothing here knows which forks it runs.
 */
@NullMarked
package io.github.eventfork.examples.run;

import org.jspecify.annotations.NullMarked;
