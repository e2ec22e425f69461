package io.github.eventfork.examples.cli;

import io.github.eventfork.examples.run.Loopback;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.SnsClientBuilder;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.SqsAsyncClientBuilder;

/**
 * Where SNS and SQS are, and who asks them. Filled by picocli.
 *
 * <p>Region and credentials are found as every AWS SDK finds them. A server on this machine asks for neither: it is told
 * the Region of {@code eventfork-local}, and credentials that are nobody's.
 */
final class Connection {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Region LOCAL = Region.US_EAST_1;

    @Option(
            names = "--endpoint",
            paramLabel = "URL",
            defaultValue = "${env:AWS_ENDPOINT_URL}",
            description = "a local server instead of AWS, such as http://127.0.0.1:4100 (default: AWS_ENDPOINT_URL)")
    private @Nullable URI endpoint;

    @Option(
            names = "--region",
            paramLabel = "NAME",
            description = "the Region (default: that of the ARN or URL, or as the AWS CLI finds it)")
    private @Nullable String region;

    /** For picocli. */
    Connection() {}

    /** Whether the endpoint is on this machine. */
    boolean isLocal() {
        return endpoint != null && isLocal(endpoint);
    }

    /** A client of SNS, for a topic in a Region that may be known. */
    SnsClient sns(Optional<String> itsRegion) {
        SnsClientBuilder client = SnsClient.builder();
        if (isLocal()) {
            client.httpClientBuilder(Loopback.http());
        }
        return configured(client, Optional.ofNullable(endpoint), itsRegion).build();
    }

    /** A client of SQS, for {@code queue}, whose URL says where a server is that is not AWS. */
    SqsAsyncClient sqs(QueueReference queue) {
        Optional<URI> server = Optional.ofNullable(endpoint).or(queue::server);
        SqsAsyncClientBuilder client = SqsAsyncClient.builder();
        if (server.filter(Connection::isLocal).isPresent()) {
            client.httpClientBuilder(Loopback.asyncHttp());
        }
        return configured(client, server, queue.region()).build();
    }

    private <B extends AwsClientBuilder<B, ?>> B configured(
            B client, Optional<URI> server, Optional<String> itsRegion) {
        server.ifPresent(client::endpointOverride);
        boolean local = server.filter(Connection::isLocal).isPresent();
        return client.region(Optional.ofNullable(region)
                        .or(() -> itsRegion)
                        .map(Region::of)
                        .orElseGet(() -> local ? LOCAL : usersRegion()))
                .credentialsProvider(local ? Loopback.credentials() : usersCredentials());
    }

    private static boolean isLocal(URI server) {
        return server.getHost() != null && LOOPBACK.contains(server.getHost());
    }

    private static Region usersRegion() {
        try {
            return new DefaultAwsRegionProviderChain().getRegion();
        } catch (SdkClientException e) {
            throw new CommandException("no Region is known: give --region, or set AWS_REGION", e);
        }
    }

    private static AwsCredentialsProvider usersCredentials() {
        AwsCredentialsProvider provider = DefaultCredentialsProvider.builder().build();
        try {
            provider.resolveCredentials();
            return provider;
        } catch (SdkClientException e) {
            throw new CommandException(
                    "no AWS credentials are found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE;"
                            + " for a local server give --endpoint",
                    e);
        }
    }
}
