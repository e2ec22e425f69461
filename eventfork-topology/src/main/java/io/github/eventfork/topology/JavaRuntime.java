package io.github.eventfork.topology;

import java.util.Arrays;
import java.util.List;

/**
 * The managed <a href="https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html">runtimes</a> of Lambda that
 * eventfork runs on, in Lambda's own words by {@link #toString()}.
 */
public enum JavaRuntime {
    /** Java 17. */
    JAVA_17("java17"),
    /** Java 21. */
    JAVA_21("java21"),
    /** Java 25. */
    JAVA_25("java25");

    private final String text;

    JavaRuntime(String text) {
        this.text = text;
    }

    static List<String> all() {
        return Arrays.stream(values()).map(JavaRuntime::toString).toList();
    }

    @Override
    public String toString() {
        return text;
    }
}
