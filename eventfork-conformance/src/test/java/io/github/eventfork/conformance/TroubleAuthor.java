package io.github.eventfork.conformance;

import static io.github.eventfork.conformance.Given.seconds;

import io.github.eventfork.conformance.TroubleStep.Doing;
import io.github.eventfork.conformance.TroubleStep.End;
import io.github.eventfork.conformance.TroubleStep.RivalEnd;
import io.github.eventfork.conformance.TroubleStep.Sort;
import io.github.eventfork.conformance.TroubleStep.StoreIs;
import io.github.eventfork.conformance.TroubleStep.Which;
import io.github.eventfork.conformance.TroubleStory.Memory;
import io.github.eventfork.conformance.TroubleStory.Setting;
import io.github.eventfork.queue.MessageQueue.Entry;
import io.github.eventfork.testkit.Fault;
import io.github.eventfork.testkit.InMemoryQueue.Call;
import io.github.eventfork.testkit.VirtualRuntime.Resumption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;

/**
 * Draws a story by its seed: a setting, some messages, and steps that mix a few kinds of trouble, because where all of it
 * happens at once almost everything is excused; some mix all of it. Used once.
 */
final class TroubleAuthor {

    /** Kinds of trouble, of which a story has a few. */
    private enum Trouble {
        CALLS,
        MANY_CALLS,
        HELD_CALLERS,
        RENEWALS,
        RECEIVES,
        REFUSED_HANDLERS,
        FORWARD_CLOCK,
        BACKWARD_CLOCK,
        SUSPENSION,
        STANDSTILL,
        VISIBILITY,
        DEAD_LETTERS,
        RIVAL,
        STORE,
        DEPLOY,
        REST,
        BREAKDOWN
    }

    private static final List<Duration> PAUSES = List.of(
            Duration.ofMillis(10),
            Duration.ofMillis(300),
            seconds(1),
            seconds(3),
            seconds(7),
            seconds(15),
            seconds(25),
            seconds(45),
            seconds(90));

    private static final List<Duration> WORK = List.of(
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ofMillis(200),
            seconds(1),
            seconds(4),
            seconds(12),
            seconds(28),
            seconds(70));

    private static final Doing FAILING = new Doing(End.FAILS, Duration.ZERO, false);

    /** After that what a poller knows of its queue is asked anew. */
    private static final Duration FORGOTTEN = Duration.ofMinutes(7);

    /** More than what a poller remembers. */
    private static final int CROWD = 12_000;

    private static final Duration LONGER_THAN_A_CROWD = Duration.ofMinutes(20);

    private static final int ONE_CROWD_IN = 150;

    /** One story of so many has all kinds of trouble. */
    private static final int ALL_IN_ONE_OF = 10;

    private final long seed;
    private final Random random;
    private final List<Trouble> troubles;
    private final Setting setting;
    private final boolean misbehaved;
    private int messages;

    TroubleAuthor(long seed) {
        this.seed = seed;
        this.random = new Random(seed * 0x9E3779B97F4A7C15L + 1);
        this.troubles = troubles();
        this.misbehaved = random.nextInt(3) > 0;
        this.setting = setting();
    }

    TroubleStory write() {
        if (random.nextInt(ONE_CROWD_IN) == 0 && setting.polls() && setting.fifo()) {
            return crowd();
        }
        List<TroubleStep> steps = new ArrayList<>();
        if (random.nextInt(4) > 0) {
            steps.add(new TroubleStep.Open());
        }
        int length = 6 + random.nextInt(22);
        for (int i = 0; i < length; i++) {
            int chance = random.nextInt(100);
            if (chance < 35) {
                steps.add(send());
            } else if (chance < 65) {
                steps.add(new TroubleStep.Pass(oneOf(PAUSES)));
            } else {
                trouble(oneOf(troubles), steps);
            }
        }
        return new TroubleStory(seed, setting, steps);
    }

    /** A poller that knows of one message that it has done what the queue does not, and a crowd that passes meanwhile. */
    private TroubleStory crowd() {
        List<TroubleStep> steps = new ArrayList<>();
        steps.add(new TroubleStep.Open());
        steps.add(new TroubleStep.GoWrong(Which.THE_NEXT, Optional.of(Call.DELETE), Fault.answering(Entry.FINAL)));
        steps.add(((TroubleStep.Send) send()).doing(List.of()));
        steps.add(new TroubleStep.Pass(seconds(1)));
        steps.add(new TroubleStep.Crowd(CROWD));
        steps.add(new TroubleStep.Pass(LONGER_THAN_A_CROWD));
        return new TroubleStory(seed, setting.forACrowd(LONGER_THAN_A_CROWD), steps);
    }

    private List<Trouble> troubles() {
        List<Trouble> all = new ArrayList<>(List.of(Trouble.values()));
        Collections.shuffle(all, random);
        int kinds = random.nextInt(ALL_IN_ONE_OF) == 0 ? all.size() : 1 + random.nextInt(4);
        List<Trouble> some = new ArrayList<>(all.subList(0, kinds));
        // a suspension is noticed by the wall clock: who sets that back meanwhile hides it
        if (some.contains(Trouble.SUSPENSION)) {
            some.remove(Trouble.BACKWARD_CLOCK);
        }
        return some;
    }

    private Setting setting() {
        Anywhere kind = random.nextInt(3) > 0
                ? random.nextInt(4) > 0 ? Anywhere.POLLER_ENGINE : Anywhere.SQS_POLLER
                : oneOf(List.of(
                        Anywhere.LAMBDA_ENGINE,
                        Anywhere.LAMBDA_ENGINE_WITH_SETTLER,
                        Anywhere.FORK_FUNCTION,
                        Anywhere.FORK_FUNCTION_WITH_SETTLER));
        boolean polls = kind == Anywhere.POLLER_ENGINE || kind == Anywhere.SQS_POLLER;
        boolean settles =
                polls || kind == Anywhere.LAMBDA_ENGINE_WITH_SETTLER || kind == Anywhere.FORK_FUNCTION_WITH_SETTLER;
        boolean fifo = random.nextBoolean();
        int attempts = 2 + random.nextInt(4);
        // a FIFO topology refuses attempts other than the queue's, because they break the order where nobody settles
        OptionalInt mostReceives = !settles && fifo
                ? OptionalInt.of(attempts)
                : random.nextInt(4) == 0 ? OptionalInt.empty() : OptionalInt.of(2 + random.nextInt(5));
        int concurrency = 1 + random.nextInt(4);
        return new Setting(
                kind,
                fifo,
                mostReceives,
                attempts,
                oneOf(List.of(Duration.ZERO, seconds(1), seconds(3), seconds(20))),
                visibility(polls),
                oneOf(List.of(Duration.ZERO, seconds(1), seconds(5), seconds(20), seconds(20))),
                lateReceives()
                        ? seconds(90)
                        : oneOf(List.of(seconds(2), seconds(8), seconds(25), seconds(25), seconds(60))),
                oneOf(List.of(seconds(10), seconds(40), seconds(120))),
                concurrency,
                concurrency * (1 + random.nextInt(2) * random.nextInt(8)),
                oneOf(List.of(Duration.ZERO, Duration.ofMillis(20), Duration.ofMillis(100), Duration.ofMillis(400))),
                random.nextInt(5) < 2
                        ? Memory.STORE
                        : oneOf(List.of(
                                Memory.NOBODY, Memory.NOBODY, Memory.STORE_THAT_FAILS_OPEN, Memory.DOWNSTREAM)));
    }

    private Duration visibility(boolean polls) {
        if (!polls) {
            return oneOf(List.of(seconds(180), seconds(300)));
        }
        return lateReceives()
                ? seconds(90)
                : oneOf(List.of(seconds(2), seconds(5), seconds(12), seconds(30), seconds(30), seconds(60)));
    }

    /** What comes later than a call may take is of interest only where it is hidden for longer than that. */
    private boolean lateReceives() {
        return troubles.contains(Trouble.RECEIVES);
    }

    private TroubleStep send() {
        int number = ++messages;
        Optional<String> group = setting.fifo() || random.nextInt(4) == 0
                ? Optional.of(String.valueOf((char) ('a' + random.nextInt(3))))
                : Optional.empty();
        String id = group.orElse("m") + "-" + number;
        int copyOf = random.nextInt(6) == 0 ? 1 + random.nextInt(number) : number;
        int sort = random.nextInt(30);
        return new TroubleStep.Send(
                id,
                group,
                "event-" + copyOf,
                sort == 0 ? Sort.UNREADABLE : sort == 1 ? Sort.UNWANTED : Sort.GOOD,
                !setting.fifo() && random.nextInt(12) == 0,
                script());
    }

    private List<Doing> script() {
        List<Doing> script = new ArrayList<>();
        int runs = random.nextInt(misbehaved ? 4 : 2);
        for (int i = 0; i < runs; i++) {
            End end = misbehaved
                    ? oneOf(List.of(
                            End.RETURNS,
                            End.RETURNS,
                            End.RETURNS,
                            End.RETURNS,
                            End.FAILS,
                            End.FAILS,
                            End.PUTS_OFF,
                            End.ERRS,
                            End.REJECTS,
                            End.KNOWS_IT_IS_DONE))
                    : End.RETURNS;
            if (troubles.contains(Trouble.BREAKDOWN) && random.nextInt(6) == 0) {
                end = End.BREAKS_DOWN;
            }
            script.add(new Doing(end, oneOf(WORK), random.nextInt(6) == 0));
        }
        return script;
    }

    private void trouble(Trouble kind, List<TroubleStep> steps) {
        switch (kind) {
            case CALLS ->
                steps.add(
                        random.nextInt(5) == 0
                                ? new TroubleStep.GoRight()
                                : new TroubleStep.GoWrong(Which.THE_NEXT, call(), fault()));
            case MANY_CALLS ->
                steps.add(
                        random.nextInt(3) == 0
                                ? new TroubleStep.GoRight()
                                : new TroubleStep.GoWrong(
                                        random.nextBoolean() ? Which.ALL : Which.ONE_IN_FIVE, call(), fault()));
            case HELD_CALLERS ->
                steps.add(new TroubleStep.GoWrong(
                        random.nextInt(4) == 0 ? Which.ONE_IN_FIVE : Which.THE_NEXT,
                        call(),
                        Fault.blocking(
                                seconds(oneOf(List.of(2, 8, 20, 50))),
                                random.nextInt(3) == 0 ? fault() : Fault.none())));
            case RENEWALS ->
                steps.add(new TroubleStep.GoWrong(
                        Which.THE_NEXT,
                        Optional.of(Call.CHANGE_VISIBILITY),
                        oneOf(List.of(
                                Fault.neverAnswered(),
                                Fault.doneNeverAnswered(),
                                Fault.delayed(seconds(45)),
                                Fault.failing(),
                                Fault.answering(Entry.RETRIABLE)))));
            case RECEIVES ->
                steps.add(new TroubleStep.GoWrong(
                        Which.THE_NEXT,
                        Optional.of(Call.RECEIVE),
                        oneOf(List.of(
                                Fault.lost(),
                                Fault.doneNeverAnswered(),
                                Fault.delayed(seconds(oneOf(List.of(9, 22, 38, 45, 56, 70))))))));
            case REFUSED_HANDLERS -> steps.add(new TroubleStep.Refuse(1 + random.nextInt(6)));
            case FORWARD_CLOCK -> steps.add(new TroubleStep.SetClock(seconds(oneOf(List.of(1, 3, 20, 3600)))));
            case BACKWARD_CLOCK -> steps.add(new TroubleStep.SetClock(seconds(-oneOf(List.of(1, 3, 20, 3600)))));
            case SUSPENSION -> steps.add(new TroubleStep.Suspend(stillness()));
            case STANDSTILL -> steps.add(new TroubleStep.StandStill(stillness(), oneOf(List.of(Resumption.values()))));
            case VISIBILITY ->
                steps.add(new TroubleStep.Hide(
                        setting.polls()
                                ? oneOf(List.of(seconds(2), seconds(2), seconds(10), seconds(30), seconds(120)))
                                : oneOf(List.of(seconds(180), seconds(240)))));
            case DEAD_LETTERS -> deadLetters(steps);
            case RIVAL -> rival(steps);
            case STORE -> steps.add(new TroubleStep.Store(oneOf(List.of(StoreIs.values()))));
            case DEPLOY -> deploy(steps);
            case REST -> {
                steps.add(new TroubleStep.Rest());
                steps.add(new TroubleStep.Pass(oneOf(PAUSES)));
                steps.add(new TroubleStep.Resume());
            }
            case BREAKDOWN -> steps.add(new TroubleStep.Open());
        }
    }

    private void deadLetters(List<TroubleStep> steps) {
        if (setting.fifo() && !setting.settles()) {
            return;
        }
        if (random.nextInt(4) == 0) {
            steps.add(new TroubleStep.MostReceives(1 + random.nextInt(2)));
            steps.add(new TroubleStep.Pass(FORGOTTEN));
            steps.add(((TroubleStep.Send) send()).doing(Collections.nCopies(2, FAILING)));
            steps.add(new TroubleStep.Pass(oneOf(PAUSES)));
            return;
        }
        steps.add(
                switch (random.nextInt(3)) {
                    case 0 -> new TroubleStep.MostReceives(1 + random.nextInt(6));
                    case 1 -> new TroubleStep.OtherDeadLetters(1 + random.nextInt(6));
                    default -> new TroubleStep.NoDeadLetters();
                });
    }

    private void rival(List<TroubleStep> steps) {
        int hides = oneOf(List.of(3, 10, 40));
        steps.add(new TroubleStep.Rival(
                oneOf(PAUSES),
                1 + random.nextInt(4),
                seconds(hides),
                seconds(random.nextInt(hides)),
                oneOf(List.of(RivalEnd.values()))));
        if (random.nextBoolean()) {
            steps.add(new TroubleStep.StandStill(stillness(), oneOf(List.of(Resumption.values()))));
        }
    }

    private void deploy(List<TroubleStep> steps) {
        List<TroubleStep> parts = new ArrayList<>(List.of(new TroubleStep.Close(), new TroubleStep.Open()));
        if (random.nextBoolean()) {
            Collections.reverse(parts);
        }
        if (random.nextInt(3) == 0) {
            parts.add(1, new TroubleStep.Pass(oneOf(PAUSES)));
        }
        steps.addAll(parts);
    }

    private Duration stillness() {
        return seconds(oneOf(setting.polls() ? List.of(3, 8, 14, 26, 50, 200) : List.of(3, 14, 40)));
    }

    private Optional<Call> call() {
        return random.nextInt(5) == 0 ? Optional.empty() : Optional.of(oneOf(List.of(Call.values())));
    }

    private Fault fault() {
        return switch (random.nextInt(12)) {
            case 0 -> Fault.failing();
            case 1 -> Fault.lost();
            case 2 -> Fault.delayed(seconds(1));
            case 3 -> Fault.delayed(seconds(oneOf(List.of(6, 13, 24))));
            case 4 -> Fault.delayed(seconds(oneOf(List.of(38, 45, 70, 150))));
            case 5, 6 -> Fault.neverAnswered();
            case 7 -> Fault.doneNeverAnswered();
            case 8 -> Fault.throwing(new IllegalStateException("thrown at once"));
            case 9 -> Fault.answering(Entry.RETRIABLE, indexes());
            case 10 -> Fault.answering(Entry.FINAL, indexes());
            default -> Fault.leavingOut(1 + random.nextInt(2));
        };
    }

    private Integer[] indexes() {
        return oneOf(List.of(Set.<Integer>of(), Set.of(0), Set.of(1), Set.of(0, 2)))
                .toArray(Integer[]::new);
    }

    private <T> T oneOf(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
