package io.github.eventfork.conformance.peers;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** What the SDK hides: elements and namespaces of answers, headers, and the codes on the wire. */
final class RawHttpScenarios {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String CREDENTIAL =
            "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/%s/aws4_request," + " SignedHeaders=host, Signature=0";

    private RawHttpScenarios() {}

    static List<Scenario> all() {
        return List.of(
                new Scenario("SNS on the wire", RawHttpScenarios::sns),
                new Scenario("SQS on the wire, JSON", RawHttpScenarios::sqsJson));
    }

    private static void sns(Session aws) throws Exception {
        String topic = aws.topic("events");
        query(aws, "get attributes", Map.of("Action", "GetTopicAttributes", "TopicArn", topic));
        query(aws, "delete, which has no result", Map.of("Action", "DeleteTopic", "TopicArn", topic));
        query(aws, "publish to what is gone", Map.of("Action", "Publish", "TopicArn", topic, "Message", "m"));
        query(aws, "an action that is none", Map.of("Action", "Sing"));
        query(aws, "no action", Map.of("TopicArn", topic));
        query(aws, "no name", Map.of("Action", "CreateTopic"));
    }

    private static void query(Session aws, String step, Map<String, String> parameters) throws Exception {
        Map<String, String> form = new LinkedHashMap<>(parameters);
        form.put("Version", "2010-03-31");
        String body = form.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpResponse<String> response = post(
                aws, aws.server().snsUri(), "sns", Map.of("Content-Type", "application/x-www-form-urlencoded"), body);
        Map<String, String> answer = new TreeMap<>();
        answer.put("answer", String.valueOf(response.statusCode()));
        answer.put("content type", contentType(response));
        try {
            Element root = root(response.body());
            answer.put("namespace", String.valueOf(root.getNamespaceURI()));
            describe(root, root.getLocalName(), answer);
        } catch (SAXException notXml) {
            answer.put("body", "no XML");
        }
        aws.fact(step, answer);
    }

    private static Element root(String xml) throws SAXException, IOException, ParserConfigurationException {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
        factory.setNamespaceAware(true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        var builder = factory.newDocumentBuilder();
        builder.setErrorHandler(null);
        return builder.parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)))
                .getDocumentElement();
    }

    /** Element paths; the values of leaves, except of lists, which the SDK reads as well. */
    private static void describe(Element element, String path, Map<String, String> answer) {
        boolean leaf = true;
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element below) {
                leaf = false;
                if (!below.getLocalName().equals("entry")) {
                    describe(below, path + "/" + below.getLocalName(), answer);
                } else {
                    answer.put(path + "/entry", "there are some");
                }
            }
        }
        if (leaf) {
            answer.put(
                    path,
                    path.endsWith("/RequestId")
                            ? "<RequestId>"
                            : element.getTextContent().strip());
        }
    }

    private static void sqsJson(Session aws) throws Exception {
        String url = aws.queue("orders");
        json(aws, "send", "SendMessage", "{\"QueueUrl\":\"" + url + "\",\"MessageBody\":\"m\"}");
        json(aws, "send to none", "SendMessage", "{\"QueueUrl\":\"" + url + "-not\",\"MessageBody\":\"m\"}");
        json(
                aws,
                "delete with a bad receipt",
                "DeleteMessage",
                "{\"QueueUrl\":\"" + url + "\",\"ReceiptHandle\":\"r\"}");
        json(aws, "send no entries", "SendMessageBatch", "{\"QueueUrl\":\"" + url + "\",\"Entries\":[]}");
        json(aws, "receive nothing", "ReceiveMessage", "{\"QueueUrl\":\"" + url + "\",\"VisibilityTimeout\":30}");
        json(aws, "purge", "PurgeQueue", "{\"QueueUrl\":\"" + url + "\"}");
    }

    private static void json(Session aws, String step, String action, String body) throws Exception {
        HttpResponse<String> response = post(
                aws,
                aws.server().sqsUri(),
                "sqs",
                Map.of("Content-Type", "application/x-amz-json-1.0", "X-Amz-Target", "AmazonSQS." + action),
                body);
        Map<String, String> answer = new TreeMap<>();
        answer.put("answer", String.valueOf(response.statusCode()));
        answer.put("content type", contentType(response));
        answer.put(
                "x-amzn-query-error",
                response.headers().firstValue("x-amzn-query-error").orElse("none"));
        new Plain("").describeJsonText(response.body()).forEach(answer::put);
        aws.fact(step, answer);
    }

    private static HttpResponse<String> post(
            Session aws, URI uri, String service, Map<String, String> headers, String body)
            throws IOException, InterruptedException {
        aws.called();
        HttpRequest.Builder request = HttpRequest.newBuilder(uri.resolve("/"))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .header("Authorization", CREDENTIAL.formatted(service))
                .header("X-Amz-Date", "20260101T000000Z");
        headers.forEach(request::header);
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String contentType(HttpResponse<?> response) {
        return response.headers().firstValue("Content-Type").orElse("none");
    }
}
