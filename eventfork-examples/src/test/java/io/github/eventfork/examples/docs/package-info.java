/**
 * What {@code docs/add-a-fork.md} builds, step by step: its blocks of Java stand here, and a test does what it says.
 * Start at {@code AddAForkTest}.
 */
@NullMarked
package io.github.eventfork.examples.docs;

import org.jspecify.annotations.NullMarked;
