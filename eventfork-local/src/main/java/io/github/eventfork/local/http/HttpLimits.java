package io.github.eventfork.local.http;

import java.time.Duration;

/**
 * What callers can take of a server.
 *
 * @param connections how many there are at once; one more takes the place of one that is idle, or gets status 503. As many
 *     threads answer at most
 * @param bodyBytes how long a body is read; what is longer reaches the server as a body that was too long
 * @param freeBytes how much of each body is taken in any case, so that small calls are answered while others hold all the rest
 * @param bytesInFlight what all bodies that are being received or answered hold together beyond that; more get status 503
 * @param requestTime within what time of its first byte a request is whole; else its connection is closed
 * @param idleTime how long a connection stays open between requests
 */
public record HttpLimits(
        int connections, int bodyBytes, int freeBytes, long bytesInFlight, Duration requestTime, Duration idleTime) {

    /** 1 MiB of text in which every byte is escaped as six, and what stands around it. */
    private static final int LONGEST_BODY = 8 * 1024 * 1024;

    private static final HttpLimits STANDARD = new HttpLimits(
            512, LONGEST_BODY, 16 * 1024, 8L * LONGEST_BODY, Duration.ofSeconds(10), Duration.ofSeconds(60));

    /** 512 connections, bodies of 8 MiB, 64 MiB in flight and 16 KiB of each, 10 s for a request, 60 s between two. */
    public static HttpLimits standard() {
        return STANDARD;
    }

    /** The same with other bounds on connections and on the time of a request. */
    HttpLimits with(int connections, Duration requestTime) {
        return new HttpLimits(connections, bodyBytes, freeBytes, bytesInFlight, requestTime, idleTime);
    }
}
