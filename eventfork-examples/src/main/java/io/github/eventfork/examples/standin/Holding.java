package io.github.eventfork.examples.standin;

/**
 * What a service was asked, and what it has of it.
 *
 * @param service the name of the fork that it serves
 * @param calls how often it was called
 * @param refused how many of the calls it did not do
 * @param repeated how many of the calls it did brought what it had already
 * @param holds how many things it holds: events counted, people, posts
 */
public record Holding(String service, long calls, long refused, long repeated, long holds) {}
