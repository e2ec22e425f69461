package io.github.eventfork.examples.cli;

import io.github.eventfork.Fork;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.RetryPolicy;
import io.github.eventfork.topology.FunctionSettings;
import io.github.eventfork.topology.Topology;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Runs commands in this process, on two forks that only remember, and keeps what they print. */
final class Shell {

    /** Where no server is: a port that was free a moment ago may be another test's a moment later. */
    static final String NOBODY = "http://127.0.0.1:1";

    final Queue<String> counted = new ConcurrentLinkedQueue<>();
    final CompletableFuture<Void> stop = new CompletableFuture<>();
    final Topology topology;
    private final Map<String, Supplier<Fork>> workers = new LinkedHashMap<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private boolean terminal;
    private ForkRuntime runtime = ForkRuntime.system();
    private volatile Consumer<String> login = counted::add;

    Shell() {
        Fork analytics = Fork.named("analytics")
                .on("signup", String.class, event -> counted.add(event.payload()))
                .on("login", String.class, event -> login.accept(event.payload()))
                .retry(RetryPolicy.standard().withAttempts(3))
                .build();
        Fork chat = Fork.named("chat")
                .on("signup", String.class, event -> {})
                .retry(RetryPolicy.standard().withAttempts(3))
                .build();
        topology = Topology.of("user-events").forks(analytics, chat);
        workers.put("analytics", () -> analytics);
        workers.put("chat", () -> {
            throw new IllegalStateException("the environment lacks CHAT_WEBHOOK_URL");
        });
    }

    /** The same with somebody who watches. */
    Shell atTerminal() {
        terminal = true;
        return this;
    }

    /** The same in this time. */
    Shell in(ForkRuntime other) {
        runtime = other;
        return this;
    }

    /** The same, but its fork {@code analytics} does that with a login. */
    Shell onLogin(Consumer<String> handler) {
        login = handler;
        return this;
    }

    int execute(String... arguments) {
        Catalog catalog = new Catalog(
                topology, fork -> FunctionSettings.of("com.example.Function", "target/functions.jar"), workers);
        Surroundings surroundings = new Surroundings(new QuietLogs(), stop, terminal, runtime);
        LocalJob job = (options, printed, log, ended) -> {
            printed.println(options.adapter() + " at port " + options.address().port()
                    + (options.address().hosts().isEmpty()
                            ? ""
                            : ", for " + options.address().hosts())
                    + (options.serve() ? ", serving" : ""));
            return !options.serve();
        };
        return new Tool(catalog, job, surroundings)
                .execute(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    List<String> out() {
        return out.toString().lines().toList();
    }

    List<String> err() {
        return err.toString().lines().toList();
    }
}
