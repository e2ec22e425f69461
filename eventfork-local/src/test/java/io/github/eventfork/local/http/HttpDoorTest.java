package io.github.eventfork.local.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Over the wire, byte by byte: whatever stands behind the door. */
class HttpDoorTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LONG = Duration.ofMinutes(1);

    private final AtomicInteger asked = new AtomicInteger();
    private final List<Socket> sockets = new ArrayList<>();
    private HttpDoor door = open(HttpLimits.standard());

    @AfterEach
    void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        door.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // what asks for another host, or for none of ours
                "GET //127.0.0.1:{other}/ HTTP/1.1~Host: localhost                              | 400",
                "GET //evil.example/ HTTP/1.1~Host: localhost                                   | 400",
                "GET ///evil.example/ HTTP/1.1~Host: localhost                                  | 400",
                "GET http://127.0.0.1:{other}/ HTTP/1.1~Host: localhost                         | 400",
                "GET http://localhost/ HTTP/1.1~Host: localhost                                 | 400",
                "GET localhost:80 HTTP/1.1~Host: localhost                                      | 400",
                "CONNECT 127.0.0.1:{other} HTTP/1.1~Host: localhost                             | 400",
                "GET * HTTP/1.1~Host: localhost                                                 | 400",
                "GET /\\evil.example HTTP/1.1~Host: localhost                                   | 400",
                "GET /%zz HTTP/1.1~Host: localhost                                              | 400",
                "GET / HTTP/1.1                                                                 | 400",
                "GET / HTTP/1.1~Host: localhost~Host: localhost                                 | 400",
                "nonsense                                                                       | 400",
                // what a name was resolved to us for
                "GET / HTTP/1.1~Host: evil.example                                              | 403",
                "GET / HTTP/1.1~Host: evil.example:{port}                                       | 403",
                "GET / HTTP/1.1~Host: localhost.evil.example                                    | 403",
                "GET / HTTP/1.1~Host: 127.0.0.1.evil.example                                    | 403",
                "GET / HTTP/1.1~Host: 128.0.0.1                                                 | 403",
                "GET / HTTP/1.1~Host: localhost@evil.example                                    | 403",
                "GET / HTTP/1.1~Host:                                                           | 403",
                // what a page wants
                "POST / HTTP/1.1~Host: localhost~Origin: https://evil.example~Content-Length: 0 | 403",
                "POST / HTTP/1.1~Host: localhost~Origin: null~Content-Length: 0                 | 403",
                "POST / HTTP/1.1~Host: localhost~Origin: http://localhost~Content-Length: 0     | 403",
                "GET / HTTP/1.1~Host: localhost~Sec-Fetch-Site: cross-site                      | 403",
                "GET / HTTP/1.1~Host: localhost~Sec-Fetch-Site: same-site                       | 403",
                "GET / HTTP/1.1~Host: localhost~Referer: https://evil.example/                  | 403",
                "GET / HTTP/1.1~Host: localhost~User-Agent: Mozilla/5.0                         | 403"
            })
    void what_must_not_be_answered_is_not(String request, int status) throws IOException {
        try (ServerSocket other = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            String head = request.replace("{other}", "" + other.getLocalPort()).replace("{port}", "" + door.port());

            assertThat(status(send(head.strip().replace("~", "\r\n") + "\r\n\r\n")))
                    .isEqualTo(status);

            assertThat(asked).hasValue(0);
            other.setSoTimeout(50);
            assertThatThrownBy(other::accept).as("nobody is connected to").isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /a?b=c HTTP/1.1~Host: localhost:{port}",
                "GET / HTTP/1.1~Host: LOCALHOST",
                "GET / HTTP/1.1~Host: 127.0.0.1:{port}",
                "GET / HTTP/1.1~Host: 127.1.2.3",
                "GET / HTTP/1.1~Host: [::1]:{port}",
                "GET / HTTP/1.1~Host: host.docker.internal:{port}",
                "GET / HTTP/1.0",
                "GET / HTTP/1.1~Host: localhost~Sec-Fetch-Site: none",
                "POST / HTTP/1.1~Host: localhost~Content-Length: 4~~body",
                "POST / HTTP/1.1~Host: localhost~Transfer-Encoding: chunked~~4~body~0~"
            })
    void what_comes_from_this_machine_is(String request) throws IOException {
        String sent = request.replace("{port}", "" + door.port()).replace("~", "\r\n");

        String answer = answer(send(sent + (sent.contains("\r\n\r\n") ? "\r\n" : "\r\n\r\n")));

        assertThat(answer).startsWith("HTTP/1.1 200 ");
        assertThat(asked).hasValue(1);
    }

    @Test
    void a_connection_is_used_again() throws IOException {
        Socket socket = send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(status(socket)).isEqualTo(200);
        readBody(socket, "[]");

        socket.getOutputStream()
                .write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nxy".getBytes(UTF_8));

        assertThat(status(socket)).isEqualTo(200);
        readBody(socket, "[xy]");
    }

    @Test
    void more_connections_than_it_has_room_for_are_refused_and_it_answers_again_when_they_are_gone()
            throws IOException {
        reopen(HttpLimits.standard().with(10, LONG));
        List<Socket> halfOpen = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            halfOpen.add(send("GET / HT"));
        }
        await().atMost(PATIENCE).until(() -> door.load().startsWith("10 ") && door.idle() == 0);

        assertThat(status(send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"))).isEqualTo(503);

        for (Socket socket : halfOpen) {
            socket.close();
        }
        await().atMost(PATIENCE).until(() -> door.load().startsWith("0 "));
        assertThat(status(send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"))).isEqualTo(200);
    }

    @Test
    void one_that_is_kept_for_later_gives_way_to_one_that_wants_something_now() throws IOException {
        reopen(HttpLimits.standard().with(10, LONG));
        Socket first = send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(status(first)).isEqualTo(200);
        readBody(first, "[]");
        for (int i = 0; i < 30; i++) {
            Socket socket = send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(status(socket)).isEqualTo(200);
            readBody(socket, "[]");
        }

        assertThat(first.getInputStream().read()).isEqualTo(-1);
        await().atMost(PATIENCE).until(() -> door.load().startsWith("10 "));
    }

    @Test
    void a_flood_of_connections_holds_no_more_than_twice_that() throws IOException {
        reopen(HttpLimits.standard().with(10, LONG));

        for (int i = 0; i < 300; i++) {
            connect();
        }

        await().atMost(PATIENCE).until(() -> Integer.parseInt(door.load().split(" ", 2)[0]) <= 10);
    }

    @ParameterizedTest
    @CsvSource({
        "GET / HT",
        "'GET / HTTP/1.1\r\nHost: local'",
        "'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf'"
    })
    void a_request_that_is_not_whole_in_time_is_over(String begun) throws IOException {
        reopen(HttpLimits.standard().with(10, Duration.ofMillis(200)));

        Socket socket = send(begun);

        assertThat(socket.getInputStream().read()).isEqualTo(-1);
        assertThat(asked).hasValue(0);
        await().atMost(PATIENCE).until(() -> door.load().equals("0 connections, 0 bytes"));
    }

    @Test
    void half_sent_bodies_hold_no_more_than_they_may_together_and_it_answers_again_when_they_are_gone()
            throws IOException {
        reopen(new HttpLimits(50, 8_192, 100, 12_000, LONG, LONG));
        byte[] half = new byte[6_000];
        List<Socket> begun = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Socket socket = send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8000\r\n\r\n");
            socket.getOutputStream().write(half);
            begun.add(socket);
        }
        await().atMost(PATIENCE).until(() -> door.load().equals("2 connections, 11800 bytes"));

        Socket third = send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8000\r\n\r\n");
        third.getOutputStream().write(half);
        assertThat(status(third)).isEqualTo(503);
        third.close();

        // but a small call is answered meanwhile
        Socket small = send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nxy");
        assertThat(status(small)).isEqualTo(200);
        small.close();

        for (Socket socket : begun) {
            socket.close();
        }
        await().atMost(PATIENCE).until(() -> door.load().equals("0 connections, 0 bytes"));
        assertThat(status(send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nxy")))
                .isEqualTo(200);
    }

    @Test
    void a_body_that_is_too_long_is_answered_without_having_been_kept() throws IOException {
        reopen(new HttpLimits(50, 8_192, 100, 12_000, LONG, LONG));

        Socket socket =
                send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(100_000));

        assertThat(status(socket)).isEqualTo(200);
        readBody(socket, "too long");
        assertThat(door.load()).endsWith(" 0 bytes");
    }

    @Test
    void one_without_an_end_is_refused() throws IOException {
        reopen(new HttpLimits(50, 8_192, 100, 12_000, LONG, LONG));
        Socket socket = send("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
        byte[] chunk = ("10000\r\n" + "x".repeat(0x10000) + "\r\n").getBytes(ISO_8859_1);
        Thread flood = new Thread(() -> {
            try {
                for (int i = 0; i < 2_000; i++) {
                    socket.getOutputStream().write(chunk);
                }
            } catch (IOException refused) {
                // as it should be
            }
        });
        flood.setDaemon(true);
        flood.start();

        assertThat(status(socket)).isEqualTo(413);
    }

    @Test
    void heads_without_an_end_are_refused() throws IOException {
        assertThat(status(send("GET /" + "x".repeat(70_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n")))
                .isEqualTo(400);
        assertThat(status(send("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(40_000) + "\r\n\r\n")))
                .isEqualTo(400);
    }

    @Test
    void its_end_closes_what_is_being_answered() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        door.close();
        door = HttpDoor.bind("door", any(), Set.of(), HttpLimits.standard());
        door.start(call -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
            throw new IOException("ended");
        });
        Socket socket = send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        begun.await();

        door.close();

        assertThat(socket.getInputStream().read()).isEqualTo(-1);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("door-io-") && thread.isAlive());
    }

    @Test
    void a_port_that_is_in_use_is_told() {
        assertThatThrownBy(() -> HttpDoor.bind(
                        "second",
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), door.port()),
                        Set.of(),
                        HttpLimits.standard()))
                .isInstanceOf(BindException.class);
    }

    @Test
    void a_health_check_may_come_by_any_name_but_not_from_a_page() throws IOException {
        door.close();
        door = HttpDoor.bindForAnyHost("door", any(), HttpLimits.standard());
        start();

        assertThat(status(send("GET / HTTP/1.1\r\nHost: 10.1.2.3:8080\r\n\r\n")))
                .isEqualTo(200);
        assertThat(status(send("GET / HTTP/1.1\r\nHost: 10.1.2.3\r\nOrigin: http://evil.example\r\n\r\n")))
                .isEqualTo(403);
    }

    private HttpDoor open(HttpLimits limits) {
        try {
            door = HttpDoor.bind("door", any(), Set.of("host.docker.internal"), limits);
            start();
            return door;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void reopen(HttpLimits limits) {
        door.close();
        open(limits);
    }

    private void start() {
        door.start(call -> {
            asked.incrementAndGet();
            String body = call.body()
                    .map(bytes -> "[" + new String(bytes, UTF_8) + "]")
                    .orElse("too long");
            return new HttpAnswer(200, "text/plain", body.getBytes(UTF_8));
        });
    }

    private static InetSocketAddress any() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.port());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        sockets.add(socket);
        return socket;
    }

    private Socket send(String request) throws IOException {
        Socket socket = connect();
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
        return socket;
    }

    private static int status(Socket socket) throws IOException {
        return Integer.parseInt(answer(socket).split(" ")[1]);
    }

    /** Status line and headers. */
    private static String answer(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("it ended after: " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static void readBody(Socket socket, String body) throws IOException {
        assertThat(new String(socket.getInputStream().readNBytes(body.length()), UTF_8))
                .isEqualTo(body);
    }
}
