package io.github.eventfork.poller;

import io.github.eventfork.queue.MessageQueue.Entry;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;

/**
 * What became of the entries of a batch, whose ids are their indexes. An entry that the answer leaves out may be tried
 * again: SQS promises one result for each, so what is missing is unknown.
 */
final class BatchAnswer {

    private static final Logger log = LoggerFactory.getLogger(BatchAnswer.class);

    /** Codes that pass with time. SQS calls some of them the sender's fault, and ElasticMQ calls everything that. */
    private static final List<String> PASSING =
            List.of("throttl", "overlimit", "limitexceeded", "toomanyrequests", "unavailable", "internal", "timeout");

    /** The ids of the entries that SQS takes in one batch. */
    private static final List<String> IDS = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");

    private BatchAnswer() {}

    /** The id of the entry at that index, 0 to 9. */
    static String id(int index) {
        return IDS.get(index);
    }

    /** The answer in the order asked, from the ids of what was done and the errors of what was not. */
    static List<Entry> of(int asked, Stream<String> done, Collection<BatchResultErrorEntry> failed) {
        Entry[] entries = new Entry[asked];
        Arrays.fill(entries, Entry.RETRIABLE);
        done.forEach(id -> set(entries, id, Entry.DONE));
        failed.forEach(error -> set(entries, error.id(), verdict(error)));
        return List.of(entries);
    }

    private static void set(Entry[] entries, String id, Entry entry) {
        for (int i = 0; i < entries.length; i++) {
            if (id(i).equals(id)) {
                entries[i] = entry;
            }
        }
    }

    private static Entry verdict(BatchResultErrorEntry error) {
        log.debug("SQS refused an entry of a batch: {}, sender's fault: {}", error.code(), error.senderFault());
        return Boolean.TRUE.equals(error.senderFault()) && !passes(String.valueOf(error.code()))
                ? Entry.FINAL
                : Entry.RETRIABLE;
    }

    private static boolean passes(String code) {
        String lower = code.toLowerCase(Locale.ROOT);
        return PASSING.stream().anyMatch(lower::contains);
    }
}
