package io.github.eventfork.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a web page, or a name that was resolved to this machine, can do with a running local server: nothing. */
class StrangersOnTheWireTest {

    private static final String CREATE = "Action=CreateTopic&Name=theirs";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /?Action=CreateTopic&Name=theirs HTTP/1.1 | Host: localhost~Sec-Fetch-Site: cross-site     | 403",
                "GET /?Action=CreateTopic&Name=theirs HTTP/1.1 | Host: evil.example                             | 403",
                "POST / HTTP/1.1                               | Host: localhost~Origin: https://evil.example   | 403",
                "POST / HTTP/1.1                               | Host: localhost~Origin: null                   | 403",
                "POST / HTTP/1.1                               | Host: evil.example                             | 403",
                "POST //evil.example/ HTTP/1.1                 | Host: localhost                                | 400",
                "POST http://evil.example/ HTTP/1.1            | Host: localhost                                | 400",
                "POST / HTTP/1.1                               | Host: localhost                                | 200",
                "POST / HTTP/1.1                               | Host: known.example                            | 200"
            })
    void is_told_by_the_topics_that_there_are_afterwards(String line, String headers, int status) throws IOException {
        try (LocalAws aws = LocalAws.builder().hostName("Known.example").start()) {
            String body = line.startsWith("POST") ? CREATE : "";

            String answer = send(
                    aws,
                    line.strip() + "\r\n" + headers.strip().replace("~", "\r\n")
                            + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " + body.length()
                            + "\r\nConnection: close\r\n\r\n" + body);

            assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
            String topics =
                    send(aws, "GET /?Action=ListTopics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(topics.contains(":theirs")).isEqualTo(status == 200);
        }
    }

    private static String send(LocalAws aws, String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", aws.endpoint().getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
