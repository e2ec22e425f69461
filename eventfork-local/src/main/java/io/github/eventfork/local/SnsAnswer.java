package io.github.eventfork.local;

import java.util.Set;

/** What is sent back: an HTTP status and an XML document in the form of the query protocol. */
record SnsAnswer(int status, String xml) {
    private static final String NAMESPACE = "http://sns.amazonaws.com/doc/2010-03-31/";

    /** Those that have no result element in AWS's API model; with others it may be empty. */
    private static final Set<String> WITHOUT_RESULT =
            Set.of("DeleteTopic", "SetTopicAttributes", "Unsubscribe", "SetSubscriptionAttributes");

    static SnsAnswer success(String action, String requestId, XmlWriter result) {
        XmlWriter document = new XmlWriter();
        document.root(action + "Response", NAMESPACE, response -> {
            if (!WITHOUT_RESULT.contains(action)) {
                response.element(action + "Result", inside -> inside.all(result));
            }
            response.element("ResponseMetadata", metadata -> metadata.element("RequestId", requestId));
        });
        return new SnsAnswer(200, document.toString());
    }

    static SnsAnswer error(SnsError error, String requestId) {
        XmlWriter document = new XmlWriter();
        document.root("ErrorResponse", NAMESPACE, response -> {
            response.element(
                    "Error",
                    inside -> inside.element("Type", error.status() < 500 ? "Sender" : "Receiver")
                            .element("Code", error.code())
                            .element("Message", error.text()));
            response.element("RequestId", requestId);
        });
        return new SnsAnswer(error.status(), document.toString());
    }
}
