package io.github.eventfork;

import io.github.eventfork.envelope.Attributes;
import io.github.eventfork.text.LogText;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One SQS message, handed to us once. Knows no class of the AWS SDK. Immutable; two deliveries are never equal, even of
 * the same message, because each has a receipt of its own.
 *
 * <p>The fields are those of a
 * <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html">received
 * message</a>. {@link #toString()} shows no value of body or attributes.
 */
public final class Delivery {

    private final String queue;
    private final String messageId;
    private final String receipt;
    private final String body;
    private final Attributes attributes;
    private final int receiveCount;
    private final @Nullable String group;
    private final @Nullable String deduplicationId;
    private final @Nullable String traceHeader;
    private final @Nullable Instant firstReceived;

    private Delivery(Builder builder) {
        this.queue = builder.queue;
        this.messageId = builder.messageId;
        this.receipt = builder.receipt;
        this.body = builder.body;
        this.attributes = builder.attributes;
        this.receiveCount = builder.receiveCount;
        this.group = builder.group;
        this.deduplicationId = builder.deduplicationId;
        this.traceHeader = builder.traceHeader;
        this.firstReceived = builder.firstReceived;
    }

    /** A builder for a message of {@code queue} (its name or ARN) with this id and body. */
    public static Builder of(String queue, String messageId, String body) {
        return new Builder(queue, messageId, body);
    }

    /** The queue's name or ARN. */
    public String queue() {
        return queue;
    }

    /** Whether its queue keeps order: the name of a FIFO queue ends in {@code .fifo}. */
    public boolean fifo() {
        return queue.endsWith(".fifo");
    }

    /** The SQS message id. */
    public String messageId() {
        return messageId;
    }

    /** The receipt handle of this receive. */
    public String receipt() {
        return receipt;
    }

    /** The body as it came. */
    public String body() {
        return body;
    }

    /** The SQS message attributes; of an SNS notification that is not raw, none. */
    public Attributes attributes() {
        return attributes;
    }

    /** How often SQS has handed the message out, this time included; at least 1. */
    public int receiveCount() {
        return receiveCount;
    }

    /** The message group: order on a FIFO queue, a tenant on a standard queue. */
    public Optional<String> group() {
        return Optional.ofNullable(group);
    }

    /** The message deduplication id, on FIFO queues. */
    public Optional<String> deduplicationId() {
        return Optional.ofNullable(deduplicationId);
    }

    /** The X-Ray trace header, if the message carries one. */
    public Optional<String> traceHeader() {
        return Optional.ofNullable(traceHeader);
    }

    /** When SQS first handed the message out. */
    public Optional<Instant> firstReceived() {
        return Optional.ofNullable(firstReceived);
    }

    @Override
    public String toString() {
        return "Delivery[" + LogText.of(messageId) + " of " + LogText.of(queue) + ", receive " + receiveCount + "]";
    }

    /** Collects what a delivery holds. Not thread-safe. */
    public static final class Builder {

        private final String queue;
        private final String messageId;
        private final String body;
        private String receipt;
        private Attributes attributes = Attributes.none();
        private int receiveCount = 1;
        private @Nullable String group;
        private @Nullable String deduplicationId;
        private @Nullable String traceHeader;
        private @Nullable Instant firstReceived;

        private Builder(String queue, String messageId, String body) {
            this.queue = queue;
            this.messageId = messageId;
            this.body = body;
            this.receipt = messageId;
        }

        /** The receipt handle. Default: the message id. */
        public Builder receipt(String receipt) {
            this.receipt = receipt;
            return this;
        }

        /** The message attributes. Default: none. */
        public Builder attributes(Attributes attributes) {
            this.attributes = attributes;
            return this;
        }

        /** The receive count; what is less than 1 counts as 1. Default: 1. */
        public Builder receiveCount(int receiveCount) {
            this.receiveCount = Math.max(1, receiveCount);
            return this;
        }

        /** The message group. Default: none. */
        public Builder group(@Nullable String group) {
            this.group = group;
            return this;
        }

        /** The deduplication id. Default: none. */
        public Builder deduplicationId(@Nullable String deduplicationId) {
            this.deduplicationId = deduplicationId;
            return this;
        }

        /** The X-Ray trace header. Default: none. */
        public Builder traceHeader(@Nullable String traceHeader) {
            this.traceHeader = traceHeader;
            return this;
        }

        /** When SQS first handed it out. Default: unknown. */
        public Builder firstReceived(@Nullable Instant firstReceived) {
            this.firstReceived = firstReceived;
            return this;
        }

        /** The delivery. */
        public Delivery build() {
            return new Delivery(this);
        }
    }
}
