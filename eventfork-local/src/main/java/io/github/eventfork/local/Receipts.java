package io.github.eventfork.local;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gives receipt handles the life they have in SQS. ElasticMQ calls a handle invalid once its message was deleted or received
 * again, and takes one of a FIFO queue after it has expired.
 *
 * <ul>
 *   <li>Standard queue: a delete with a handle of this queue succeeds, whether or not there is something left to delete.
 *   <li>FIFO queue: a handle has expired when its message became visible again; until then a second delete succeeds.
 *   <li>A change of visibility never reaches past 12 h after receipt, and of a message that is gone it is an error.
 *   <li>A handle that is none of this queue is invalid.
 * </ul>
 *
 * <p>The handle that a caller sees holds what is to be known about it: see {@link Receipt}. So a handle from the older query
 * protocol, which no layer sees, is invalid here. Thread-safe; the state is in {@link ChangedDeadlines}.
 */
final class Receipts implements SqsService {
    static final String BEYOND_LIMIT = "Total VisibilityTimeout for the message is beyond the limit ["
            + CallRules.MAX_VISIBILITY_SECONDS + " seconds]";

    private static final Duration LIMIT = Duration.ofSeconds(CallRules.MAX_VISIBILITY_SECONDS);
    private static final String INVALID = "ReceiptHandleIsInvalid";

    private final SqsService next;
    private final QueueAttributes queues;
    private final Clock clock;
    private final ChangedDeadlines changed = new ChangedDeadlines();

    Receipts(SqsService next, QueueAttributes queues, Clock clock) {
        this.next = next;
        this.queues = queues;
        this.clock = clock;
    }

    @Override
    public SqsAnswer answer(SqsCall call) throws IOException {
        return switch (Batches.single(call)) {
            case "ReceiveMessage" -> received(call, next.answer(call));
            case "DeleteMessage" -> Batches.checked(call, entry -> deleteError(call, entry), this::delete, next);
            case "ChangeMessageVisibility" ->
                Batches.checked(call, entry -> changeError(call, entry), this::changeVisibility, next);
            default -> next.answer(call);
        };
    }

    private SqsAnswer received(SqsCall call, SqsAnswer answer) throws IOException {
        List<ObjectNode> messages = Batches.objects(answer.body(), "Messages");
        if (messages.isEmpty()) {
            return answer;
        }
        String queue = call.queueName().orElse("");
        Instant now = clock.instant();
        Instant invisibleUntil = now.plusSeconds(visibilitySeconds(call));
        ObjectNode body = Batches.shallowCopy(answer.body());
        ArrayNode copies = body.putArray("Messages");
        for (ObjectNode message : messages) {
            String inner = message.path("ReceiptHandle").asText();
            copies.add(Batches.shallowCopy(message)
                    .put(
                            "ReceiptHandle",
                            Receipt.issue(queue, now, invisibleUntil, inner).handle()));
        }
        return SqsAnswer.success(body);
    }

    /** Only FIFO queues care: the others are not asked for theirs. */
    private long visibilitySeconds(SqsCall call) throws IOException {
        if (call.parameters().hasNonNull("VisibilityTimeout")) {
            return call.parameters().path("VisibilityTimeout").asLong();
        }
        return MessageRules.isFifo(call) ? queues.visibilitySeconds(call) : 0;
    }

    private Optional<SqsError> deleteError(SqsCall call, ObjectNode entry) {
        Optional<Receipt> receipt = receipt(call, entry);
        if (receipt.isEmpty()) {
            return Optional.of(invalid(entry));
        }
        return expired(call, receipt.get()) ? Optional.of(expiredError(receipt.get())) : Optional.empty();
    }

    private Optional<SqsError> changeError(SqsCall call, ObjectNode entry) {
        Optional<SqsError> error = CallRules.visibilityError(entry).or(() -> deleteError(call, entry));
        if (error.isPresent()) {
            return error;
        }
        long seconds = entry.path("VisibilityTimeout").asLong();
        // what has passed is counted in whole seconds: the full 12 h just after receipt are no error
        Duration held = Duration.between(receipt(call, entry).orElseThrow().received(), clock.instant());
        return Duration.ofSeconds(held.toSeconds() + seconds).compareTo(LIMIT) > 0
                ? Optional.of(SqsError.invalidValue(seconds, "VisibilityTimeout", BEYOND_LIMIT))
                : Optional.empty();
    }

    private static Optional<Receipt> receipt(SqsCall call, ObjectNode entry) {
        return Receipt.read(entry.path("ReceiptHandle").asText())
                .filter(receipt -> receipt.queue().equals(call.queueName().orElse("")));
    }

    private boolean expired(SqsCall call, Receipt receipt) {
        return MessageRules.isFifo(call) && !clock.instant().isBefore(changed.of(receipt));
    }

    private static SqsError invalid(ObjectNode entry) {
        return SqsError.badRequest(
                INVALID,
                "The input receipt handle \"" + entry.path("ReceiptHandle").asText()
                        + "\" is not a valid receipt handle.");
    }

    private static SqsError expiredError(Receipt receipt) {
        return SqsError.invalidValue(receipt.handle(), "ReceiptHandle", "The receipt handle has expired.");
    }

    private static SqsError goneError(Receipt receipt) {
        return SqsError.invalidValue(
                receipt.handle(),
                "ReceiptHandle",
                "Message does not exist or is not available for visibility timeout change.");
    }

    /** Whatever is deleted, deleted before or received again since: the caller hears that it is done. */
    private SqsAnswer delete(SqsCall call) throws IOException {
        Map<String, Receipt> receipts = new HashMap<>();
        SqsAnswer answer = next.answer(call.with(withInner(call, receipts)));
        if (!Batches.isBatch(call)) {
            return isInvalid(answer) ? SqsAnswer.success(call.parameters().objectNode()) : answer;
        }
        ObjectNode body = Batches.shallowCopy(answer.body());
        ArrayNode successful = copyOf(body, "Successful");
        ArrayNode failed = body.arrayNode();
        for (ObjectNode failure : Batches.objects(answer.body(), "Failed")) {
            if (isInvalid(failure)) {
                successful.addObject().put("Id", Batches.id(failure));
            } else {
                failed.add(failure);
            }
        }
        return answer.succeeded() ? SqsAnswer.success(withLists(body, successful, failed)) : answer;
    }

    private SqsAnswer changeVisibility(SqsCall call) throws IOException {
        Map<String, Receipt> receipts = new HashMap<>();
        Instant asked = clock.instant();
        SqsAnswer answer = next.answer(call.with(withInner(call, receipts)));
        if (!Batches.isBatch(call)) {
            Receipt receipt = receipts.values().iterator().next();
            if (answer.succeeded()) {
                noteChange(call, receipt, call.parameters(), asked);
            }
            return isInvalid(answer) ? goneError(receipt).answer() : answer;
        }
        ObjectNode body = Batches.shallowCopy(answer.body());
        ArrayNode failed = body.arrayNode();
        for (ObjectNode failure : Batches.objects(answer.body(), "Failed")) {
            String id = Batches.id(failure);
            Receipt receipt = receipts.remove(id);
            failed.add(
                    isInvalid(failure) && receipt != null ? goneError(receipt).failed(id) : failure);
        }
        if (!answer.succeeded()) {
            return answer;
        }
        for (ObjectNode entry : Batches.entries(call)) {
            Receipt receipt = receipts.get(Batches.id(entry));
            if (receipt != null) {
                noteChange(call, receipt, entry, asked);
            }
        }
        return SqsAnswer.success(withLists(body, copyOf(body, "Successful"), failed));
    }

    private void noteChange(SqsCall call, Receipt receipt, ObjectNode entry, Instant asked) {
        if (MessageRules.isFifo(call)) {
            changed.change(
                    receipt, asked.plusSeconds(entry.path("VisibilityTimeout").asLong()), asked);
        }
    }

    /** The call as ElasticMQ knows its handles; puts the receipts under the ids of their entries. */
    private static ObjectNode withInner(SqsCall call, Map<String, Receipt> receipts) {
        if (!Batches.isBatch(call)) {
            return withInner(call, call.parameters(), receipts);
        }
        ObjectNode copy = Batches.shallowCopy(call.parameters());
        ArrayNode entries = copy.putArray("Entries");
        Batches.entries(call).forEach(entry -> entries.add(withInner(call, entry, receipts)));
        return copy;
    }

    private static ObjectNode withInner(SqsCall call, ObjectNode entry, Map<String, Receipt> receipts) {
        Receipt receipt = receipt(call, entry).orElseThrow();
        receipts.put(Batches.id(entry), receipt);
        return Batches.shallowCopy(entry).put("ReceiptHandle", receipt.inner());
    }

    private static ArrayNode copyOf(ObjectNode body, String list) {
        return body.arrayNode().addAll(Batches.objects(body, list));
    }

    private static ObjectNode withLists(ObjectNode body, ArrayNode successful, ArrayNode failed) {
        body.set("Successful", successful);
        body.set("Failed", failed);
        return body;
    }

    private static boolean isInvalid(SqsAnswer answer) {
        return answer.body().path("__type").asText().endsWith(INVALID);
    }

    private static boolean isInvalid(ObjectNode failure) {
        return failure.path("Code").asText().equals(INVALID);
    }
}
