/**
 * The servers and clients of others: what moto, or any server that the environment names, answers to the same calls as
 * our local one, and what boto3 makes of ours.
 * A scenario is written once and yields a transcript on each server; where two transcripts differ, a row in
 * {@code known-differences.txt} says who is right. Start at {@link io.github.eventfork.conformance.peers.DifferentialIT}.
 */
package io.github.eventfork.conformance.peers;
