package io.github.eventfork.examples;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import io.github.eventfork.lambda.ForkFunction;
import java.lang.reflect.InvocationTargetException;
import java.util.List;

/** A process that makes a function as Lambda does, from its environment, and hands it a signup of Ada's. */
final class FunctionProcess {

    private FunctionProcess() {}

    /** Takes the name of the class; says how many records came back, or why there is no function. */
    public static void main(String[] args) throws Exception {
        try {
            ForkFunction function =
                    (ForkFunction) Class.forName(args[0]).getConstructor().newInstance();
            SQSBatchResponse response = function.handleRequest(
                    Invocations.batch(
                            List.of(Invocations.signup("m-1", "{\"name\":\"Ada\",\"email\":\"ada@example.org\"}"))),
                    Invocations.context());
            System.out.println("came back: " + response.getBatchItemFailures().size());
            System.exit(0);
        } catch (InvocationTargetException e) {
            System.out.println("no function: " + e.getCause().getMessage());
            System.exit(1);
        }
    }
}
