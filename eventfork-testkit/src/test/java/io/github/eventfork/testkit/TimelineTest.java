package io.github.eventfork.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.Outcome;
import io.github.eventfork.Settlement;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineTest {

    private static final Duration DELAY = Duration.ofMillis(1_500);

    private static List<String> texts(Step... steps) {
        return List.of(steps).stream().map(Step::toString).toList();
    }

    @Test
    void outcomes_have_their_words() {
        assertThat(texts(
                        new Step.Finished("", new Outcome.Handled()),
                        new Step.Finished("", new Outcome.Duplicate()),
                        new Step.Finished("", new Outcome.Discarded()),
                        new Step.Finished("", new Outcome.Failed(new IllegalStateException("down"), DELAY)),
                        new Step.Finished("", new Outcome.Stopped(new InterruptedException("sleep interrupted"))),
                        new Step.Finished("", new Outcome.Postponed("the store is down", DELAY)),
                        new Step.Finished("", new Outcome.Rejected("no such list"))))
                .containsExactly(
                        "handled",
                        "duplicate",
                        "discarded",
                        "failed: java.lang.IllegalStateException: down",
                        "stopped: java.lang.InterruptedException: sleep interrupted",
                        "postponed for 1.5s: the store is down",
                        "rejected: no such list");
    }

    @Test
    void settlements_have_their_words() {
        assertThat(texts(
                        new Step.Settled(new Settlement.Acknowledge()),
                        new Step.Settled(new Settlement.TryAgain(DELAY)),
                        new Step.Settled(new Settlement.GiveBack(DELAY)),
                        new Step.Settled(new Settlement.DeadLetter("no such list", "fork", 1))))
                .containsExactly(
                        "acknowledged", "to be tried again after 1.5s", "given back for 1.5s", "dead-lettered");
    }

    @Test
    void what_the_queue_does_has_its_words() {
        assertThat(texts(
                        new Step.Sent(),
                        new Step.Received(2),
                        new Step.Deleted(Entry.DONE),
                        new Step.Hidden(DELAY, Entry.FINAL),
                        new Step.Copied(Entry.RETRIABLE),
                        new Step.MovedAway(),
                        new Step.Reported()))
                .containsExactly(
                        "sent",
                        "received (2)",
                        "deleted",
                        "not hidden for 1.5s: FINAL",
                        "not copied to the dead-letter queue: RETRIABLE",
                        "moved to the dead-letter queue by the queue",
                        "reported to Lambda as failed");
    }

    @Test
    void what_goes_wrong_has_its_words() {
        assertThat(texts(
                        new Step.WentWrong(Call.DELETE, Fault.failing(new IllegalStateException("reset"))),
                        new Step.WentWrong(Call.RECEIVE, Fault.lost()),
                        new Step.WentWrong(Call.FACTS, Fault.delayed(DELAY)),
                        new Step.WentWrong(Call.DEAD_LETTER, Fault.answering(Entry.RETRIABLE)),
                        new Step.WentWrong(Call.CHANGE_VISIBILITY, Fault.leavingOut(1)),
                        new Step.LeaseLost(),
                        new Step.ClaimLost()))
                .containsExactly(
                        "delete failed: java.lang.IllegalStateException: reset",
                        "receive done, but its answer lost",
                        "facts answered later by 1.5s",
                        "dead letter not done, but answered RETRIABLE",
                        "change visibility not done and not answered",
                        "lease lost",
                        "claim lost");
    }
}
