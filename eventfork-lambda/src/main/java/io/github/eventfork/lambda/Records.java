package io.github.eventfork.lambda;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import io.github.eventfork.Delivery;
import io.github.eventfork.Settlement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of one invocation, in the order of its batch: what is run of them, and what is reported.
 *
 * <p><b>Invariant:</b> a record is left out of the answer only if its settlement is known to stand and needs no retry;
 * what is left out is deleted. Immutable once read.
 */
final class Records {

    private static final Logger log = LoggerFactory.getLogger(Records.class);

    private static final Settlement.Cases<Boolean> NEEDS_RETRY = new Settlement.Cases<>() {
        @Override
        public Boolean acknowledge(Settlement.Acknowledge acknowledge) {
            return false;
        }

        @Override
        public Boolean tryAgain(Settlement.TryAgain tryAgain) {
            return true;
        }

        @Override
        public Boolean giveBack(Settlement.GiveBack giveBack) {
            return true;
        }

        @Override
        public Boolean deadLetter(Settlement.DeadLetter deadLetter) {
            return false;
        }
    };

    private final List<Entry> records;

    /** A record and, unless it is reported without being run, its delivery. */
    private record Entry(String messageId, @Nullable Delivery delivery) {}

    private Records(List<Entry> records) {
        this.records = records;
    }

    /**
     * Reads the records of an event for the fork of that name. One that can't be read is reported without being run,
     * and on a FIFO queue so is what comes after it in its group.
     *
     * @throws IllegalStateException if a record has no message id: it can't be reported by itself, and to leave it out
     *     of the answer would delete it
     */
    static Records of(String fork, List<? extends @Nullable SQSMessage> messages) {
        List<Entry> records = new ArrayList<>(messages.size());
        Set<String> heldGroups = new HashSet<>();
        for (SQSMessage message : messages) {
            if (message == null
                    || message.getMessageId() == null
                    || message.getMessageId().isEmpty()) {
                throw new IllegalStateException("Fork '" + fork + "': record " + (records.size() + 1) + " of "
                        + messages.size() + " has no messageId, so it can't be reported by itself. Nothing was run; "
                        + "the whole batch goes back to the queue.");
            }
            records.add(new Entry(message.getMessageId(), deliveryOf(fork, message, heldGroups)));
        }
        return new Records(records);
    }

    private static @Nullable Delivery deliveryOf(String fork, SQSMessage message, Set<String> heldGroups) {
        String group = RecordReader.queue(message).endsWith(".fifo") ? RecordReader.group(message) : null;
        if (group != null && heldGroups.contains(group)) {
            return null;
        }
        try {
            return RecordReader.read(message);
        } catch (IllegalArgumentException e) {
            log.warn(
                    "Fork '{}' can't read the record of {}: {}. It is reported without being run.",
                    fork,
                    // shows the id with its control characters escaped
                    Delivery.of(RecordReader.queue(message), message.getMessageId(), "")
                            .build(),
                    e.getMessage());
            if (group != null) {
                heldGroups.add(group);
            }
            return null;
        }
    }

    /** The deliveries to run, in order. */
    List<Delivery> deliveries() {
        List<Delivery> deliveries = new ArrayList<>(records.size());
        for (Entry record : records) {
            if (record.delivery != null) {
                deliveries.add(record.delivery);
            }
        }
        return deliveries;
    }

    /** The ids to report, in the order of the batch, each once. What is missing from {@code standing} is reported. */
    List<BatchItemFailure> toRetry(Map<Delivery, Settlement> standing) {
        Set<String> ids = new LinkedHashSet<>();
        for (Entry record : records) {
            Settlement settlement = record.delivery == null ? null : standing.get(record.delivery);
            if (settlement == null || settlement.match(NEEDS_RETRY)) {
                ids.add(record.messageId);
            }
        }
        List<BatchItemFailure> failures = new ArrayList<>(ids.size());
        ids.forEach(id -> failures.add(new BatchItemFailure(id)));
        return failures;
    }
}
