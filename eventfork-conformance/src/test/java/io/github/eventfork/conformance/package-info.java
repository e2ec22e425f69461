/**
 * One test class per promise, on the harness, on Lambda and on the poller; and the arrows between modules and packages.
 * A test cites the promise that it proves with {@link io.github.eventfork.conformance.Promise}.
 * Start at the class named for the promise that you doubt.
 */
package io.github.eventfork.conformance;
