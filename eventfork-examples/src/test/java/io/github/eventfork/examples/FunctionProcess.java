package io.github.eventfork.examples;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import io.github.eventfork.lambda.ForkFunction;
import java.lang.reflect.InvocationTargetException;
import java.util.List;

/** A process that makes a function as Lambda does, from its environment, and hands it a message of its queue. */
final class FunctionProcess {

    private FunctionProcess() {}

    /**
     * Takes the name of the class, and what SQS says of the message: queue ARN, message id, receipt handle, body. Says how many
     * records came back, or why there is no function.
     */
    public static void main(String[] args) throws Exception {
        try {
            ForkFunction function =
                    (ForkFunction) Class.forName(args[0]).getConstructor().newInstance();
            SQSMessage message = Invocations.signup(args[2], args[4]);
            message.setEventSourceArn(args[1]);
            message.setReceiptHandle(args[3]);
            SQSBatchResponse response =
                    function.handleRequest(Invocations.batch(List.of(message)), Invocations.context());
            System.out.println("came back: " + response.getBatchItemFailures().size());
            System.exit(0);
        } catch (InvocationTargetException e) {
            System.out.println("no function: " + e.getCause().getMessage());
            System.exit(1);
        }
    }
}
