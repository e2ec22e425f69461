package io.github.eventfork.conformance.consumers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** A POM that somebody else wrote, to read in. */
final class Pom {

    private static final XPath XPATH = XPathFactory.newInstance().newXPath();

    private final Document document;

    private Pom(Document document) {
        this.document = document;
    }

    static Pom read(Path file) {
        try {
            return new Pom(
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ParserConfigurationException | SAXException e) {
            throw new IllegalArgumentException(file + " is no POM", e);
        }
    }

    /** A dependency or a plugin by its coordinates, each empty if it is not said. */
    record Artifact(String group, String name, String version, String scope) {

        private static Artifact of(Element element) {
            return new Artifact(
                    text(element, "groupId"),
                    text(element, "artifactId"),
                    text(element, "version"),
                    text(element, "scope"));
        }

        private static String text(Element element, String child) {
            return texts(element.getChildNodes(), child).stream().findFirst().orElse("");
        }
    }

    /** The dependencies or plugins below a path. */
    List<Artifact> artifacts(String path) {
        return elements(path).stream().map(Artifact::of).toList();
    }

    /** The texts at a path. */
    List<String> texts(String path) {
        return elements(path).stream().map(Element::getTextContent).toList();
    }

    private List<Element> elements(String path) {
        try {
            NodeList nodes = (NodeList) XPATH.evaluate(path, document, XPathConstants.NODESET);
            return IntStream.range(0, nodes.getLength())
                    .mapToObj(i -> (Element) nodes.item(i))
                    .toList();
        } catch (XPathExpressionException e) {
            throw new IllegalArgumentException(path, e);
        }
    }

    private static List<String> texts(NodeList nodes, String name) {
        return IntStream.range(0, nodes.getLength())
                .mapToObj(nodes::item)
                .filter(node -> node.getNodeName().equals(name))
                .map(node -> node.getTextContent().strip())
                .toList();
    }

    /** Writes a file of {@code text} in {@code folder}, and makes the folder if it is not there. */
    static void write(Path folder, String text) throws IOException {
        Files.writeString(Files.createDirectories(folder).resolve("pom.xml"), text);
    }
}
