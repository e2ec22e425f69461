package io.github.eventfork.local;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Publish and PublishBatch: read and check everything, then hand it to the fan-out at once. Keeps nothing itself. */
final class PublishActions {
    private static final int MAX_ENTRIES = 10;
    private static final int LONGEST_ID = 80;
    private static final Pattern ENTRY_ID = Pattern.compile("[A-Za-z0-9_-]+");

    private final Account account;
    private final Topics topics;
    private final MessageReader reader;
    private final FanOut fanOut;
    private final FifoPublications fifo;

    PublishActions(Account account, Topics topics, MessageReader reader, FanOut fanOut, FifoPublications fifo) {
        this.account = account;
        this.topics = topics;
        this.reader = reader;
        this.fanOut = fanOut;
        this.fifo = fifo;
    }

    void publish(QueryRequest request, XmlWriter result) {
        Topic topic = topic(request);
        SnsMessage message = read(request, topic);
        if (MessageReader.bytes(request, message) > topic.maxBytes()) {
            throw SnsError.invalidParameter("Message too long");
        }
        delivered(topic, List.of(message)).get(0).writeTo(result);
    }

    private SnsMessage read(QueryRequest request, Topic topic) {
        Optional<SnsError> fault = MessageReader.fault(request);
        if (fault.isPresent()) {
            throw fault.get();
        }
        return reader.read(request, topic, "");
    }

    private Topic topic(QueryRequest request) {
        Optional<String> phone = request.find("PhoneNumber");
        if (phone.isPresent()) {
            throw SnsError.invalidParameter("PhoneNumber Reason: " + phone.get() + " is not valid to publish to")
                    .because("no text messages are sent from here");
        }
        Optional<String> arn = request.find("TopicArn").or(() -> request.find("TargetArn"));
        if (arn.isEmpty()) {
            throw SnsError.missing("TopicArn or TargetArn");
        }
        if (arn.get().contains(":endpoint/")) {
            throw SnsError.invalidParameter("TargetArn Reason: No endpoint found for the target arn specified")
                    .because("there are no mobile endpoints here");
        }
        return topics.get(account.checkedTopicArn(arn));
    }

    /** Returns, for each message, what its publisher is told, when the copies stand in the queues. */
    private List<PublishReceipt> delivered(Topic topic, List<SnsMessage> messages) {
        if (topic.isFifo()) {
            return fifo.publish(topic, messages, fresh -> fanOut.deliver(topic, fresh));
        }
        fanOut.deliver(topic, messages);
        return messages.stream().map(PublishReceipt::of).toList();
    }

    void publishBatch(QueryRequest request, XmlWriter result) {
        Topic topic = topic(request);
        List<QueryRequest> entries = request.list("PublishBatchRequestEntries.member");
        checkIds(entries);
        List<Entry> read = IntStream.range(0, entries.size())
                .mapToObj(index -> entry(entries.get(index), topic, index + 1))
                .toList();
        if (read.stream().mapToInt(Entry::bytes).sum() > topic.maxBytes()) {
            throw SnsError.badRequest(
                    "BatchRequestTooLong", "The length of all the messages put together is more than the limit.");
        }
        List<Entry> good =
                read.stream().filter(entry -> entry.fault().isEmpty()).toList();
        List<PublishReceipt> receipts =
                delivered(topic, good.stream().map(Entry::message).toList());
        result.element(
                "Successful",
                members -> IntStream.range(0, good.size())
                        .forEach(index -> write(good.get(index), receipts.get(index), members)));
        result.element(
                "Failed",
                members -> read.forEach(entry -> entry.fault().ifPresent(fault -> write(entry, fault, members))));
    }

    /** @param fault why this entry is refused alone */
    private record Entry(String id, SnsMessage message, int bytes, Optional<SnsError> fault) {}

    /** A fault that {@link MessageReader#read} finds fails the whole call, as SNS does. */
    private Entry entry(QueryRequest request, Topic topic, int number) {
        SnsMessage message = reader.read(request, topic, "publishBatchRequestEntries." + number + ".member.");
        int bytes = MessageReader.bytes(request, message);
        return new Entry(request.text("Id"), message, bytes, MessageReader.fault(request));
    }

    private static void checkIds(List<QueryRequest> entries) {
        if (entries.isEmpty()) {
            throw SnsError.badRequest("EmptyBatchRequest", "The batch request doesn't contain any entries.");
        }
        if (entries.size() > MAX_ENTRIES) {
            throw SnsError.badRequest(
                    "TooManyEntriesInBatchRequest", "The batch request contains more entries than permissible.");
        }
        Set<String> ids = new HashSet<>();
        for (QueryRequest entry : entries) {
            checkId(entry.text("Id"));
            if (!ids.add(entry.text("Id"))) {
                throw SnsError.badRequest(
                        "BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.");
            }
        }
    }

    private static void checkId(String id) {
        if (id.length() > LONGEST_ID) {
            throw SnsError.badRequest(
                    "InvalidBatchEntryId", "The Id of a batch entry in the batch request is too long: " + id);
        }
        if (!ENTRY_ID.matcher(id).matches()) {
            throw SnsError.badRequest(
                    "InvalidBatchEntryId",
                    "The Id of a batch entry in the batch request contains an impermissible character: " + id);
        }
    }

    private static void write(Entry entry, PublishReceipt receipt, XmlWriter members) {
        members.element("member", member -> receipt.writeTo(member.element("Id", entry.id())));
    }

    private static void write(Entry entry, SnsError fault, XmlWriter members) {
        members.element(
                "member",
                member -> member.element("Id", entry.id())
                        .element("Code", fault.code())
                        .element("Message", fault.text())
                        .element("SenderFault", "true"));
    }
}
