package io.github.eventfork.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * A random story of keys in an idempotency store: which calls are made, and what time passes between them. Its seed decides
 * all of it. What it leaves open is which token a call carries: that is known only when claims have been answered, and
 * another one when steps were left out.
 *
 * @param seed what it was drawn by
 * @param moves its steps, in order
 */
record StoreStory(long seed, List<Move> moves) {

    private static final int MOST_KEYS = 24;

    /** A step of a story. */
    sealed interface Move {}

    /**
     * A call on a key.
     *
     * @param whose the token that it carries; a claim carries none
     * @param time how long the key is to be held or remembered; a release does not say
     */
    record Call(Verb verb, String key, Whose whose, Duration time) implements Move {

        /** The same call, said as what it is where there was no such token and it carried one of nobody. */
        Call carrying(String token) {
            return token.equals(StoreModel.NOBODYS) ? new Call(verb, key, Whose.NOBODYS, time) : this;
        }

        @Override
        public String toString() {
            return verb.name().toLowerCase(Locale.ROOT) + " " + key
                    + (verb == Verb.RELEASE ? "" : " for " + TimeText.length(time))
                    + (verb == Verb.CLAIM ? "" : " with " + whose.words);
        }
    }

    /** Time passes. */
    record Pause(Duration time) implements Move {}

    /** What is asked of the store. */
    enum Verb {
        CLAIM,
        RENEW,
        COMPLETE,
        RELEASE
    }

    /** Whose token a call carries. */
    enum Whose {
        /** Of who acquired the key last, be the time over or not. */
        THE_LAST_ONES("the last token"),
        /** Of who had acquired it before. */
        A_FORMER_ONES("a former token"),
        /** Of who acquired another key last. */
        ANOTHER_KEYS("the token of another key"),
        /** One that no claim was answered with. */
        NOBODYS("a token of nobody");

        final String words;

        Whose(String words) {
            this.words = words;
        }
    }

    StoreStory {
        moves = List.copyOf(moves);
    }

    /** A story of {@code length} steps, whose times are multiples of {@code margin}: what is held is over after 5 to 40. */
    static StoreStory of(long seed, int length, Duration margin) {
        return new Author(seed, margin).write(length);
    }

    /** The same without the steps from {@code from} to {@code to}, exclusively. */
    StoreStory without(int from, int to) {
        List<Move> rest = new ArrayList<>(moves.subList(0, from));
        rest.addAll(moves.subList(to, moves.size()));
        return new StoreStory(seed, rest);
    }

    /** Its first {@code length} steps, with pauses between which nothing happens made one. */
    StoreStory first(int length) {
        List<Move> first = new ArrayList<>();
        for (Move move : moves.subList(0, length)) {
            int last = first.size() - 1;
            if (last >= 0 && move instanceof Pause pause && first.get(last) instanceof Pause before) {
                first.set(last, new Pause(before.time.plus(pause.time)));
            } else {
                first.add(move);
            }
        }
        return new StoreStory(seed, first);
    }

    private static final class Author {
        private final long seed;
        private final Random random;
        private final double margin;
        private final List<String> lately = new ArrayList<>();

        Author(long seed, Duration margin) {
            this.seed = seed;
            this.random = new Random(seed);
            this.margin = margin.toMillis();
        }

        StoreStory write(int length) {
            int keys = 2 + random.nextInt(MOST_KEYS - 1);
            List<Move> moves = new ArrayList<>();
            for (int i = 0; i < length; i++) {
                moves.add(move(keys));
            }
            return new StoreStory(seed, moves);
        }

        /** Chances are chosen so that each answer of a store comes up in each story, and many claims end by their time. */
        private Move move(int keys) {
            int chance = random.nextInt(100);
            if (chance < 27) {
                return new Pause(chance < 2 ? times(10, 25) : times(0, 3));
            }
            if (chance < 62) {
                String key = lately(random.nextInt(4) > 0 ? "key-" + (1 + random.nextInt(keys)) : recent());
                return new Call(Verb.CLAIM, key, Whose.NOBODYS, chance < 30 ? times(60, 200) : times(5, 40));
            }
            String key = recent();
            return chance < 75
                    ? new Call(Verb.RENEW, key, whose(), times(5, 40))
                    : chance < 90
                            ? new Call(Verb.COMPLETE, key, whose(), chance < 78 ? times(60, 200) : times(5, 40))
                            : new Call(Verb.RELEASE, key, whose(), Duration.ZERO);
        }

        private String lately(String key) {
            lately.add(key);
            return key;
        }

        private String recent() {
            int from = Math.max(0, lately.size() - 6);
            return lately.isEmpty() ? "key-1" : lately.get(from + random.nextInt(lately.size() - from));
        }

        private Whose whose() {
            int chance = random.nextInt(100);
            return chance < 70
                    ? Whose.THE_LAST_ONES
                    : chance < 80 ? Whose.A_FORMER_ONES : chance < 90 ? Whose.ANOTHER_KEYS : Whose.NOBODYS;
        }

        /** To the millisecond, because a store need not know less. */
        private Duration times(int least, int most) {
            return Duration.ofMillis(Math.round(margin * (least + (most - least) * random.nextDouble())));
        }
    }
}
