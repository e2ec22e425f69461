package io.github.eventfork.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Delivery;
import io.github.eventfork.Health;
import io.github.eventfork.conformance.TroubleStage.Failure;
import io.github.eventfork.queue.MessageQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What random stories are worth: pollers that break a promise are found by a few of them, and shown by a short one. */
class TroubleStoriesNoticeTest {

    private static final long SEED = 20_261_201;
    private static final int STORIES = 400;
    private static final Duration LONG = Duration.ofSeconds(30);

    /** How a poller breaks a promise, and what the story that notices calls it. */
    private enum Broken {
        ACKNOWLEDGES_UNRUN("acknowledged", port(queue -> new Through(queue) {
            @Override
            public CompletionStage<List<Delivery>> receive(Receive asked) {
                return super.receive(asked).thenApply(deliveries -> {
                    deliveries.forEach(delivery -> queue.delete(List.of(delivery.receipt())));
                    return deliveries;
                });
            }
        })),
        BELIEVES_RENEWALS_THAT_WERE_NOT_MADE("believed kept", port(queue -> new Through(queue) {
            @Override
            public CompletionStage<List<Entry>> changeVisibility(List<Change> changes) {
                return changes.stream().anyMatch(change -> change.timeout().isZero())
                        ? super.changeVisibility(changes)
                        : CompletableFuture.completedFuture(Collections.nCopies(changes.size(), Entry.DONE));
            }
        })),
        RUNS_WHAT_COMES_LATE_AS_IF_IT_CAME_IN_TIME("not ours", port(queue -> new Through(queue) {
            @Override
            public CompletionStage<List<Delivery>> receive(Receive asked) {
                return super.receive(new Receive(
                        asked.most(), asked.longPoll(), Optional.of(Duration.ofSeconds(1)), asked.attempt()));
            }
        })),
        RUNS_A_GROUP_OUT_OF_ORDER("order", port(queue -> new Through(queue) {
            @Override
            public CompletionStage<List<Delivery>> receive(Receive asked) {
                return super.receive(asked).thenApply(deliveries -> {
                    List<Delivery> reversed = new ArrayList<>(deliveries);
                    Collections.reverse(reversed);
                    return reversed;
                });
            }
        })),
        COPIES_TWICE("copied twice", port(queue -> new Through(queue) {
            @Override
            public CompletionStage<List<Entry>> deadLetter(List<Copy> copies) {
                return super.deadLetter(copies).thenCompose(first -> super.deadLetter(copies));
            }
        })),
        COPIES_WHAT_HAS_NOT_FAILED("undeserved", port(queue -> new Through(queue) {
            @Override
            public CompletionStage<List<Delivery>> receive(Receive asked) {
                return super.receive(asked).thenApply(deliveries -> {
                    deliveries.forEach(delivery -> queue.deadLetter(List.of(new Copy(delivery, Optional.empty()))));
                    return deliveries;
                });
            }
        })),
        HIDES_WHAT_IS_GIVEN_BACK("hidden anew", port(queue -> new Through(queue) {
            @Override
            public CompletionStage<List<Entry>> changeVisibility(List<Change> changes) {
                List<Change> again = changes.stream()
                        .filter(change -> change.timeout().compareTo(Duration.ofSeconds(1)) <= 0)
                        .map(change -> new Change(change.receipt(), LONG))
                        .toList();
                return super.changeVisibility(changes).thenApply(entries -> {
                    if (!again.isEmpty()) {
                        super.changeVisibility(again);
                    }
                    return entries;
                });
            }
        })),
        ASKS_TWICE_IN_ONE_CALL("asked twice", port(queue -> new Through(queue) {
            @Override
            public CompletionStage<List<Entry>> changeVisibility(List<Change> changes) {
                List<Change> doubled = new ArrayList<>(changes);
                doubled.addAll(changes);
                return super.changeVisibility(doubled).thenApply(entries -> entries.subList(0, changes.size()));
            }
        })),
        SAYS_THAT_ALL_IS_WELL(
                "health",
                says(health -> health.status() == Health.Status.FAILING
                        ? new Health(Health.Status.RUNNING, health.since(), Optional.empty(), health.lastAnswer())
                        : health)),
        SAYS_THAT_SOMETHING_IS_WRONG(
                "health",
                says(health -> health.status() == Health.Status.RUNNING
                        ? new Health(
                                Health.Status.FAILING, health.since(), Optional.of("a rumour"), health.lastAnswer())
                        : health));

        private final String kind;
        private final Sabotage how;

        Broken(String kind, Sabotage how) {
            this.kind = kind;
            this.how = how;
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_poller_that_breaks_a_promise_is_found_and_shown_by_a_short_story(Broken broken) {
        // when stories are played until one goes wrong
        Optional<Failure> found = LongStream.range(SEED, SEED + STORIES)
                .mapToObj(TroubleStory::of)
                .filter(story -> story.setting().polls())
                .map(story -> TroubleStage.play(story, broken.how))
                .flatMap(Optional::stream)
                .filter(failure -> failure.wrong().kind().equals(broken.kind))
                .findFirst();

        // then it says what is wrong, and its shortest form still does
        assertThat(found).isPresent();
        Failure first = found.get();
        Failure shortest = TroubleStories.shortest(first, story -> TroubleStage.play(story, broken.how));
        assertThat(shortest.wrong().kind()).isEqualTo(broken.kind);
        assertThat(shortest.story().steps())
                .hasSizeLessThanOrEqualTo(first.story().steps().size())
                .hasSizeLessThanOrEqualTo(6);
        assertThat(TroubleStories.text(first, shortest))
                .contains(
                        shortest.wrong().text(),
                        shortest.story().toString(),
                        "-Dtrouble.seed=" + first.story().seed());
    }

    private static Sabotage port(UnaryOperator<MessageQueue> breaks) {
        return new Sabotage(breaks, UnaryOperator.identity());
    }

    private static Sabotage says(UnaryOperator<Health> says) {
        return new Sabotage(UnaryOperator.identity(), says);
    }

    /** A queue that is asked what this one is asked. */
    private abstract static class Through implements MessageQueue {

        private final MessageQueue queue;

        Through(MessageQueue queue) {
            this.queue = queue;
        }

        @Override
        public Object client() {
            return queue.client();
        }

        @Override
        public CompletionStage<Facts> facts() {
            return queue.facts();
        }

        @Override
        public CompletionStage<List<Delivery>> receive(Receive asked) {
            return queue.receive(asked);
        }

        @Override
        public CompletionStage<List<Entry>> delete(List<String> receipts) {
            return queue.delete(receipts);
        }

        @Override
        public CompletionStage<List<Entry>> changeVisibility(List<Change> changes) {
            return queue.changeVisibility(changes);
        }

        @Override
        public CompletionStage<List<Entry>> deadLetter(List<Copy> copies) {
            return queue.deadLetter(copies);
        }
    }
}
