package io.github.eventfork.local;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** Posts forms to SNS by hand, for what an SDK would refuse or hide. */
final class SnsForm {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** So that an action that SQS has too is one of SNS. */
    private static final String SIGNED_FOR_SNS =
            "AWS4-HMAC-SHA256 Credential=any/20260131/us-east-1/sns/aws4_request, SignedHeaders=host, Signature=0";

    private SnsForm() {}

    /** What came back. */
    record Answer(int status, Document xml) {
        Element root() {
            return xml.getDocumentElement();
        }

        /** The text of the only element of that name. */
        String text(String element) {
            List<String> texts = texts(element);
            if (texts.size() != 1) {
                throw new AssertionError("expected one " + element + ", found " + texts.size());
            }
            return texts.get(0);
        }

        List<String> texts(String element) {
            NodeList found = xml.getElementsByTagName(element);
            return IntStream.range(0, found.getLength())
                    .mapToObj(found::item)
                    .map(Node::getTextContent)
                    .toList();
        }

        /** The names of all elements, each with those inside it: {@code A(B,C(D))}. */
        String shape() {
            return shape(root());
        }

        private static String shape(Element element) {
            StringJoiner inside = new StringJoiner(",", "(", ")");
            inside.setEmptyValue("");
            NodeList children = element.getChildNodes();
            for (int index = 0; index < children.getLength(); index++) {
                if (children.item(index) instanceof Element child) {
                    inside.add(shape(child));
                }
            }
            return element.getTagName() + inside;
        }
    }

    /** Posts an action with parameters: names and values in turn. */
    static Answer post(URI endpoint, String action, String... namesAndValues) {
        StringJoiner form = new StringJoiner("&").add("Action=" + action).add("Version=2010-03-31");
        for (int index = 0; index < namesAndValues.length; index += 2) {
            form.add(
                    namesAndValues[index] + "=" + URLEncoder.encode(namesAndValues[index + 1], StandardCharsets.UTF_8));
        }
        try {
            var response = HTTP.send(
                    HttpRequest.newBuilder(endpoint)
                            .header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
                            .header("Authorization", SIGNED_FOR_SNS)
                            .POST(BodyPublishers.ofString(form.toString()))
                            .build(),
                    BodyHandlers.ofByteArray());
            Document xml = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(response.body()));
            return new Answer(response.statusCode(), xml);
        } catch (Exception e) {
            throw new AssertionError("no answer to " + action, e);
        }
    }
}
