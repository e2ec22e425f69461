package io.github.eventfork;

/** Text from a message, made fit for a log line: control characters escaped, and not longer than a line can bear. */
final class LogText {

    private static final int MOST = 256;

    private LogText() {}

    static String of(String text) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), MOST) + 8);
        int end = Math.min(text.length(), MOST);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (unfit(c)) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return end < text.length() ? out.append("...").toString() : out.toString();
    }

    /** Control and format characters (bidi overrides too) and what ends a line. */
    private static boolean unfit(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
