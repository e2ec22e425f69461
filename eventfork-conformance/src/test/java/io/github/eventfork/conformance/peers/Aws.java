package io.github.eventfork.conformance.peers;

import io.github.eventfork.local.LocalAws;
import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * A server that is up, and clients on it that never try a call again: what it answers first is what it answers.
 *
 * @param settlesInSeconds how long after a call its effects may still be missing
 */
record Aws(URI snsUri, URI sqsUri, SnsClient sns, SqsClient sqs, int settlesInSeconds, Runnable end)
        implements AutoCloseable {

    static final String REGION = "us-east-1";

    /** Ours, started for this. */
    static Aws local() {
        LocalAws local = LocalAws.start();
        return at(local.endpoint(), local.endpoint(), 0, local::close);
    }

    static Aws at(URI snsUri, URI sqsUri, int settlesInSeconds, Runnable end) {
        return new Aws(
                snsUri,
                sqsUri,
                on(snsUri, SnsClient.builder()).build(),
                on(sqsUri, SqsClient.builder()).build(),
                settlesInSeconds,
                end);
    }

    private static <B extends AwsClientBuilder<B, C>, C> B on(URI endpoint, B builder) {
        return builder.endpointOverride(endpoint)
                .region(Region.of(REGION))
                .overrideConfiguration(options -> options.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")));
    }

    @Override
    public void close() {
        sqs.close();
        sns.close();
        end.run();
    }
}
