package io.github.eventfork.examples.cli;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** An SNS that takes so many batches, and then knows its topic no more. */
final class BrokenOff implements AutoCloseable {

    private static final Pattern ID = Pattern.compile("PublishBatchRequestEntries\\.member\\.\\d+\\.Id=([^&]+)");

    private static final String GONE = """
            <ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type>
            <Code>NotFound</Code><Message>Topic does not exist</Message>
            </Error><RequestId>r</RequestId></ErrorResponse>""";

    private final HttpServer server;
    private final AtomicInteger asked = new AtomicInteger();
    private final int batches;
    private final Runnable last;

    /** Does {@code last} with the last of {@code batches}, before it is answered. */
    BrokenOff(int batches, Runnable last) {
        this.batches = batches;
        this.last = last;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", exchange -> {
            try (exchange) {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                boolean takes = asked.incrementAndGet() <= this.batches;
                if (asked.get() == this.batches) {
                    this.last.run();
                }
                byte[] answer = (takes ? taken(body) : GONE).getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "text/xml");
                exchange.sendResponseHeaders(takes ? 200 : 404, answer.length);
                exchange.getResponseBody().write(answer);
            }
        });
        server.start();
    }

    private static String taken(String body) {
        String members = ID.matcher(body)
                .results()
                .map(id -> "<member><Id>" + URLDecoder.decode(id.group(1), StandardCharsets.UTF_8)
                        + "</Id><MessageId>m</MessageId></member>")
                .collect(Collectors.joining());
        return "<PublishBatchResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishBatchResult><Successful>"
                + members + "</Successful><Failed/></PublishBatchResult></PublishBatchResponse>";
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
