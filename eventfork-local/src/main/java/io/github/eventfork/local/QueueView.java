package io.github.eventfork.local;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What stands in the queues, looked up when somebody wants to know. Keeps nothing itself. */
final class QueueView {
    /** Of how many messages of a queue a text tells. */
    private static final int TOLD = 10;

    private final KnownMessages known;
    private final EmbeddedQueues queues;

    QueueView(KnownMessages known, EmbeddedQueues queues) {
        this.known = known;
        this.queues = queues;
    }

    /**
     * What stands in a queue.
     *
     * @throws IllegalArgumentException if there is no such queue
     */
    List<Standing> in(String queue) {
        return find(queue, known.of(queue)).orElseThrow(() -> none(queue));
    }

    private IllegalArgumentException none(String queue) {
        return new IllegalArgumentException("there is no queue '" + queue + "'; there are " + queues.names());
    }

    /**
     * Whether nothing stands in a queue; looks no further than to the first message that does.
     *
     * @throws IllegalArgumentException if there is no such queue
     */
    boolean isEmpty(String queue) {
        for (Map.Entry<String, Long> candidate : known.of(queue).entrySet()) {
            if (!find(queue, Map.of(candidate.getKey(), candidate.getValue()))
                    .orElseThrow(() -> none(queue))
                    .isEmpty()) {
                return false;
            }
        }
        return find(queue, Map.of()).orElseThrow(() -> none(queue)).isEmpty();
    }

    /** Has those forgotten that went without a word. */
    void forgetGone(String queue) {
        find(queue, known.of(queue));
        known.looked(queue);
    }

    private Optional<List<Standing>> find(String queue, Map<String, Long> candidates) {
        return queues.standing(queue, candidates.keySet()).map(standing -> {
            candidates.forEach((id, number) -> {
                if (!standing.containsKey(id)) {
                    known.forget(queue, id, number);
                }
            });
            return List.copyOf(standing.values());
        });
    }

    Map<String, List<Standing>> all() {
        Map<String, List<Standing>> all = new TreeMap<>();
        queues.names().forEach(name -> find(name, known.of(name)).ifPresent(standing -> all.put(name, standing)));
        return all;
    }

    /** When the next of all hidden messages becomes visible. */
    Optional<Instant> nextTurn() {
        return all().values().stream()
                .flatMap(List::stream)
                .flatMap(message -> message.hiddenUntil().stream())
                .min(Instant::compareTo);
    }

    /** Tells what stands in a queue, without what is in it. */
    static String text(String queue, List<Standing> standing) {
        List<String> lines = new ArrayList<>();
        lines.add("Queue '" + queue + "': " + (standing.isEmpty() ? "empty." : standing.size() + " messages."));
        standing.stream().limit(TOLD).map(QueueView::text).forEach(lines::add);
        if (standing.size() > TOLD) {
            lines.add("  and " + (standing.size() - TOLD) + " more");
        }
        return String.join("\n", lines);
    }

    private static String text(Standing message) {
        return "  " + message.messageId() + ": received " + message.receiveCount() + " times, "
                + message.hiddenUntil().map(until -> "hidden until " + until).orElse("visible")
                + message.movedFrom()
                        .map(source -> ", moved from '" + source + "'")
                        .orElse("");
    }
}
