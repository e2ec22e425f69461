package io.github.eventfork.local;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.function.Consumer;

/** Writes the few kinds of XML that SNS answers with; knows what XML 1.0 cannot hold. Not thread-safe. */
final class XmlWriter {
    private static final int REPLACEMENT = 0xFFFD;

    private final StringBuilder xml = new StringBuilder();

    @CanIgnoreReturnValue
    XmlWriter element(String name, String text) {
        return element(name, inside -> inside.text(text));
    }

    @CanIgnoreReturnValue
    XmlWriter element(String name, Consumer<XmlWriter> content) {
        xml.append('<').append(name).append('>');
        content.accept(this);
        xml.append("</").append(name).append('>');
        return this;
    }

    /** A root element: the only one that names the namespace. */
    @CanIgnoreReturnValue
    XmlWriter root(String name, String namespace, Consumer<XmlWriter> content) {
        xml.append('<').append(name).append(" xmlns=\"").append(namespace).append("\">");
        content.accept(this);
        xml.append("</").append(name).append('>');
        return this;
    }

    /** What another writer wrote. */
    @CanIgnoreReturnValue
    XmlWriter all(XmlWriter other) {
        xml.append(other.xml);
        return this;
    }

    private void text(String text) {
        text.codePoints().forEach(this::character);
    }

    private void character(int c) {
        switch (c) {
            case '&' -> xml.append("&amp;");
            case '<' -> xml.append("&lt;");
            case '>' -> xml.append("&gt;");
            // a parser would turn a bare one into a line feed
            case '\r' -> xml.append("&#13;");
            default -> xml.appendCodePoint(isXml(c) ? c : REPLACEMENT);
        }
    }

    /** <a href="https://www.w3.org/TR/xml/#charsets">XML 1.0, 2.2</a>; other characters cannot be escaped either. */
    private static boolean isXml(int c) {
        return c == '\t' || c == '\n' || (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) || c >= 0x10000;
    }

    @Override
    public String toString() {
        return xml.toString();
    }
}
