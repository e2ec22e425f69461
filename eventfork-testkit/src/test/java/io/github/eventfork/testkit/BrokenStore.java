package io.github.eventfork.testkit;

import io.github.eventfork.idempotency.Claim;
import io.github.eventfork.idempotency.IdempotencyStore;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Stores that break a rule of {@link IdempotencyStoreContract} each, and what finds them out in what words. */
enum BrokenStore {
    NEVER_GRANTS(
            "a free key is acquired",
            "the claim should have been granted, the answer was InProgress[remaining=PT1S]",
            store -> new Like(store) {
                @Override
                public Claim claim(String key, Duration hold) {
                    return new Claim.InProgress(Duration.ofSeconds(1));
                }
            }),
    LETS_EVERYBODY_IN(
            "of threads that race for a key exactly one wins",
            "4 of 4 threads acquired one key",
            store -> new Like(store) {
                @Override
                public Claim claim(String key, Duration hold) {
                    return new Claim.Acquired("token");
                }
            }),
    LETS_EVERYBODY_IN_WHEN_A_CLAIM_IS_OVER(
            "of threads that race for an expired key exactly one wins",
            "4 of 4 threads acquired one key",
            store -> new Like(store) {
                @Override
                public Claim claim(String key, Duration hold) {
                    boolean first = !tokens.containsKey(key);
                    Claim claim = super.claim(key, hold);
                    return first || claim instanceof Claim.Completed ? claim : new Claim.Acquired("token");
                }
            }),
    CHECKS_THEN_ACTS(
            "of threads that race for a key exactly one wins", "threads acquired one key", store -> new Like(store) {
                private final Thread alone = Thread.currentThread();
                private final CountDownLatch looked = new CountDownLatch(2);

                /** Who races has looked when another has looked too, so that two of them act on what was so before. */
                @Override
                public Claim claim(String key, Duration hold) {
                    if (Thread.currentThread() == alone || tokens.containsKey(key)) {
                        return super.claim(key, hold);
                    }
                    looked.countDown();
                    await(looked);
                    Claim claim = super.claim(key, hold);
                    return claim instanceof Claim.InProgress ? new Claim.Acquired("stolen") : claim;
                }
            }),
    SAYS_MORE_THAN_REMAINS(
            "a held key is in progress for no longer than it is held",
            "remaining must be over 0 and at most PT30S, was PT1M28S",
            store -> new Like(store) {
                @Override
                public Claim claim(String key, Duration hold) {
                    Claim claim = super.claim(key, hold);
                    return claim instanceof Claim.InProgress progress
                            ? new Claim.InProgress(progress.remaining().plusSeconds(60))
                            : claim;
                }
            }),
    ALWAYS_SAYS_THE_SAME_REMAINS(
            "what remains of a claim gets less", "remaining was PT5S and then PT5S", store -> new Like(store) {
                @Override
                public Claim claim(String key, Duration hold) {
                    Claim claim = super.claim(key, hold);
                    return claim instanceof Claim.InProgress ? new Claim.InProgress(Duration.ofSeconds(5)) : claim;
                }
            }),
    EXTENDS_BY_ASKING(
            "a claim that is refused does not make the holder's longer",
            "the claim should have been granted, the answer was InProgress[remaining=PT26S]",
            store -> new Like(store) {
                @Override
                public Claim claim(String key, Duration hold) {
                    Claim claim = super.claim(key, hold);
                    if (claim instanceof Claim.InProgress) {
                        store.renew(key, tokens.getOrDefault(key, ""), hold);
                    }
                    return claim;
                }
            }),
    HOLDS_FOR_A_YEAR(
            "a claim whose time is over goes to the next",
            "the claim should have been granted, the answer was InProgress[remaining=PT8759H59M28S]",
            store -> new Like(store) {
                @Override
                public Claim claim(String key, Duration hold) {
                    return super.claim(key, Duration.ofDays(365));
                }
            }),
    HOLDS_ALL_EQUALLY_LONG(
            "a claim is held for the time that it asked for",
            "the key should have been in progress, the answer was Acquired",
            store -> new Like(store) {
                @Override
                public Claim claim(String key, Duration hold) {
                    return super.claim(key, Duration.ofSeconds(30));
                }
            }),
    KNOWS_WHOLE_SECONDS_ONLY("times need not be whole seconds", "whole seconds only", store -> new Like(store) {
        @Override
        public Claim claim(String key, Duration hold) {
            if (hold.getNano() != 0) {
                throw new IllegalArgumentException("whole seconds only");
            }
            return super.claim(key, hold);
        }
    }),
    HAS_ONE_KEY(
            "keys do not know each other",
            "the claim should have been granted, the answer was InProgress[remaining=PT30S]",
            store -> rekeyed(store, key -> "key")),
    FOLDS_CASE(
            "keys that differ in case, in blanks or beyond ASCII are different",
            "the claim should have been granted, the answer was InProgress[remaining=PT30S]",
            store -> rekeyed(store, key -> key.toLowerCase(Locale.ROOT))),
    CUTS_KEYS_OFF(
            "long keys that differ at their end are different",
            "the claim should have been granted, the answer was InProgress[remaining=PT30S]",
            store -> rekeyed(store, key -> key.substring(0, Math.min(255, key.length())))),
    HAS_ONE_TOKEN_FOR_A_KEY(
            "a token is of one claim only", "two claims got the token fork#order-1", store -> new Like(store) {
                @Override
                public Claim claim(String key, Duration hold) {
                    return super.claim(key, hold) instanceof Claim.Acquired
                            ? new Claim.Acquired(key)
                            : new Claim.InProgress(hold);
                }

                @Override
                public boolean release(String key, String token) {
                    return store.release(key, tokens.getOrDefault(token, token));
                }
            }),
    TELLS_OF_COMPLETION_ONCE(
            "a completed key is completed for all",
            "the key should have been completed, the answer was Acquired[token=token]",
            store -> new Like(store) {
                private final AtomicInteger told = new AtomicInteger();

                @Override
                public Claim claim(String key, Duration hold) {
                    Claim claim = super.claim(key, hold);
                    return claim instanceof Claim.Completed && told.getAndIncrement() > 0
                            ? new Claim.Acquired("token")
                            : claim;
                }
            }),
    FORGETS_WITH_THE_CLAIM(
            "a completed key is remembered beyond its claim's time",
            "the key should have been completed, the answer was Acquired",
            store -> remembering(store, time -> Duration.ofSeconds(10))),
    FORGETS_EARLY(
            "a completed key is remembered until its time is over",
            "the key should have been completed, the answer was Acquired",
            store -> remembering(store, time -> time.dividedBy(2))),
    REMEMBERS_AT_LEAST_AS_LONG_AS_IT_HOLDS(
            "a completed key is remembered for the time that it asked for, be it shorter than its claim's",
            "the claim should have been granted, the answer was Completed[]",
            store -> remembering(store, time -> time.plusSeconds(30))),
    NEVER_FORGETS(
            "a completed key is free when its time is over",
            "the claim should have been granted, the answer was Completed[]",
            store -> remembering(store, time -> Duration.ofDays(365))),
    KEEPS_WHAT_IS_RELEASED(
            "a released key is acquired by the next",
            "the claim should have been granted, the answer was InProgress[remaining=PT30S]",
            store -> new Like(store) {
                @Override
                public boolean release(String key, String token) {
                    return true;
                }
            }),
    RELEASES_WHAT_IS_COMPLETED(
            "a completed key can't be released, renewed or completed again",
            "release with a token that does not hold the key answered true",
            store -> new Like(store) {
                @Override
                public boolean release(String key, String token) {
                    return store.release(key, token) || token.equals(tokens.get(key));
                }
            }),
    COMPLETES_WHAT_IS_RELEASED(
            "a released key can't be released, renewed or completed with its old token",
            "complete with a token that does not hold the key answered true",
            store -> new Like(store) {
                @Override
                public boolean complete(String key, String token, Duration rememberFor) {
                    return store.complete(key, token, rememberFor) || token.equals(tokens.get(key));
                }
            }),
    RENEWS_WHAT_NOBODY_HAS(
            "a key that nobody claimed can't be released, renewed or completed",
            "renew with a token that does not hold the key answered true",
            store -> new Like(store) {
                @Override
                public boolean renew(String key, String token, Duration hold) {
                    return store.renew(key, token, hold) || !tokens.containsKey(key);
                }
            }),
    TAKES_ANY_TOKEN(
            "a token of one key does nothing to another",
            "renew with a token that does not hold the key answered true",
            store -> new Like(store) {
                @Override
                public boolean renew(String key, String token, Duration hold) {
                    return store.renew(
                            key, tokens.containsValue(token) ? tokens.getOrDefault(key, token) : token, hold);
                }
            }),
    RENEWS_IN_NAME(
            "a renewed claim is held from the renewal on",
            "the key should have been in progress, the answer was Acquired",
            store -> new Like(store) {
                @Override
                public boolean renew(String key, String token, Duration hold) {
                    return token.equals(tokens.get(key));
                }
            }),
    RENEWS_ONCE(
            "a claim can be renewed again and again",
            "renew with the token that holds the key answered false",
            store -> new Like(store) {
                private final Set<String> renewed = ConcurrentHashMap.newKeySet();

                @Override
                public boolean renew(String key, String token, Duration hold) {
                    return renewed.add(token) && store.renew(key, token, hold);
                }
            }),
    RENEWS_ALL_EQUALLY_LONG(
            "a claim is renewed for the time that it asked for",
            "the key should have been in progress, the answer was Acquired",
            store -> new Like(store) {
                @Override
                public boolean renew(String key, String token, Duration hold) {
                    return store.renew(key, token, Duration.ofSeconds(30));
                }
            }),
    ADDS_RENEWALS_UP(
            "a renewed claim ends when the renewed time is over",
            "the claim should have been granted, the answer was InProgress[remaining=PT28S]",
            store -> new Like(store) {
                @Override
                public boolean renew(String key, String token, Duration hold) {
                    return store.renew(key, token, hold.multipliedBy(2));
                }
            }),
    RENEWS_BY_KEY(
            "an expired holder renews nothing of its successor's",
            "renew with a token that does not hold the key answered true",
            store -> new Like(store) {
                @Override
                public boolean renew(String key, String token, Duration hold) {
                    return store.renew(key, tokens.getOrDefault(key, token), hold);
                }
            }),
    COMPLETES_BY_KEY(
            "an expired holder completes nothing of its successor's",
            "complete with a token that does not hold the key answered true",
            store -> new Like(store) {
                @Override
                public boolean complete(String key, String token, Duration rememberFor) {
                    return store.complete(key, tokens.getOrDefault(key, token), rememberFor);
                }
            }),
    RELEASES_BY_KEY(
            "an expired holder releases nothing of its successor's",
            "release with a token that does not hold the key answered true",
            store -> new Like(store) {
                @Override
                public boolean release(String key, String token) {
                    return store.release(key, tokens.getOrDefault(key, token));
                }
            }),
    SAYS_YES_TO_WHO_EVER_HELD_IT(
            "who completed a key does nothing to who has it when it is free again",
            "renew with a token that does not hold the key answered true",
            store -> new Like(store) {
                private final Set<String> known = ConcurrentHashMap.newKeySet();

                @Override
                public Claim claim(String key, Duration hold) {
                    Claim claim = super.claim(key, hold);
                    if (claim instanceof Claim.Acquired acquired) {
                        known.add(key + acquired.token());
                    }
                    return claim;
                }

                @Override
                public boolean renew(String key, String token, Duration hold) {
                    return store.renew(key, token, hold) || known.contains(key + token);
                }

                @Override
                public boolean complete(String key, String token, Duration rememberFor) {
                    return store.complete(key, token, rememberFor) || known.contains(key + token);
                }

                @Override
                public boolean release(String key, String token) {
                    return store.release(key, token) || known.contains(key + token);
                }
            }),
    TELLS_ALL_THAT_THEY_ENDED_IT(
            "of threads that race to end a claim exactly one is told that it did",
            "of one claim's ends these answered true: [",
            store -> new Like(store) {
                @Override
                public boolean release(String key, String token) {
                    return store.release(key, token) || token.equals(tokens.get(key));
                }
            }),
    FORGETS_A_NEIGHBOUR(
            "random stories go as in a plain map",
            ", but the key should have been in progress",
            store -> new Like(store) {
                /** Who takes over a key that another had held takes the next one along, where there are three or more. */
                @Override
                public Claim claim(String key, Duration hold) {
                    boolean takesOver = tokens.containsKey(key) && tokens.size() >= 3;
                    Claim claim = super.claim(key, hold);
                    String neighbour = new TreeSet<>(tokens.keySet()).higher(key);
                    if (takesOver && neighbour != null && claim instanceof Claim.Acquired) {
                        store.release(neighbour, tokens.get(neighbour));
                    }
                    return claim;
                }
            });

    /** The test of the contract that finds it out. */
    final String rule;

    /** What the failure says. */
    final String words;

    private final UnaryOperator<IdempotencyStore> breaking;

    BrokenStore(String rule, String words, UnaryOperator<IdempotencyStore> breaking) {
        this.rule = rule;
        this.words = words;
        this.breaking = breaking;
    }

    IdempotencyStore on(IdempotencyStore sound) {
        return breaking.apply(sound);
    }

    /** Not for ever: a contract that sends one thread only is to miss the fault, not to hang. */
    private static void await(CountDownLatch latch) {
        try {
            latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static IdempotencyStore rekeyed(IdempotencyStore store, UnaryOperator<String> changed) {
        return new Like(store) {
            @Override
            public Claim claim(String key, Duration hold) {
                return super.claim(changed.apply(key), hold);
            }

            @Override
            public boolean renew(String key, String token, Duration hold) {
                return store.renew(changed.apply(key), token, hold);
            }

            @Override
            public boolean complete(String key, String token, Duration rememberFor) {
                return store.complete(changed.apply(key), token, rememberFor);
            }

            @Override
            public boolean release(String key, String token) {
                return store.release(changed.apply(key), token);
            }
        };
    }

    private static IdempotencyStore remembering(IdempotencyStore store, UnaryOperator<Duration> changed) {
        return new Like(store) {
            @Override
            public boolean complete(String key, String token, Duration rememberFor) {
                return store.complete(key, token, changed.apply(rememberFor));
            }
        };
    }

    /** A store that does what another does; each broken one differs in one thing. */
    private static class Like implements IdempotencyStore {
        final IdempotencyStore store;

        /** The latest token of each key. */
        final Map<String, String> tokens = new ConcurrentHashMap<>();

        Like(IdempotencyStore store) {
            this.store = store;
        }

        @Override
        public Claim claim(String key, Duration hold) {
            Claim claim = store.claim(key, hold);
            if (claim instanceof Claim.Acquired acquired) {
                tokens.put(key, acquired.token());
            }
            return claim;
        }

        @Override
        public boolean renew(String key, String token, Duration hold) {
            return store.renew(key, token, hold);
        }

        @Override
        public boolean complete(String key, String token, Duration rememberFor) {
            return store.complete(key, token, rememberFor);
        }

        @Override
        public boolean release(String key, String token) {
            return store.release(key, token);
        }
    }
}
