package io.github.eventfork.local.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/** A connection on which a test sends what it likes. Nothing waits longer than 20 s. */
public final class RawClient implements AutoCloseable {
    private final Socket socket;

    public RawClient(int port) throws IOException {
        socket = new Socket(InetAddress.getByName("127.0.0.1"), port);
        socket.setSoTimeout(20_000);
    }

    @CanIgnoreReturnValue
    public RawClient send(String text) throws IOException {
        return send(text.getBytes(ISO_8859_1));
    }

    @CanIgnoreReturnValue
    public RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** The status of the next answer that comes, or 0 if the connection ends without one. */
    public int status() {
        String line = line();
        return line.isEmpty() ? 0 : Integer.parseInt(line.split(" ", 3)[1]);
    }

    /** The next line, or what came of it before the connection ended. */
    public String line() {
        StringBuilder line = new StringBuilder();
        try {
            for (int next = socket.getInputStream().read();
                    next >= 0 && next != '\n';
                    next = socket.getInputStream().read()) {
                line.append((char) next);
            }
        } catch (IOException e) {
            // it was reset
        }
        return line.toString().trim();
    }

    /** All that comes until the connection ends. */
    public String rest() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
