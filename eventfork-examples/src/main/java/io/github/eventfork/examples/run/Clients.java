package io.github.eventfork.examples.run;

import io.github.eventfork.ForkRuntime;
import io.github.eventfork.local.LocalAws;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The SDK's own clients, which talk to this process instead of AWS: little but the endpoint is different. */
record Clients(SnsClient sns, SqsClient sqs, SqsAsyncClient pollers) implements AutoCloseable {

    static Clients of(LocalAws aws) {
        Region region = Region.of(aws.region());
        return new Clients(
                SnsClient.builder()
                        .httpClientBuilder(Loopback.http())
                        .endpointOverride(aws.endpoint())
                        .region(region)
                        .credentialsProvider(Loopback.credentials())
                        .build(),
                SqsClient.builder()
                        .httpClientBuilder(Loopback.http())
                        .endpointOverride(aws.endpoint())
                        .region(region)
                        .credentialsProvider(Loopback.credentials())
                        .build(),
                SqsAsyncClient.builder()
                        .httpClientBuilder(Loopback.asyncHttp())
                        .endpointOverride(aws.endpoint())
                        .region(region)
                        .credentialsProvider(Loopback.credentials())
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
