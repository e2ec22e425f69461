/** How what strangers wrote is shown in logs, messages and on terminals. */
@NullMarked
package io.github.eventfork.text;

import org.jspecify.annotations.NullMarked;
