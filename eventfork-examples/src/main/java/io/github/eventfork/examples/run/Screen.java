package io.github.eventfork.examples.run;

import io.github.eventfork.ForkRuntime;
import io.github.eventfork.text.LogText;
import java.io.Console;
import java.io.PrintWriter;
import java.lang.reflect.Method;
import java.time.Duration;

/**
 * Shows lines, and below them how far things are: on a terminal in one line that changes, elsewhere in a line of its own
 * now and then. For one thread.
 */
public final class Screen {

    private static final Duration NOW_AND_THEN = Duration.ofSeconds(2);

    private final PrintWriter out;
    private final boolean terminal;
    private final ForkRuntime runtime = ForkRuntime.system();
    private String status = "";
    private long shownAt = runtime.nanoTime();

    /** A screen on {@code out}, which is a {@code terminal} or not. */
    public Screen(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Whether this process's output goes to a terminal that can go back in a line. */
    @SuppressWarnings("SystemConsoleNull") // the newer JDKs are asked below
    public static boolean onTerminal() {
        Console console = System.console();
        if (console == null || "dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        try {
            // from Java 22 on there is a console without a terminal, and this method to tell
            Method isTerminal = Console.class.getMethod("isTerminal");
            return (boolean) isTerminal.invoke(console);
        } catch (ReflectiveOperationException java21OrOlder) {
            return true;
        }
    }

    /** Shows a line that stays; what a message or a service has in it moves no cursor and hides nothing. */
    public void line(String text) {
        wipe();
        out.println(LogText.escaped(text));
        out.flush();
    }

    /** Shows how far things are; the same again shows nothing. */
    void status(String text) {
        if (text.equals(status)) {
            return;
        }
        if (terminal) {
            wipe();
            out.print(text);
            status = text;
        } else if (runtime.nanoTime() - shownAt >= NOW_AND_THEN.toNanos()) {
            out.println(text);
            status = text;
            shownAt = runtime.nanoTime();
        }
        out.flush();
    }

    private void wipe() {
        if (terminal && !status.isEmpty()) {
            out.print("\r" + " ".repeat(status.length()) + "\r");
            status = "";
        }
    }
}
