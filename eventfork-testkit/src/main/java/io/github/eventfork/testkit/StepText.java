package io.github.eventfork.testkit;

import io.github.eventfork.Outcome;
import io.github.eventfork.Settlement;
import io.github.eventfork.queue.MessageQueue.Entry;

/** The words of a {@link Timeline}: short, and each thing by one word. */
final class StepText {

    static final Outcome.Cases<String> OUTCOME = new OutcomeText();
    static final Settlement.Cases<String> SETTLEMENT = new SettlementText();

    private StepText() {}

    static String answered(String done, Entry answer) {
        return answer == Entry.DONE ? done : "not " + done + ": " + answer;
    }

    static String wrong(String call, Fault fault) {
        if (fault instanceof Fault.Failing failing) {
            return call + " failed: " + failing.cause();
        }
        if (fault instanceof Fault.Delayed delayed) {
            return call + " answered later by " + TimeText.length(delayed.by());
        }
        if (fault instanceof Fault.Answering answering) {
            return call + " not done, but answered " + answering.entry();
        }
        if (fault instanceof Fault.Throwing throwing) {
            return call + " threw: " + throwing.thrown();
        }
        if (fault instanceof Fault.Blocking blocking) {
            return call + " held its thread for " + TimeText.length(blocking.time());
        }
        if (fault instanceof Fault.NeverAnswered never) {
            return call + (never.done() ? " done, but never answered" : " not done and never answered");
        }
        return fault instanceof Fault.Lost ? call + " done, but its answer lost" : call + " not done and not answered";
    }

    private static final class OutcomeText implements Outcome.Cases<String> {

        @Override
        public String handled(Outcome.Handled handled) {
            return "handled";
        }

        @Override
        public String duplicate(Outcome.Duplicate duplicate) {
            return "duplicate";
        }

        @Override
        public String discarded(Outcome.Discarded discarded) {
            return "discarded";
        }

        @Override
        public String failed(Outcome.Failed failed) {
            return "failed: " + failed.cause();
        }

        @Override
        public String stopped(Outcome.Stopped stopped) {
            return "stopped: " + stopped.cause();
        }

        @Override
        public String postponed(Outcome.Postponed postponed) {
            return "postponed for " + TimeText.length(postponed.retryAfter()) + ": " + postponed.reason();
        }

        @Override
        public String rejected(Outcome.Rejected rejected) {
            return "rejected: " + rejected.reason();
        }
    }

    private static final class SettlementText implements Settlement.Cases<String> {

        @Override
        public String acknowledge(Settlement.Acknowledge acknowledge) {
            return "acknowledged";
        }

        @Override
        public String tryAgain(Settlement.TryAgain tryAgain) {
            return "to be tried again after " + TimeText.length(tryAgain.delay());
        }

        @Override
        public String giveBack(Settlement.GiveBack giveBack) {
            return "given back for " + TimeText.length(giveBack.delay());
        }

        @Override
        public String deadLetter(Settlement.DeadLetter deadLetter) {
            return "dead-lettered";
        }
    }
}
