/**
 * Turns the text of a payload into the type that a route asks for.
 * A {@link PayloadReader} reads it or throws a {@link PayloadException}, which says where and why without quoting a
 * value; {@link JacksonPayloads} is the one that eventfork brings, and the only type with Jackson's in its signatures.
 * Start at {@link PayloadReader}; write your own for formats other than JSON.
 */
@NullMarked
package io.github.eventfork.payload;

import org.jspecify.annotations.NullMarked;
