/**
 * The examples of the documentation, compiled and run, and the documentation held to them: a block of Java on a page
 * stands word for word in a source of this package or of the examples, a link leads somewhere, a session on the command line is replayed.
 * Start at {@link io.github.eventfork.conformance.docs.DocsTest}.
 */
package io.github.eventfork.conformance.docs;
