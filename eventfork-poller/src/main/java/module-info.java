/** Forks on SQS by the AWS SDK for Java 2. */
module io.github.eventfork.poller {
    requires transitive io.github.eventfork;
    requires transitive software.amazon.awssdk.services.sqs;
    requires software.amazon.awssdk.awscore;
    requires software.amazon.awssdk.core;
    requires software.amazon.awssdk.http.nio.netty;
    requires software.amazon.awssdk.regions;
    requires software.amazon.awssdk.retries;
    requires com.fasterxml.jackson.databind;
    requires org.slf4j;
    requires static org.jspecify;
    requires static com.google.errorprone.annotations;

    exports io.github.eventfork.poller;
}
