package io.github.eventfork.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.eventfork.local.http.HttpAnswer;
import io.github.eventfork.local.http.HttpCall;
import io.github.eventfork.local.http.HttpLimits;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a request of the query protocol and writes its answer. What it means is the business of the
 * {@link SnsService} behind.
 * Thread-safe.
 */
final class SnsEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(SnsEndpoint.class);

    private final SnsService service;

    SnsEndpoint(SnsService service) {
        this.service = service;
    }

    /**
     * Answers a request.
     *
     * @throws IOException if there is no answer
     */
    HttpAnswer answer(HttpCall request) throws IOException {
        SnsAnswer answer = answered(request);
        return new HttpAnswer(answer.status(), "text/xml", answer.xml().getBytes(UTF_8));
    }

    private SnsAnswer answered(HttpCall request) throws IOException {
        String requestId = request.id();
        try {
            QueryRequest query = QueryRequest.parse(form(request), request.header("X-Amzn-Trace-Id"));
            return SnsAnswer.success(query.action(), requestId, service.answer(query));
        } catch (SnsError e) {
            // without the text, which may quote the request
            e.reason().ifPresent(reason -> LOG.info("SNS request {} got {}: {}", requestId, e.code(), reason));
            return SnsAnswer.error(e, requestId);
        } catch (RuntimeException e) {
            // the text of an exception may hold what was published: not above DEBUG
            LOG.error(
                    "SNS request {} failed inside eventfork-local: {}",
                    requestId,
                    e.getClass().getName());
            LOG.debug("SNS request {} failed", requestId, e);
            return SnsAnswer.error(
                    new SnsError(500, "InternalError", "eventfork-local failed; its log has request " + requestId),
                    requestId);
        }
    }

    private static String form(HttpCall request) {
        return switch (request.method()) {
            // as the UnsubscribeURL of an envelope is used
            case "GET" -> Optional.ofNullable(request.uri().getRawQuery()).orElse("");
            case "POST" -> body(request);
            default -> throw new SnsError(405, "MethodNotAllowed", "SNS takes POST and GET");
        };
    }

    private static String body(HttpCall request) {
        byte[] body = request.body()
                .orElseThrow(() -> new SnsError(
                        413,
                        "RequestEntityTooLarge",
                        "A request may have " + HttpLimits.standard().bodyBytes() / (1024 * 1024) + " MiB at most"));
        if (!request.header("Content-Type")
                .orElse(HttpCall.FORM)
                .toLowerCase(Locale.ROOT)
                .startsWith(HttpCall.FORM)) {
            throw new SnsError(415, "UnsupportedMediaType", "SNS takes " + HttpCall.FORM + ", the query protocol");
        }
        return new String(body, UTF_8);
    }
}
