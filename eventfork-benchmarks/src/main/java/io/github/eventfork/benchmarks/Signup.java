package io.github.eventfork.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.eventfork.Fork;

/**
 * The event that all programs use.
 *
 * @param n its number in its run
 */
record Signup(long n, String email, String plan, String note) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NOTIFICATION = notification();

    /** What is done with one. */
    interface Handler {
        void handle(Signup signup) throws InterruptedException;
    }

    /** The body of a message with the signup of this number: a notification of SNS. */
    static String body(long n) {
        return NOTIFICATION.formatted(n);
    }

    private static String notification() {
        String payload =
                "{\\\"n\\\":%d,\\\"email\\\":\\\"ada@example.org\\\",\\\"plan\\\":\\\"pro\\\",\\\"note\\\":\\\""
                        + "x".repeat(200) + "\\\"}";
        return """
                {"Type":"Notification","MessageId":"22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",\
                "TopicArn":"arn:aws:sns:us-east-1:123456789012:user-events","Message":"PAYLOAD",\
                "Timestamp":"2026-01-01T00:00:00.000Z","SignatureVersion":"1","Signature":"SIGNATURE",\
                "SigningCertURL":"https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0.pem",\
                "UnsubscribeURL":"https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe",\
                "MessageAttributes":{"event":{"Type":"String","Value":"signup"}}}""".replace("PAYLOAD", payload).replace("SIGNATURE", "EXAMPLE".repeat(40));
    }

    /** A fork that hands each to {@code handler}. */
    static Fork fork(Handler handler) {
        return Fork.named("bench")
                .on("signup", Signup.class, event -> handler.handle(event.payload()))
                .build();
    }

    /** What a loop by hand does with a body: takes it out of its envelope, looks at its type, reads it. */
    static Signup byHand(String body) {
        try {
            JsonNode notification = JSON.readTree(body);
            String type = notification.at("/MessageAttributes/event/Value").asText();
            if (!type.equals("signup")) {
                throw new IllegalArgumentException("not a signup");
            }
            return JSON.readValue(notification.path("Message").asText(), Signup.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a signup", e);
        }
    }
}
