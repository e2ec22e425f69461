package io.github.eventfork.local.lambda;

/** A message of the queue: what is needed to delete it, and what the function is shown of it. Nobody changes the bytes. */
final class Received {
    private final String messageId;
    private final String receipt;
    private final byte[] json;

    Received(String messageId, String receipt, byte[] json) {
        this.messageId = messageId;
        this.receipt = receipt;
        this.json = json;
    }

    String messageId() {
        return messageId;
    }

    String receipt() {
        return receipt;
    }

    byte[] json() {
        return json;
    }
}
