package io.github.eventfork.local;

import java.util.Optional;

/** What a publisher is told about its message; the sequence number on FIFO topics only. */
record PublishReceipt(String messageId, Optional<String> sequenceNumber) {
    static PublishReceipt of(SnsMessage message) {
        return new PublishReceipt(message.id(), message.sequenceNumber());
    }

    void writeTo(XmlWriter result) {
        result.element("MessageId", messageId);
        sequenceNumber.ifPresent(number -> result.element("SequenceNumber", number));
    }
}
