package io.github.eventfork.topology;

import io.github.eventfork.Fork;
import io.github.eventfork.RetryPolicy;

/** Forks for tests, which look at what is around them and never run them. */
final class Forks {

    private Forks() {}

    static Fork on(String name, String... types) {
        Fork.Builder fork = Fork.named(name);
        for (String type : types) {
            fork.on(type, String.class, event -> {});
        }
        return fork.build();
    }

    static Fork onAny(String name) {
        return Fork.named(name).onAny(String.class, event -> {}).build();
    }

    static Fork withAttempts(String name, int attempts) {
        return Fork.named(name)
                .on("signup", String.class, event -> {})
                .retry(RetryPolicy.standard().withAttempts(attempts))
                .build();
    }
}
