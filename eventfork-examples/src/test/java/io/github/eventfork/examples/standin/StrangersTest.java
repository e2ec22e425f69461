package io.github.eventfork.examples.standin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a web page can do with the stand-ins: nothing. */
class StrangersTest {

    private static final String TROUBLE = "analytics=fail:60s";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Host: localhost~Origin: https://evil.example        | 403",
                "Host: localhost~Sec-Fetch-Site: cross-site          | 403",
                "Host: evil.example                                  | 403",
                "Host: localhost                                     | 200"
            })
    void trouble_is_made_by_nobodys_page(String headers, int status) throws IOException {
        try (StandIns standIns = StandIns.start(0)) {
            String answer = send(standIns, "POST /trouble", headers, TROUBLE);

            assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
            assertThat(send(standIns, "POST /v1/track", "Host: localhost~Content-Type: application/json", "{}"))
                    .startsWith(status == 200 ? "HTTP/1.1 500 " : "HTTP/1.1 401 ");
        }
    }

    private static String send(StandIns standIns, String line, String headers, String body) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", standIns.endpoint().getPort())) {
            String request = line + " HTTP/1.1\r\n" + headers.strip().replace("~", "\r\n") + "\r\nContent-Length: "
                    + body.length() + "\r\nConnection: close\r\n\r\n" + body;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
