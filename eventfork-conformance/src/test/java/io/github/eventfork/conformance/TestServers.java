package io.github.eventfork.conformance;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The servers of a test class: each is started when a test first asks for it, and closed after the last test. */
final class TestServers implements AfterAllCallback {

    private final Map<TestServer, Endpoints> started = new EnumMap<>(TestServer.class);

    /** The server, up; aborts the test if there is none of that kind here. */
    Endpoints on(TestServer server) {
        return started.computeIfAbsent(server, TestServer::start);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        started.values().forEach(Endpoints::close);
        started.clear();
    }
}
