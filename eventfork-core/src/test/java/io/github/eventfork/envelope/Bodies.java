package io.github.eventfork.envelope;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** Bodies as AWS sends them, for tests to start from. */
final class Bodies {
    static final String TOPIC = "arn:aws:sns:us-east-2:111122223333:user-events";

    static final String MESSAGE_ATTRIBUTES = """
            {"event":{"Type":"String","Value":"signup"},"n":{"Type":"Number","Value":"1.50"},\
            "b":{"Type":"Binary","Value":"AgME"},"l":{"Type":"String.Array","Value":"[\\"a\\",1,null]"},\
            "bare":{"Type":"Number.int","Value":7}}""";

    static final String EVENT_BRIDGE = """
            {"version":"0","id":"eb-1","detail-type":"order placed","source":"shop","account":"111122223333",\
            "time":"2026-01-31T12:00:00Z","region":"us-east-2","resources":["r"],"detail":{"order" : [1, 2.50]}}""";

    static final String CLOUD_EVENT = """
            {"specversion":"1.0","id":"ce-1","source":"/shop","type":"order.placed","subject":"o-7",\
            "time":"2026-01-31T13:00:00+01:00","data":{"order" : 1.50}}""";

    private Bodies() {}

    static String notification(String message) {
        return """
                {"Type":"Notification","MessageId":"sns-1","TopicArn":"%s","Subject":"s","Message":%s,\
                "Timestamp":"2026-02-16T21:41:19.978Z","SignatureVersion":"1","Signature":"FMG5==",\
                "SigningCertURL":"https://x/y.pem","UnsubscribeURL":"https://x/","MessageAttributes":%s}""".formatted(TOPIC, quoted(message), MESSAGE_ATTRIBUTES);
    }

    /** A text as a JSON string. */
    static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }
}
