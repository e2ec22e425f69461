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
 * A token that is kept as a secret: read once, when it is first needed, and anew after it was refused.
 *
 * <p><b>Invariant:</b> of those who need the token at the same time, one reads it and the others wait for that; a token that
 * was refused once is never handed out again unless the store still says so.
 *
 * <p><b>Ownership:</b> {@code kept} belongs to whoever holds this object's monitor; nothing is read under it.
 */
final class SecretToken implements Token {

    /** Longer than whoever reads it may take. */
    private static final Duration PATIENCE = AwsSecrets.ANSWERS_WITHIN.plusSeconds(1);

    private final Secrets secrets;
    private final String nameOrArn;
    private final ForkRuntime runtime;

    @GuardedBy("this")
    private @Nullable CompletableFuture<String> kept;

    SecretToken(Secrets secrets, String nameOrArn, ForkRuntime runtime) {
        this.secrets = secrets;
        this.nameOrArn = nameOrArn;
        this.runtime = runtime;
    }

    @Override
    public String value() throws IOException, InterruptedException {
        CompletableFuture<String> mine = new CompletableFuture<>();
        CompletableFuture<String> first = keepUnlessKept(mine);
        if (first == mine) {
            read(mine);
        }
        try {
            return runtime.await(first, PATIENCE);
        } catch (TimeoutException e) {
            throw new IOException("secret '" + nameOrArn + "' was not read within " + PATIENCE.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNull(e.getCause(), "what went wrong");
            throw new IOException(cause.getMessage(), cause);
        }
    }

    @Override
    public synchronized boolean renew(String refused) {
        if (kept != null
                && kept.isDone()
                && !kept.isCompletedExceptionally()
                && kept.join().equals(refused)) {
            kept = null;
        }
        return true;
    }

    private synchronized CompletableFuture<String> keepUnlessKept(CompletableFuture<String> mine) {
        if (kept == null) {
            kept = mine;
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
        return "SecretToken[" + nameOrArn + "]";
    }
}
