/**
 * The commands of the executable jar: {@code run}, {@code publish}, {@code poll}, {@code topology}.
 * Each is a class that picocli fills from its arguments and calls; {@link io.github.eventfork.examples.cli.Tool} puts them together
 * and says in one line what went wrong. Which forks there are, a {@link io.github.eventfork.examples.cli.Catalog} says.
 * Start at {@link io.github.eventfork.examples.cli.Tool}.
 */
@NullMarked
package io.github.eventfork.examples.cli;

import org.jspecify.annotations.NullMarked;
