@NullMarked
package io.github.eventfork.local.http;

import org.jspecify.annotations.NullMarked;
