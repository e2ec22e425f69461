package io.github.eventfork.examples;

import io.github.eventfork.ForkRuntime;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.RetryLaterException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * Calls one service by HTTP, and turns what comes back into what a fork understands:
 *
 * <table>
 * <caption>Answers</caption>
 * <tr><td>2xx</td><td>it is done</td></tr>
 * <tr><td>429 and 503 that say when to come back</td><td>{@link RetryLaterException} with that delay</td></tr>
 * <tr><td>a refused token: 401 and 403, unless the service has its own ways</td><td>once more with a new token, if there
 * is one; else a failure</td></tr>
 * <tr><td>408, 425, 429; 3xx and 5xx; late, cut off or none</td><td>a failure, to be tried again</td></tr>
 * <tr><td>any other 4xx</td><td>{@link RejectedEventException} with what the service said</td></tr>
 * </table>
 *
 * <p>A refused token is a failure, because it is no fault of the event's, and a new one mends it. No text holds a token, or
 * what is personal; no exception has a cause, because the HTTP client quotes in its own what it could not read. No more than 64 KiB of an answer
 * is received, and no redirect is followed: it might lead a token elsewhere. Thread-safe.
 */
final class HttpService {

    /**
     * Connecting, sending and receiving, all in all. Twice that, with a secret read in between, is less than the 30 s that
     * the forks' queues hide a message and their functions run.
     */
    static final Duration ANSWERS_WITHIN = Duration.ofSeconds(8);

    private static final Duration CONNECTS_WITHIN = Duration.ofSeconds(3);

    private static final Set<Integer> REFUSED_TOKEN = Set.of(401, 403);

    /** Client errors that are no fault of the request's. */
    private static final Set<Integer> FOR_NOW = Set.of(408, 425, 429);

    private final String name;
    private final Token token;
    private final Set<Integer> refusedToken;
    private final ForkRuntime runtime;
    private final Duration answersWithin;
    private final HttpClient http;

    /** Makes a request for a token. */
    interface Call {
        HttpRequest.Builder with(String token) throws IOException;
    }

    /** A service of this name, such as {@code the chat}. */
    HttpService(String name, Token token) {
        this(name, token, ForkRuntime.system(), ANSWERS_WITHIN);
    }

    HttpService(String name, Token token, ForkRuntime runtime, Duration answersWithin) {
        this(
                name,
                token,
                REFUSED_TOKEN,
                runtime,
                answersWithin,
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(CONNECTS_WITHIN)
                        .executor(runtime.handlers())
                        .build());
    }

    private HttpService(
            String name,
            Token token,
            Set<Integer> refusedToken,
            ForkRuntime runtime,
            Duration answersWithin,
            HttpClient http) {
        this.name = name;
        this.token = token;
        this.refusedToken = refusedToken;
        this.runtime = runtime;
        this.answersWithin = answersWithin;
        this.http = http;
    }

    /** The same service, which refuses a token by these statuses. Default: 401 and 403. */
    HttpService withRefusedToken(Set<Integer> statuses) {
        return new HttpService(name, token, Set.copyOf(statuses), runtime, answersWithin, http);
    }

    /**
     * Calls the service, and returns if it has done what it was asked for.
     *
     * @param personal what no text may show, besides the token
     */
    void call(Call call, String... personal) throws IOException, InterruptedException {
        String used = token.value();
        HttpResponse<String> answer = send(call.with(used).build());
        if (refusedToken.contains(answer.statusCode()) && token.renew(used)) {
            used = token.value();
            answer = send(call.with(used).build());
        }
        if (answer.statusCode() / 100 != 2) {
            fail(answer, new Mask(used, personal));
        }
    }

    /** The client's own time limit ends with the head of an answer; this one holds for all of it. */
    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<String>> answer = http.sendAsync(request, FirstOfBody.handler());
        try {
            return runtime.await(answer, answersWithin);
        } catch (TimeoutException e) {
            throw new IOException(name + " did not answer within " + answersWithin.toMillis() + " ms");
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNull(e.getCause(), "what went wrong");
            throw new IOException(name + " did not answer: " + cause.getClass().getSimpleName());
        } finally {
            answer.cancel(true);
        }
    }

    private void fail(HttpResponse<String> answer, Mask mask) throws IOException {
        int status = answer.statusCode();
        String text = name
                + (refusedToken.contains(status) ? " refused the token: " : " answered ")
                + status
                + mask.said(answer.body());
        Optional<Duration> delay = RetryAfter.of(answer.headers(), runtime.now());
        if ((status == 429 || status == 503) && delay.isPresent()) {
            throw new RetryLaterException(delay.get(), text);
        }
        if (status / 100 == 4 && !FOR_NOW.contains(status) && !refusedToken.contains(status)) {
            throw new RejectedEventException(text);
        }
        throw new IOException(text);
    }
}
