package io.github.eventfork.examples.run;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sns.model.PublishBatchRequest;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.PublishBatchResponse;
import software.amazon.awssdk.services.sns.model.PublishBatchResultEntry;

/** An SNS that takes batches as told, and then all; it remembers what it was asked. */
final class ScriptedSns implements SnsClient {

    private final Deque<Function<PublishBatchRequest, PublishBatchResponse>> script = new ArrayDeque<>();
    private final List<PublishBatchRequest> asked = new ArrayList<>();

    /** The next batch is answered like this. */
    void next(Function<PublishBatchRequest, PublishBatchResponse> answer) {
        script.add(answer);
    }

    /** Takes all but the entries with these messages, which fail with that code. */
    static Function<PublishBatchRequest, PublishBatchResponse> failing(
            String code, boolean sender, String... messages) {
        return request -> {
            List<PublishBatchResultEntry> taken = new ArrayList<>();
            List<BatchResultErrorEntry> failed = new ArrayList<>();
            for (PublishBatchRequestEntry entry : request.publishBatchRequestEntries()) {
                if (List.of(messages).contains(entry.message())) {
                    failed.add(BatchResultErrorEntry.builder()
                            .id(entry.id())
                            .code(code)
                            .senderFault(sender)
                            .build());
                } else {
                    taken.add(PublishBatchResultEntry.builder().id(entry.id()).build());
                }
            }
            return PublishBatchResponse.builder()
                    .successful(taken)
                    .failed(failed)
                    .build();
        };
    }

    /** The messages of each batch that was sent, in order. */
    List<List<String>> batches() {
        return asked.stream()
                .map(request -> request.publishBatchRequestEntries().stream()
                        .map(PublishBatchRequestEntry::message)
                        .toList())
                .toList();
    }

    /** Of each entry that was sent, in order. */
    List<String> deduplicationIds() {
        return asked.stream()
                .flatMap(request -> request.publishBatchRequestEntries().stream())
                .map(PublishBatchRequestEntry::messageDeduplicationId)
                .toList();
    }

    PublishBatchRequestEntry firstEntry() {
        return asked.get(0).publishBatchRequestEntries().get(0);
    }

    @Override
    public PublishBatchResponse publishBatch(PublishBatchRequest request) {
        asked.add(request);
        return script.isEmpty()
                ? failing("", false).apply(request)
                : script.remove().apply(request);
    }

    @Override
    public String serviceName() {
        return "sns";
    }

    @Override
    public void close() {}
}
