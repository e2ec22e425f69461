package io.github.eventfork.local;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Publish and PublishBatch: read and check everything, then hand it to the fan-out at once. Keeps nothing itself. */
final class PublishActions {
    private static final int MAX_ENTRIES = 10;
    private static final Pattern ENTRY_ID = Pattern.compile("[A-Za-z0-9_-]{1,80}");

    private final Account account;
    private final Topics topics;
    private final MessageReader reader;
    private final FanOut fanOut;

    PublishActions(Account account, Topics topics, MessageReader reader, FanOut fanOut) {
        this.account = account;
        this.topics = topics;
        this.reader = reader;
        this.fanOut = fanOut;
    }

    void publish(QueryRequest request, XmlWriter result) {
        Topic topic = topic(request);
        SnsMessage message = read(request);
        if (MessageReader.bytes(request, message) > topic.maxBytes()) {
            throw SnsError.invalidParameter("Message too long");
        }
        fanOut.deliver(topic, List.of(message));
        result.element("MessageId", message.id());
    }

    private SnsMessage read(QueryRequest request) {
        Optional<SnsError> fault = MessageReader.fault(request);
        if (fault.isPresent()) {
            throw fault.get();
        }
        return reader.read(request);
    }

    private Topic topic(QueryRequest request) {
        String arn = request.find("TopicArn")
                .or(() -> request.find("TargetArn"))
                .orElseThrow(() ->
                        SnsError.invalidParameter("TopicArn or TargetArn Reason: no value for required parameter"));
        return topics.get(account.checkedTopicArn(arn));
    }

    void publishBatch(QueryRequest request, XmlWriter result) {
        Topic topic = topic(request);
        List<QueryRequest> entries = request.list("PublishBatchRequestEntries.member");
        checkIds(entries);
        List<Entry> read = entries.stream().map(this::entry).toList();
        if (read.stream().mapToInt(Entry::bytes).sum() > topic.maxBytes()) {
            throw SnsError.badRequest(
                    "BatchRequestTooLong", "The length of all the batch messages put together is more than the limit.");
        }
        List<Entry> good =
                read.stream().filter(entry -> entry.fault().isEmpty()).toList();
        fanOut.deliver(topic, good.stream().map(Entry::message).toList());
        write(good, read, result);
    }

    /** @param fault why this entry is refused alone */
    private record Entry(String id, SnsMessage message, int bytes, Optional<SnsError> fault) {}

    /** A fault that {@link MessageReader#read} finds fails the whole call, as SNS does. */
    private Entry entry(QueryRequest request) {
        SnsMessage message = reader.read(request);
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
            if (!ENTRY_ID.matcher(entry.text("Id")).matches()) {
                throw SnsError.badRequest(
                        "InvalidBatchEntryId",
                        "The Id of a batch entry in a batch request doesn't abide by the specification.");
            }
            if (!ids.add(entry.text("Id"))) {
                throw SnsError.badRequest(
                        "BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.");
            }
        }
    }

    private static void write(List<Entry> good, List<Entry> all, XmlWriter result) {
        List<Entry> bad = new ArrayList<>(all);
        bad.removeAll(good);
        result.element(
                "Successful",
                members -> good.forEach(entry -> members.element(
                        "member",
                        member -> member.element("Id", entry.id())
                                .element("MessageId", entry.message().id()))));
        result.element(
                "Failed",
                members -> bad.forEach(entry -> members.element(
                        "member", member -> write(entry.id(), entry.fault().orElseThrow(), member))));
    }

    private static void write(String id, SnsError fault, XmlWriter member) {
        member.element("Id", id)
                .element("Code", fault.code())
                .element("Message", fault.text())
                .element("SenderFault", "true");
    }
}
