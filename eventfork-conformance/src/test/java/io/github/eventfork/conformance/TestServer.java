package io.github.eventfork.conformance;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.eventfork.local.LocalAws;
import java.net.URI;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

/** The SNS and SQS servers that a test can run on. One that is not there skips the test, and says why. */
enum TestServer {

    /** In this process. */
    EMBEDDED {
        @Override
        Endpoints start() {
            LocalAws local = LocalAws.start();
            return new Endpoints(local.endpoint(), local.endpoint(), local::close);
        }
    },

    /** In a container. The token is needed by images since March 2026 only; it is passed on for whoever changes the tag. */
    LOCALSTACK {
        @Override
        @SuppressWarnings("resource") // closed by what is returned
        Endpoints start() {
            assumeTrue(
                    DockerClientFactory.instance().isDockerAvailable(), "LocalStack needs Docker: there is none here");
            LocalStackContainer container = new LocalStackContainer(LOCALSTACK_IMAGE).withServices("sns", "sqs");
            String token = System.getenv(LOCALSTACK_TOKEN);
            if (token != null) {
                container.withEnv(LOCALSTACK_TOKEN, token);
            }
            container.start();
            return new Endpoints(container.getEndpoint(), container.getEndpoint(), container::close);
        }
    },

    /** Anywhere: one URL for both. */
    GIVEN {
        @Override
        Endpoints start() {
            String url = System.getenv(ENDPOINT);
            if (url == null || url.isBlank()) {
                return abort(ENDPOINT + " names no server: set it to a URL that answers for SNS and SQS");
            }
            return new Endpoints(URI.create(url), URI.create(url), () -> {});
        }
    };

    private static final String ENDPOINT = "EVENTFORK_TEST_ENDPOINT";
    private static final String LOCALSTACK_TOKEN = "LOCALSTACK_AUTH_TOKEN";

    /** From before 2026-03-23, when the images began to ask for a token. */
    private static final DockerImageName LOCALSTACK_IMAGE = DockerImageName.parse("localstack/localstack:4.12.0");

    /** Starts it. Its endpoints are to be closed. */
    abstract Endpoints start();
}
