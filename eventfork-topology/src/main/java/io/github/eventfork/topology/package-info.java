/**
 * The fan-out from the forks: a topic, and for each fork its queue, dead-letter queue and filter policy.
 * A {@link Topology} holds a {@link ForkQueue} per fork; {@code createOn} makes AWS look like it and answers with a
 * {@link Deployed}; {@code toSamTemplate} renders it with a function for each fork, by its {@link FunctionSettings}.
 * Start at {@link Topology#of(String)}.
 */
@NullMarked
package io.github.eventfork.topology;

import org.jspecify.annotations.NullMarked;
