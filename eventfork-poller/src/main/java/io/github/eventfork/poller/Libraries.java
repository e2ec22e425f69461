package io.github.eventfork.poller;

import io.github.eventfork.classpath.Library;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a poller needs on the class path, beside what its fork needs: of the AWS SDK what {@link SqsMessageQueue} calls,
 * and, unless it is given a client, what {@link OwnClient} is made of.
 *
 * <p>The versions stand in README.md too, and a test runs a poller on each of them, and on the one before.
 */
final class Libraries {

    private static final String VERSION = "software.amazon.awssdk.core.util.VersionInfo#SDK_VERSION";

    private static final Library SQS = new Library(
            "sqs",
            "2.25.48",
            "software.amazon.awssdk.services.sqs.SqsAsyncClient",
            "software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest$Builder#messageSystemAttributeNames",
            VERSION,
            "import software.amazon.awssdk:bom 2.25.48 or newer in your build");

    private static final Library CORE = new Library(
            "sdk-core",
            "2.26.0",
            "software.amazon.awssdk.core.client.config.ClientOverrideConfiguration",
            "software.amazon.awssdk.retries.DefaultRetryStrategy",
            VERSION,
            "give the poller a client(..), or import software.amazon.awssdk:bom 2.26.0 or newer in your build");

    private static final Library NETTY = new Library(
            "netty-nio-client",
            "2.26.0",
            "software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient",
            "software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient",
            VERSION,
            "give the poller a client(..), or depend on software.amazon.awssdk:netty-nio-client");

    private Libraries() {}

    /**
     * Refuses to go on if something is missing or too old.
     *
     * @throws IllegalStateException if so: what was found, and what to do, is in the text
     */
    static void check(String fork, boolean ownClient) {
        ClassLoader loader = Libraries.class.getClassLoader();
        List<String> problems = (ownClient ? Stream.of(SQS, CORE, NETTY) : Stream.of(SQS))
                .map(library -> library.problem(loader))
                .flatMap(Optional::stream)
                .toList();
        if (!problems.isEmpty()) {
            throw new IllegalStateException(
                    "Fork '" + fork + "': its poller can't run: " + String.join("; ", problems) + ".");
        }
    }
}
