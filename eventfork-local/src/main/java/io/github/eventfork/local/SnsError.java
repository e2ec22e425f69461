package io.github.eventfork.local;

/** An answer that is an error, with AWS's code, HTTP status and text. Never holds a value of a published message. */
final class SnsError extends RuntimeException {
    private final int status;
    private final String code;

    SnsError(int status, String code, String text) {
        super(text, null, false, false);
        this.status = status;
        this.code = code;
    }

    /** {@code what} is the wrong parameter, or a reason as SNS gives it. */
    static SnsError invalidParameter(String what) {
        return new SnsError(400, "InvalidParameter", "Invalid parameter: " + what);
    }

    /** What is wrong with a message attribute; the API model calls it InvalidParameterValueException. */
    static SnsError invalidValue(String text) {
        return new SnsError(400, "ParameterValueInvalid", text);
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

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
