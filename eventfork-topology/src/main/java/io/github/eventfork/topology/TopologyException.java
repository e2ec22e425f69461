package io.github.eventfork.topology;

import software.amazon.awssdk.core.exception.SdkException;

/**
 * Says that a call to SNS or SQS failed while a topology was created: which topology and fork, which call by the name of
 * the IAM action that it needs, on what, and AWS's error code. Its cause is the SDK's own exception.
 *
 * <p>What was done before stands. Calling {@link Topology#createOn} again goes on from there.
 */
public final class TopologyException extends RuntimeException {

    TopologyException(String message, SdkException cause) {
        super(message, cause);
    }
}
