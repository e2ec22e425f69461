/**
 * Programs that measure, each beside a baseline of the same run; none asserts on time.
 * A {@link io.github.eventfork.benchmarks.Rival} is a server in turn, clients drive it, and the ratios are printed. A {@link
 * io.github.eventfork.benchmarks.Contender} consumes messages, beside a loop by hand.
 * Start at {@link io.github.eventfork.benchmarks.Main}.
 */
@NullMarked
package io.github.eventfork.benchmarks;

import org.jspecify.annotations.NullMarked;
