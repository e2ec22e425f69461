/**
 * What must be on the class path beside us, told before the first message comes.
 * Whoever builds something that runs says which libraries it needs, and since which version; a {@link
 * io.github.eventfork.classpath.Library} says what is wrong with the one that is there.
 */
@NullMarked
package io.github.eventfork.classpath;

import org.jspecify.annotations.NullMarked;
