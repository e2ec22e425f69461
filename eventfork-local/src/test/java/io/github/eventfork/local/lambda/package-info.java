@NullMarked
package io.github.eventfork.local.lambda;

import org.jspecify.annotations.NullMarked;
