package io.github.eventfork.text;

/**
 * Text from a message, a service or a page, made fit for a line of a log or a terminal: what breaks, forges or hides a line is escaped, and it is not longer than a
 * line can bear. Exceptions are no such text: a logging framework writes them with their stack trace, in its own way.
 */
public final class LogText {

    private static final int MOST = 256;

    private LogText() {}

    /** At most 256 characters of {@code text}, escaped; what is left out is told by three dots. */
    public static String of(String text) {
        return text.length() <= MOST ? escaped(text) : escaped(text.substring(0, end(text))) + "...";
    }

    /** The same at any length, for a text that is made of several. */
    public static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length() + 8);
        int codePoint;
        for (int i = 0; i < text.length(); i += Character.charCount(codePoint)) {
            codePoint = text.codePointAt(i);
            if (unfit(codePoint)) {
                for (char half : Character.toChars(codePoint)) {
                    out.append(String.format("\\u%04x", (int) half));
                }
            } else {
                out.appendCodePoint(codePoint);
            }
        }
        return out.toString();
    }

    /** Where it is cut: not within a pair of surrogates. */
    private static int end(String text) {
        return Character.isSurrogatePair(text.charAt(MOST - 1), text.charAt(MOST)) ? MOST - 1 : MOST;
    }

    /** Control and format characters (bidi overrides and tags too), what ends a line, and half a pair of surrogates. */
    private static boolean unfit(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }
}
