/** The fan-out from the forks: topic, queues, dead-letter queues, filter policies. */
module io.github.eventfork.topology {
    requires transitive io.github.eventfork;
    requires transitive software.amazon.awssdk.services.sns;
    requires transitive software.amazon.awssdk.services.sqs;
    requires com.fasterxml.jackson.dataformat.yaml;
    requires software.amazon.awssdk.awscore;
    requires software.amazon.awssdk.core;
    requires org.slf4j;
    requires static org.jspecify;

    exports io.github.eventfork.topology;
}
