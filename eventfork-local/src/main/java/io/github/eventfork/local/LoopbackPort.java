package io.github.eventfork.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;

/** The one address everything binds to, and what is said when its port is taken. */
final class LoopbackPort {
    static final String HOST = "127.0.0.1";

    private LoopbackPort() {}

    static InetSocketAddress address(int port) throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    }

    static URI endpoint(int port) {
        return URI.create("http://" + HOST + ":" + port);
    }

    static UncheckedIOException failure(int port, IOException cause) {
        String text = cause instanceof BindException
                ? "port " + port + " is in use, or may not be used: " + cause.getMessage()
                : "could not listen on port " + port;
        return new UncheckedIOException(text, cause);
    }
}
