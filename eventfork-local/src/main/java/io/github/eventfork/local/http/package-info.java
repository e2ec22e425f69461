/**
 * The one way in of every server that runs beside a test or a local run: bounded in connections, bytes and time, and closed to
 * web pages and to other hosts. Start at {@link HttpDoor}.
 */
@NullMarked
package io.github.eventfork.local.http;

import org.jspecify.annotations.NullMarked;
