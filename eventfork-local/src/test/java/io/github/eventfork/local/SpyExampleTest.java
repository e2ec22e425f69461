package io.github.eventfork.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The example of spy and faults in docs/local.md. */
class SpyExampleTest {

    @Test
    void a_test_sees_what_happened_and_says_what_goes_wrong() {
        try (LocalAws local = LocalAws.builder().seed(42).start();
                SnsClient sns = LocalClients.sns(local);
                SqsClient sqs = LocalClients.sqs(local)) {
            String topic = sns.createTopic(request -> request.name("events")).topicArn();
            String url = sqs.createQueue(request -> request.queueName("chat")).queueUrl();
            sns.subscribe(request -> request.topicArn(topic)
                    .protocol("sqs")
                    .endpoint("arn:aws:sqs:us-east-1:000000000000:chat")
                    .attributes(Map.of("FilterPolicy", "{\"event\":[\"signup\"]}")));

            // example
            Spy spy = local.spy();
            sns.publish(request -> request.topicArn(topic)
                    .message("{}")
                    .messageAttributes(Map.of(
                            "event",
                            MessageAttributeValue.builder()
                                    .dataType("String")
                                    .stringValue("login")
                                    .build())));

            // why did the chat get nothing? its policy asks for another event
            Published login = spy.awaitPublished(1, Duration.ofSeconds(10)).get(0);
            assertThat(login.decisionOf("chat").orElseThrow().refusedBy()).contains("event");
            assertThat(spy.queue("chat")).isEmpty();

            // a delete that SQS forgets, and a receive in seven that comes late
            local.faults()
                    .next("DeleteMessage", Fault.forgotten())
                    .byChance("ReceiveMessage", 1 / 7.0, Fault.delayed(Duration.ofMillis(200)))
                    .duplicates(0.05)
                    .disorder();
            sqs.sendMessage(request -> request.queueUrl(url).messageBody("hello"));
            sqs.receiveMessage(request -> request.queueUrl(url))
                    .messages()
                    .forEach(message ->
                            sqs.deleteMessage(request -> request.queueUrl(url).receiptHandle(message.receiptHandle())));
            assertThat(spy.queue("chat")).extracting(Standing::receiveCount).containsExactly(1);

            // what the role of this program would have to allow
            assertThat(spy.iamActions().get(topic)).containsExactly("sns:CreateTopic", "sns:Publish", "sns:Subscribe");
            assertThat(spy.iamPolicy()).contains("sqs:DeleteMessage");
        }
    }
}
