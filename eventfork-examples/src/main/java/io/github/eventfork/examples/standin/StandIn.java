package io.github.eventfork.examples.standin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.local.http.HttpAnswer;
import io.github.eventfork.local.http.HttpAnswering;
import io.github.eventfork.local.http.HttpCall;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * One service: counts its calls, and has its trouble.
 *
 * <p><b>Ownership:</b> counts and spells belong to whoever holds this object's monitor. Nobody waits
 * under it.
 */
final class StandIn implements HttpAnswering {

    private static final Duration NONE = Duration.ZERO;

    private final String name;
    private final ForkRuntime runtime;

    private final Api api;

    @GuardedBy("this")
    private final List<Spell> spells = new ArrayList<>();

    @GuardedBy("this")
    private long calls;

    @GuardedBy("this")
    private long refused;

    @GuardedBy("this")
    private long repeated;

    /** What one call meets: an answer, and how long it is kept back or whether it is cut off. */
    private record Course(Answer answer, Duration delay, boolean cut) {}

    StandIn(String name, Api api, ForkRuntime runtime) {
        this.name = name;
        this.api = api;
        this.runtime = runtime;
    }

    String name() {
        return name;
    }

    synchronized void trouble(Trouble trouble) {
        spells.add(new Spell(trouble));
    }

    synchronized Holding holding() {
        return new Holding(name, calls, refused, repeated, api.things().size());
    }

    List<String> things() {
        return api.things();
    }

    @Override
    public HttpAnswer answer(HttpCall call) throws IOException {
        Course course = course(Request.of(call));
        pause(course.delay());
        Answer answer = course.answer();
        Map<String, String> headers = answer.retryAfter()
                .map(delay -> Map.of("Retry-After", seconds(delay)))
                .orElse(Map.of());
        HttpAnswer sent = new HttpAnswer(
                answer.status(), answer.contentType(), answer.body().getBytes(UTF_8), headers);
        return course.cut() ? sent.cut() : sent;
    }

    private synchronized Course course(Request request) {
        calls++;
        long now = runtime.nanoTime();
        Trouble.Kind kind = Trouble.Kind.SLOW;
        Duration left = NONE;
        for (Spell spell : spells) {
            Duration ofThis = spell.left(calls, now);
            if (ofThis.compareTo(left) > 0) {
                kind = spell.kind();
                left = ofThis;
            }
        }
        if (left.isZero()) {
            return new Course(answered(request), NONE, false);
        }
        return switch (kind) {
            case LIMIT -> new Course(refused(Answer.text(429, "rate_limited").after(left)), NONE, false);
            case FAIL -> new Course(refused(Answer.text(500, "out of order")), NONE, false);
            case SLOW -> new Course(answered(request), left, false);
            case CUT -> new Course(answered(request), NONE, true);
        };
    }

    @GuardedBy("this")
    private Answer answered(Request request) {
        Answer answer = api.answer(request);
        if (answer.repeated()) {
            repeated++;
        }
        return answer.done() ? answer : refused(answer);
    }

    @GuardedBy("this")
    private Answer refused(Answer answer) {
        refused++;
        return answer;
    }

    private void pause(Duration time) throws IOException {
        if (time.isZero()) {
            return;
        }
        try {
            runtime.await(new CompletableFuture<Void>(), time);
        } catch (TimeoutException over) {
            // as it is meant to be
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(name + " was ended", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("nothing here ends exceptionally", e);
        }
    }

    /** As many whole seconds as it takes, so that who comes back then comes back when it is over. */
    private static String seconds(Duration delay) {
        return Long.toString(delay.plusMillis(999).toSeconds());
    }
}
