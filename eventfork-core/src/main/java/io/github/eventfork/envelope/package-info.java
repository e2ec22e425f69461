/**
 * Takes a message body apart: what wraps the payload, what the wrapping says, and the payload itself.
 * An {@link EnvelopeReader} reads body and {@link Attributes} once into an {@link Envelope}; a {@link Pointer} finds one
 * value in the payload's JSON without building a tree.
 * Start at {@link EnvelopeReader}; everything here is strings in, parts out, and knows no AWS SDK class.
 */
@NullMarked
package io.github.eventfork.envelope;

import org.jspecify.annotations.NullMarked;
