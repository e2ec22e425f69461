package io.github.eventfork.engine;

import io.github.eventfork.Outcome;
import io.github.eventfork.Settlement;
import io.github.eventfork.text.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one line about each try: at WARN for what failed, with the handler's stack trace, and for what was rejected; at
 * DEBUG for the rest; what was put off or stopped is no more than INFO while it comes again. It names the settlement that is asked for; what stands may be another, if nobody can carry it out.
 *
 * <p>What a handler threw is handed to the logging framework as it is: to escape its text it would have to be replaced by
 * another exception, and whoever groups or forwards exceptions by their type and causes would lose it. So a line break in
 * it reaches a log that is plain text, unless its layout escapes it.
 */
final class OutcomeLog {

    private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

    private static final String STOPPED =
            "Fork '{}': message {} (type '{}', attempt {}) was stopped; settlement asked for: {}";

    private final String fork;

    OutcomeLog(String fork) {
        this.fork = fork;
    }

    /** What the log throws, such as for an exception that can't say what it is, undoes nothing of the try. */
    void write(Work work, ForkProcessor.Tried tried, Settlement settlement) {
        try {
            line(work, tried, settlement);
        } catch (Throwable e) {
            Errors.rethrowFatal(e);
        }
    }

    private void line(Work work, ForkProcessor.Tried tried, Settlement settlement) {
        if (tried.outcome() instanceof Outcome.Failed later
                && Verdict.later(later)
                && !(settlement instanceof Settlement.DeadLetter)) {
            log.info(
                    "Fork '{}': message {} (type '{}', attempt {}) is put off; settlement asked for: {}",
                    fork,
                    LogText.of(work.delivery.messageId()),
                    LogText.of(tried.type()),
                    work.attempt(),
                    next(settlement));
            log.debug("Its handler threw", later.cause());
        } else if (tried.outcome() instanceof Outcome.Stopped stopped) {
            Object[] told = {
                fork, LogText.of(work.delivery.messageId()), LogText.of(tried.type()), work.attempt(), next(settlement)
            };
            if (settlement instanceof Settlement.DeadLetter) {
                log.warn(STOPPED, told);
            } else {
                log.info(STOPPED, told);
            }
            log.debug("Its handler threw", stopped.cause());
        } else if (tried.outcome() instanceof Outcome.Failed failed) {
            log.warn(
                    "Fork '{}': message {} (type '{}', attempt {}) failed; settlement asked for: {}",
                    fork,
                    LogText.of(work.delivery.messageId()),
                    LogText.of(tried.type()),
                    work.attempt(),
                    next(settlement),
                    failed.cause());
        } else if (tried.outcome() instanceof Outcome.Rejected rejected) {
            log.warn("{} Settlement asked for: {}", rejected.reason(), next(settlement));
        } else if (tried.missing() != null && !(settlement instanceof Settlement.TryAgain)) {
            log.error(
                    "Fork '{}': message {} could not be run: {} Settlement asked for: {}",
                    fork,
                    LogText.of(work.delivery.messageId()),
                    tried.missing().text(),
                    next(settlement),
                    tried.missing().error());
        } else if (log.isDebugEnabled()) {
            log.debug("Fork '{}': message {}: {}", fork, LogText.of(work.delivery.messageId()), tried.outcome());
        }
    }

    private static String next(Settlement settlement) {
        return settlement.match(new Settlement.Cases<>() {
            @Override
            public String acknowledge(Settlement.Acknowledge acknowledge) {
                return "acknowledge";
            }

            @Override
            public String tryAgain(Settlement.TryAgain tryAgain) {
                return "try again in hand after " + tryAgain.delay();
            }

            @Override
            public String giveBack(Settlement.GiveBack giveBack) {
                return "give back for " + giveBack.delay();
            }

            @Override
            public String deadLetter(Settlement.DeadLetter deadLetter) {
                return "dead letter";
            }
        });
    }
}
