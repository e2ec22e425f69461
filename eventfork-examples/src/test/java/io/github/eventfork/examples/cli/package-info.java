/**
 * What the commands do, as specifications: with a local SNS and SQS where they talk to AWS, and with a server that
 * refuses where AWS would.
 * Start at {@code PublishCommandTest}.
 */
@NullMarked
package io.github.eventfork.examples.cli;

import org.jspecify.annotations.NullMarked;
