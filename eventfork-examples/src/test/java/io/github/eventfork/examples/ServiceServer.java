package io.github.eventfork.examples;

import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.github.eventfork.ForkRuntime;
import java.net.URI;
import java.time.Duration;

/** A service that answers as a test says. */
final class ServiceServer {

    private ServiceServer() {}

    static WireMockExtension onLoopback() {
        return WireMockExtension.newInstance()
                .options(options().dynamicPort().bindAddress("127.0.0.1"))
                .build();
    }

    static URI url(WireMockExtension server) {
        return URI.create("http://127.0.0.1:" + server.getPort());
    }

    /** With less patience than in earnest. */
    static HttpService impatient(Token token) {
        return new HttpService("the service", token, ForkRuntime.system(), Duration.ofMillis(400));
    }

    static HttpService calling(String token) {
        return new HttpService("the service", Token.of(token));
    }
}
