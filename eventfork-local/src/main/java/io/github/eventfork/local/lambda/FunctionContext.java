package io.github.eventfork.local.lambda;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import io.github.eventfork.ForkRuntime;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a handler may ask about its invocation. Its time runs from when it is made. Thread-safe. */
final class FunctionContext implements Context {

    private final Options options;
    private final String functionArn;
    private final String requestId;
    private final String logStream;
    private final ForkRuntime runtime;
    private final long begun;

    FunctionContext(Options options, String functionArn, String requestId, String logStream, ForkRuntime runtime) {
        this.options = options;
        this.functionArn = functionArn;
        this.requestId = requestId;
        this.logStream = logStream;
        this.runtime = runtime;
        this.begun = runtime.nanoTime();
    }

    @Override
    public int getRemainingTimeInMillis() {
        Duration left = options.functionTimeout().minusNanos(runtime.nanoTime() - begun);
        return (int) Math.max(0, left.toMillis());
    }

    @Override
    public String getAwsRequestId() {
        return requestId;
    }

    @Override
    public String getLogGroupName() {
        return "/aws/lambda/" + options.functionName();
    }

    @Override
    public String getLogStreamName() {
        return logStream;
    }

    @Override
    public String getFunctionName() {
        return options.functionName();
    }

    @Override
    public String getFunctionVersion() {
        return Environment.VERSION;
    }

    @Override
    public String getInvokedFunctionArn() {
        return functionArn;
    }

    /** Null, as it is for whatever is not called by a mobile application. */
    @Override
    public @Nullable CognitoIdentity getIdentity() {
        return null;
    }

    /** Null, likewise. */
    @Override
    public @Nullable ClientContext getClientContext() {
        return null;
    }

    @Override
    public int getMemoryLimitInMB() {
        return options.memorySize();
    }

    @Override
    public LambdaLogger getLogger() {
        return FunctionLog.INSTANCE;
    }
}
