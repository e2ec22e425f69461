package io.github.eventfork.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.eventfork.local.http.HttpAnswer;
import io.github.eventfork.local.http.HttpCall;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decides who answers a request: SQS in its JSON protocol, SQS in the older query protocol, or SNS.
 *
 * <p>Whoever names a JSON target means SQS. Of the others, a request to a queue's path is for SQS; then the service that it
 * was signed for decides, and of a request that was not signed, its action. No credentials, regions or signatures are checked.
 * Thread-safe.
 */
final class Routes {
    private static final Pattern SIGNED_FOR = Pattern.compile("Credential=[^,]*/([a-z]+)/aws4_request");
    private static final Pattern ACTION = Pattern.compile("(?:^|&)Action=(\\w+)");

    private final SnsEndpoint sns;
    private final SqsEndpoint sqs;
    private final SqsQueries queries;

    Routes(SnsEndpoint sns, SqsEndpoint sqs, SqsQueries queries) {
        this.sns = sns;
        this.sqs = sqs;
        this.queries = queries;
    }

    HttpAnswer answer(HttpCall request) throws IOException {
        Optional<String> target = request.header("X-Amz-Target");
        if (target.isPresent()) {
            return sqs.answer(target.get(), request);
        }
        return isQueryOfSqs(request) ? queries.pass(request) : sns.answer(request);
    }

    private static boolean isQueryOfSqs(HttpCall request) {
        if (request.uri().getPath().length() > 1) {
            return true;
        }
        Optional<String> service =
                first(SIGNED_FOR, request.header("Authorization").orElse(""));
        return service.filter(Set.of("sns", "sqs")::contains)
                .map("sqs"::equals)
                .orElseGet(() -> SqsEndpoint.ACTIONS.contains(action(request)));
    }

    private static String action(HttpCall request) {
        String form = request.method().equals("GET")
                ? Optional.ofNullable(request.uri().getRawQuery()).orElse("")
                : request.body().map(body -> new String(body, UTF_8)).orElse("");
        return first(ACTION, form).orElse("");
    }

    private static Optional<String> first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
