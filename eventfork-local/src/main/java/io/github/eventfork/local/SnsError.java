package io.github.eventfork.local;

import java.util.Optional;

/**
 * An answer that is an error, with AWS's code, HTTP status and text. What AWS would not say, because it could do what was
 * asked, is the {@code reason}: for the log alone. Neither ever holds a value of a published message.
 */
final class SnsError extends RuntimeException {
    private final int status;
    private final String code;
    private final Optional<String> reason;

    SnsError(int status, String code, String text) {
        this(status, code, text, Optional.empty());
    }

    private SnsError(int status, String code, String text, Optional<String> reason) {
        super(text, null, false, false);
        this.status = status;
        this.code = code;
        this.reason = reason;
    }

    /** {@code what} is the wrong parameter, or a reason as SNS gives it. */
    static SnsError invalidParameter(String what) {
        return new SnsError(400, "InvalidParameter", "Invalid parameter: " + what);
    }

    /** SNS's answer to a parameter that it needs and does not find. */
    static SnsError missing(String parameter) {
        return invalidParameter(parameter + " Reason: no value for required parameter");
    }

    /** What is wrong with a message attribute; the API model calls it InvalidParameterValueException. */
    static SnsError invalidValue(String text) {
        return new SnsError(400, "ParameterValueInvalid", text);
    }

    /** The answer of the layer in front of all actions, to a value that the API model rules out. */
    static SnsError validation(String what) {
        return badRequest("ValidationError", "1 validation error detected: " + what);
    }

    static SnsError badRequest(String code, String text) {
        return new SnsError(400, code, text);
    }

    static SnsError noSuchTopic() {
        return new SnsError(404, "NotFound", "Topic does not exist");
    }

    static SnsError noSuchSubscription() {
        return new SnsError(404, "NotFound", "Subscription does not exist");
    }

    /** The same answer, with the reason of this local server for its log. */
    SnsError because(String ownReason) {
        return new SnsError(status, code, text(), Optional.of(ownReason));
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    String text() {
        return String.valueOf(getMessage());
    }

    Optional<String> reason() {
        return reason;
    }
}
