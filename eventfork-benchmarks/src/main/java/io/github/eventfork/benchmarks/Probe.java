package io.github.eventfork.benchmarks;

import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks a server that is starting, until it answers. */
final class Probe {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().proxy(ProxySelector.of(null)).build();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Probe() {}

    /** Answers when {@code ListTopics} was answered. */
    static void awaitAnswer(URI endpoint, Process process) throws IOException, InterruptedException {
        HttpRequest listTopics = HttpRequest.newBuilder(endpoint)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sns/aws4_request, SignedHeaders=host, Signature=0")
                .POST(HttpRequest.BodyPublishers.ofString("Action=ListTopics&Version=2010-03-31"))
                .build();
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < PATIENCE.toNanos()) {
            if (!process.isAlive()) {
                throw new IOException("the server ended with exit code " + process.exitValue());
            }
            try {
                if (HTTP.send(listTopics, HttpResponse.BodyHandlers.discarding())
                                .statusCode()
                        == 200) {
                    return;
                }
            } catch (IOException notYet) {
                // it does not listen yet
            }
            Thread.sleep(5);
        }
        throw new IOException("the server did not answer within " + PATIENCE.toSeconds() + " s");
    }
}
