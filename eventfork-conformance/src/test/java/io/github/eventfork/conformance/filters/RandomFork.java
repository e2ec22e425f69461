package io.github.eventfork.conformance.filters;

import io.github.eventfork.Fork;
import io.github.eventfork.envelope.Envelope;
import io.github.eventfork.filter.Conditions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A fork beside what its builder was told.
 *
 * @param inBody whether its policy is about the body
 * @param wanted what was asked, by the places at which SNS finds it; the type is among it if it was
 * @param type where it reads the type
 * @param types which types it has a route for; none means any
 */
record RandomFork(Fork fork, boolean inBody, Wanted wanted, RandomType type, Set<String> types) {

    static final List<String> ATTRIBUTES = List.of("plan", "seats", "ip", "tags", "user.plan", "x-y_z");

    /** Places in a payload, as pointers. */
    static final List<String> FIELDS = List.of(
            "/plan",
            "/seats",
            "/ip",
            "/tags",
            "/user.plan",
            "/user/plan",
            "/user/seats",
            "/user/address/city",
            "/items/sku",
            "/items/quantity");

    /** What must hold together, and groups of which one must. */
    record Wanted(Map<List<String>, Ask> asks, List<Wanted> anyOf) {

        /** The same without what is asked of a place. */
        Wanted without(List<String> place) {
            Map<List<String>, Ask> others = new LinkedHashMap<>(asks);
            others.remove(place);
            return new Wanted(others, anyOf);
        }

        /** As SNS counts them: the product of values times depth, and groups add up. */
        long combinations() {
            long product = 1;
            for (Map.Entry<List<String>, Ask> ask : asks.entrySet()) {
                product *= (long) ask.getValue().values() * ask.getKey().size();
            }
            return anyOf.isEmpty()
                    ? product
                    : product * anyOf.stream().mapToLong(Wanted::combinations).sum();
        }

        /** Names at the top and in groups; an $or beside five names is one too many as well. */
        int keys() {
            return Math.max(topLevelNames().size(), beside().size() + (anyOf.isEmpty() ? 0 : 1));
        }

        private Set<String> beside() {
            return asks.keySet().stream().map(place -> place.get(0)).collect(Collectors.toSet());
        }

        private Set<String> topLevelNames() {
            Set<String> names = new TreeSet<>();
            asks.keySet().forEach(place -> names.add(place.get(0)));
            anyOf.forEach(group -> names.addAll(group.topLevelNames()));
            return names;
        }
    }

    /** What a builder is told, and what that means. */
    static final class Draft {
        private final Random random;
        private final boolean inBody;
        private final RandomType type;
        private final Set<String> types = new TreeSet<>();
        private final List<String> around;
        private final List<String> free;
        private final RandomAsks asks;
        private final Map<List<String>, Ask> wanted = new LinkedHashMap<>();
        private List<Wanted> anyOf = List.of();
        final Fork.Builder builder = Fork.named("random");

        Draft(Random random) {
            this.random = random;
            Envelope.Kind kind = List.of(
                            Envelope.Kind.SNS,
                            Envelope.Kind.SNS,
                            Envelope.Kind.SNS,
                            Envelope.Kind.EVENTBRIDGE,
                            Envelope.Kind.CLOUDEVENTS)
                    .get(random.nextInt(5));
            this.inBody = kind != Envelope.Kind.SNS || random.nextBoolean();
            this.type = RandomType.draw(random, kind, inBody);
            this.asks = new RandomAsks(random, inBody);
            this.around = around(kind);
            this.free = new ArrayList<>(inBody ? FIELDS : ATTRIBUTES);
            builder.envelope(kind).type(type.read());
            if (random.nextInt(3) > 0) {
                types.addAll(RandomType.some(random));
                types.forEach(one -> builder.on(one, String.class, event -> {}));
                wanted.put(type.place(), type.ask(types));
            } else {
                builder.onAny(String.class, event -> {});
            }
        }

        private static List<String> around(Envelope.Kind kind) {
            return switch (kind) {
                case EVENTBRIDGE -> List.of("detail");
                case CLOUDEVENTS -> List.of("data");
                case SNS, RAW -> List.of();
            };
        }

        void conditions(int atMost) {
            for (int i = random.nextInt(atMost + 1); i > 0; i--) {
                String place = place(free);
                Ask ask = ask(place);
                if (inBody) {
                    builder.whereBody(place, ask.condition());
                } else {
                    builder.where(place, ask.condition());
                }
                wanted.put(seen(place), ask);
            }
        }

        void groups() {
            List<Conditions> groups = new ArrayList<>();
            List<Wanted> meanings = new ArrayList<>();
            for (int i = 2 + random.nextInt(2); i > 0; i--) {
                group(new ArrayList<>(free), 1, groups, meanings);
            }
            builder.whereAnyOf(
                    groups.get(0),
                    groups.get(1),
                    groups.subList(2, groups.size()).toArray(Conditions[]::new));
            anyOf = meanings;
        }

        private void group(List<String> left, int depth, List<Conditions> groups, List<Wanted> meanings) {
            Map<List<String>, Ask> meaning = new LinkedHashMap<>();
            String place = place(left);
            Ask ask = ask(place);
            Conditions group =
                    inBody ? Conditions.whereBody(place, ask.condition()) : Conditions.where(place, ask.condition());
            meaning.put(seen(place), ask);
            while (left.size() > 3 && random.nextInt(2) == 0) {
                place = place(left);
                ask = ask(place);
                group = group.and(place, ask.condition());
                meaning.put(seen(place), ask);
            }
            List<Wanted> deeper = new ArrayList<>();
            if (depth < 3 && left.size() > 3 && random.nextInt(4) == 0) {
                List<Conditions> within = new ArrayList<>();
                group(new ArrayList<>(left), depth + 1, within, deeper);
                group(new ArrayList<>(left), depth + 1, within, deeper);
                group = group.andAnyOf(within.get(0), within.get(1));
            }
            groups.add(group);
            meanings.add(new Wanted(meaning, deeper));
        }

        /** One that is left; in the body /user.plan and /user/plan are one place for SNS, so they go together. */
        private String place(List<String> left) {
            String place = left.remove(random.nextInt(left.size()));
            if (inBody) {
                left.removeIf(other -> other.replace('.', '/').equals(place.replace('.', '/')));
            }
            return place;
        }

        /** What "absent" means of places in arrays of objects AWS does not say, so it is not asked. */
        private Ask ask(String place) {
            return asks.ask(!place.startsWith("/items"));
        }

        private List<String> seen(String place) {
            if (!inBody) {
                return List.of(place);
            }
            List<String> names = new ArrayList<>(around);
            names.addAll(List.of(place.substring(1).split("/")));
            return names;
        }

        Wanted wanted() {
            return new Wanted(wanted, anyOf);
        }

        boolean inBody() {
            return inBody && !(wanted.isEmpty() && anyOf.isEmpty());
        }
    }

    /** One that SNS takes. */
    static RandomFork draw(Random random) {
        while (true) {
            Draft draft = new Draft(random);
            draft.conditions(3);
            if (random.nextBoolean()) {
                draft.groups();
            }
            Wanted wanted = draft.wanted();
            if (wanted.combinations() <= 150 && wanted.keys() <= 5) {
                return new RandomFork(draft.builder.build(), draft.inBody(), wanted, draft.type, draft.types);
            }
        }
    }
}
