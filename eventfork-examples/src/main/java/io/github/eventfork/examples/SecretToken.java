package io.github.eventfork.examples;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.eventfork.ForkRuntime;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A token that is kept as a secret: read once, when it is first needed, and anew after it was refused, but not within 30 s:
 * a service that refuses whatever it gets costs two reads a minute, not one for each event.
 *
 * <p><b>Invariant:</b> those who need the token at the same time wait for one read, which is none of their threads', so that
 * none who is interrupted takes it from the others. A token that was refused is not handed out again once the store may say
 * another.
 *
 * <p><b>Ownership:</b> {@code kept} and {@code readAt} belong to whoever holds this object's monitor; nothing is read under
 * it.
 */
final class SecretToken implements Token {

    /** Longer than whoever reads it may take. */
    static final Duration PATIENCE = AwsSecrets.ANSWERS_WITHIN.plusSeconds(1);

    /** A secret that is rotated is rarely rotated again within this time. */
    static final Duration AT_LEAST_KEPT = Duration.ofSeconds(30);

    private final Secrets secrets;
    private final String variable;
    private final String nameOrArn;
    private final ForkRuntime runtime;

    @GuardedBy("this")
    private @Nullable CompletableFuture<String> kept;

    @GuardedBy("this")
    private long readAt;

    /** The secret that an environment variable of this name tells. */
    SecretToken(Secrets secrets, String variable, String nameOrArn, ForkRuntime runtime) {
        this.secrets = secrets;
        this.variable = variable;
        this.nameOrArn = nameOrArn;
        this.runtime = runtime;
    }

    @Override
    public String value() throws IOException, InterruptedException {
        CompletableFuture<String> mine = new CompletableFuture<>();
        CompletableFuture<String> first = keepUnlessKept(mine);
        if (first == mine) {
            runtime.handlers().execute(() -> read(mine));
        }
        try {
            return runtime.await(first, PATIENCE);
        } catch (TimeoutException e) {
            throw failure("was not read within " + PATIENCE.toSeconds() + " s");
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNull(e.getCause(), "what went wrong");
            String said = cause instanceof IOException ? cause.getMessage() : null;
            throw failure(
                    said != null ? said : "can't be read: " + cause.getClass().getSimpleName());
        }
    }

    private IOException failure(String what) {
        return new IOException("the secret that " + variable + " names " + what);
    }

    @Override
    public synchronized boolean renew(String refused) {
        boolean stillKept = kept != null
                && kept.isDone()
                && !kept.isCompletedExceptionally()
                && kept.join().equals(refused);
        if (!stillKept) {
            return true;
        }
        if (runtime.nanoTime() - readAt < AT_LEAST_KEPT.toNanos()) {
            return false;
        }
        kept = null;
        return true;
    }

    private synchronized CompletableFuture<String> keepUnlessKept(CompletableFuture<String> mine) {
        if (kept == null) {
            kept = mine;
            readAt = runtime.nanoTime();
        }
        return kept;
    }

    private synchronized void forget(CompletableFuture<String> failed) {
        if (kept == failed) {
            kept = null;
        }
    }

    /** Who waits hears of a failure; who comes later tries again. */
    private void read(CompletableFuture<String> mine) {
        try {
            mine.complete(secrets.read(nameOrArn));
        } catch (IOException | RuntimeException | Error e) {
            forget(mine);
            mine.completeExceptionally(e);
        }
    }

    @Override
    public String toString() {
        return "SecretToken[" + variable + "]";
    }
}
