package io.github.eventfork.local.lambda;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * What a mapping and its function are set to. A value that can be judged alone is judged here; what depends on the queue,
 * in {@link #checkAgainst}. Immutable.
 */
record Options(
        String functionName,
        Duration functionTimeout,
        int memorySize,
        int batchSize,
        Duration batchingWindow,
        int maximumConcurrency,
        boolean reportsBatchItemFailures) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final int LARGEST_WITHOUT_WINDOW = 10;

    /** What AWS takes by itself, but for the concurrency: five batches are with what AWS begins. */
    static final Options STANDARD = new Options("function", Duration.ofSeconds(3), 128, 10, Duration.ZERO, 5, false);

    Options {
        if (!NAME.matcher(functionName).matches()) {
            throw new IllegalArgumentException(
                    "function name must be 1 to 64 letters, digits, hyphens or underscores, was '" + functionName
                            + "'");
        }
        checkSeconds("function timeout", functionTimeout, 1, 900);
        check("memory size", memorySize, 128, 10_240);
        check("batch size", batchSize, 1, 10_000);
        checkSeconds("batching window", batchingWindow, 0, 300);
        check("maximum concurrency", maximumConcurrency, 2, 1_000);
    }

    Options withFunctionName(String name) {
        return new Options(
                name,
                functionTimeout,
                memorySize,
                batchSize,
                batchingWindow,
                maximumConcurrency,
                reportsBatchItemFailures);
    }

    Options withFunctionTimeout(Duration timeout) {
        return new Options(
                functionName,
                timeout,
                memorySize,
                batchSize,
                batchingWindow,
                maximumConcurrency,
                reportsBatchItemFailures);
    }

    Options withMemorySize(int megabytes) {
        return new Options(
                functionName,
                functionTimeout,
                megabytes,
                batchSize,
                batchingWindow,
                maximumConcurrency,
                reportsBatchItemFailures);
    }

    Options withBatchSize(int records) {
        return new Options(
                functionName,
                functionTimeout,
                memorySize,
                records,
                batchingWindow,
                maximumConcurrency,
                reportsBatchItemFailures);
    }

    Options withBatchingWindow(Duration window) {
        return new Options(
                functionName,
                functionTimeout,
                memorySize,
                batchSize,
                window,
                maximumConcurrency,
                reportsBatchItemFailures);
    }

    Options withMaximumConcurrency(int invocations) {
        return new Options(
                functionName,
                functionTimeout,
                memorySize,
                batchSize,
                batchingWindow,
                invocations,
                reportsBatchItemFailures);
    }

    Options reportingBatchItemFailures() {
        return new Options(
                functionName, functionTimeout, memorySize, batchSize, batchingWindow, maximumConcurrency, true);
    }

    /** Refuses what does not go together, in AWS's words where we know them. */
    void checkAgainst(boolean fifo, Duration visibilityTimeout) {
        if (fifo && !batchingWindow.isZero()) {
            throw new IllegalArgumentException("Batching window is not supported for FIFO queues");
        }
        if (fifo && batchSize > LARGEST_WITHOUT_WINDOW) {
            throw new IllegalArgumentException("batch size must be 1 to 10 for a FIFO queue, was " + batchSize);
        }
        if (batchSize > LARGEST_WITHOUT_WINDOW && batchingWindow.isZero()) {
            throw new IllegalArgumentException("Maximum batch window in seconds must be greater than 0 if maximum "
                    + "batch size is greater than 10");
        }
        if (visibilityTimeout.compareTo(functionTimeout) < 0) {
            throw new IllegalArgumentException("Queue visibility timeout: " + visibilityTimeout.toSeconds()
                    + " seconds is less than Function timeout: " + functionTimeout.toSeconds() + " seconds");
        }
    }

    private static void check(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " must be " + least + " to " + most + ", was " + value);
        }
    }

    private static void checkSeconds(String what, Duration value, int least, int most) {
        if (value.getNano() != 0 || value.getSeconds() < least || value.getSeconds() > most) {
            throw new IllegalArgumentException(
                    what + " must be " + least + " to " + most + " whole seconds, was " + value);
        }
    }
}
