package io.github.eventfork.examples.run;

import io.github.eventfork.ForkRuntime;
import io.github.eventfork.local.LocalAws;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.apache5.ProxyConfiguration;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The SDK's own clients, which talk to this process instead of AWS: little but the endpoint is different. */
record Clients(SnsClient sns, SqsClient sqs, SqsAsyncClient pollers) implements AutoCloseable {

    /** Any will do here. */
    private static final StaticCredentialsProvider CREDENTIALS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local"));

    static Clients of(LocalAws aws) {
        Region region = Region.of(aws.region());
        return new Clients(
                SnsClient.builder()
                        .httpClientBuilder(direct())
                        .endpointOverride(aws.endpoint())
                        .region(region)
                        .credentialsProvider(CREDENTIALS)
                        .build(),
                SqsClient.builder()
                        .httpClientBuilder(direct())
                        .endpointOverride(aws.endpoint())
                        .region(region)
                        .credentialsProvider(CREDENTIALS)
                        .build(),
                SqsAsyncClient.builder()
                        .httpClientBuilder(directAsync())
                        .endpointOverride(aws.endpoint())
                        .region(region)
                        .credentialsProvider(CREDENTIALS)
                        .build());
    }

    /** Loopback is never behind the proxy that the machine may have. */
    private static SdkHttpClient.Builder<?> direct() {
        return Apache5HttpClient.builder()
                .proxyConfiguration(ProxyConfiguration.builder()
                        .useSystemPropertyValues(false)
                        .useEnvironmentVariableValues(false)
                        .build());
    }

    private static SdkAsyncHttpClient.Builder<?> directAsync() {
        return NettyNioAsyncHttpClient.builder()
                .proxyConfiguration(software.amazon.awssdk.http.nio.netty.ProxyConfiguration.builder()
                        .useSystemPropertyValues(false)
                        .useEnvironmentVariableValues(false)
                        .build());
    }

    /** Does not wait for the asynchronous client, whose event loop takes two seconds to see that nobody needs it. */
    @Override
    public void close() {
        sns.close();
        sqs.close();
        ForkRuntime.system().handlers().execute(pollers::close);
    }
}
