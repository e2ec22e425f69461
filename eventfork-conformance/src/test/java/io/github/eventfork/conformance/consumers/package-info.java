/**
 * Projects of users: what they get of what is published, on the libraries that they have.
 * A consumer is a POM that a test writes and Maven resolves, outside the reactor, and a program that runs on what comes of it.
 */
package io.github.eventfork.conformance.consumers;
