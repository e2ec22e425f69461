package io.github.eventfork.poller;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/** Calls of the SDK made even: they end with their own exception, never throw, and can't be cancelled through us. */
final class Calls {

    private Calls() {}

    /** Makes {@code call}; what it throws at once ends the stage, too. */
    static <T> CompletableFuture<T> of(Supplier<? extends CompletionStage<T>> call) {
        try {
            return unwrapped(call.get());
        } catch (RuntimeException | Error thrownAtOnce) {
            return CompletableFuture.failedFuture(thrownAtOnce);
        }
    }

    /** Whether SQS says that the queue is not there. */
    static boolean queueIsMissing(Throwable failure) {
        return failure instanceof QueueDoesNotExistException || code(failure).endsWith("NonExistentQueue");
    }

    /** Whether the caller lacks a right: the queue's, or that to its key. */
    static boolean isForbidden(Throwable failure) {
        String code = code(failure);
        return code.contains("AccessDenied") || code.equals("AuthorizationError");
    }

    /** The error code, or nothing. */
    static String code(Throwable failure) {
        if (failure instanceof AwsServiceException answer) {
            AwsErrorDetails details = answer.awsErrorDetails();
            if (details != null && details.errorCode() != null) {
                return details.errorCode();
            }
        }
        return "";
    }

    /** The failure itself, without what {@link CompletableFuture} wraps around it. */
    static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        boolean wrapper = failure instanceof CompletionException || failure instanceof ExecutionException;
        return wrapper && cause != null ? cause(cause) : failure;
    }

    private static <T> CompletableFuture<T> unwrapped(CompletionStage<T> stage) {
        CompletableFuture<T> even = new CompletableFuture<>();
        stage.whenComplete((value, failure) -> {
            if (failure == null) {
                even.complete(value);
            } else {
                even.completeExceptionally(cause(failure));
            }
        });
        return even;
    }
}
