package io.github.eventfork.poller;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlRequest;

/** How a user names a queue: by its name, its ARN or its URL. Immutable. */
sealed interface QueueAddress {

    /** The queue's name, which ends in {@code .fifo} exactly if it keeps order. */
    String name();

    /** The Region, as far as the address says. */
    Optional<String> region();

    /** What to ask SQS for the URL; empty if it is known already. */
    Optional<GetQueueUrlRequest> lookup();

    /**
     * Reads an address.
     *
     * @throws IllegalArgumentException if it is none of the three
     */
    static QueueAddress of(String text) {
        if (Named.FORM.matcher(text).matches()) {
            return new Named(text);
        }
        return Arn.of(text)
                .or(() -> Url.of(text))
                .orElseThrow(() -> new IllegalArgumentException(
                        "queue must be the name, the URL or the ARN of an SQS queue, was '" + text + "'"));
    }

    /**
     * A name, to be looked up in the client's account and Region.
     *
     * @param name the queue's name
     */
    record Named(String name) implements QueueAddress {

        private static final Pattern FORM = Pattern.compile("(?=.{1,80}$)[A-Za-z0-9_-]+(?:\\.fifo)?");

        @Override
        public Optional<String> region() {
            return Optional.empty();
        }

        @Override
        public Optional<GetQueueUrlRequest> lookup() {
            return Optional.of(GetQueueUrlRequest.builder().queueName(name).build());
        }
    }

    /**
     * An ARN, to be looked up in its account.
     *
     * @param place the Region
     * @param account the account's number
     * @param name the queue's name
     */
    record Arn(String place, String account, String name) implements QueueAddress {

        private static final Pattern FORM =
                Pattern.compile("arn:[^:]+:sqs:([^:]+):(\\d{12}):([A-Za-z0-9_-]+(?:\\.fifo)?)");

        static Optional<QueueAddress> of(String text) {
            Matcher arn = FORM.matcher(text);
            return arn.matches() ? Optional.of(new Arn(arn.group(1), arn.group(2), arn.group(3))) : Optional.empty();
        }

        @Override
        public Optional<String> region() {
            return Optional.of(place);
        }

        @Override
        public Optional<GetQueueUrlRequest> lookup() {
            return Optional.of(GetQueueUrlRequest.builder()
                    .queueName(name)
                    .queueOwnerAWSAccountId(account)
                    .build());
        }
    }

    /**
     * A URL, used as it is.
     *
     * @param text the URL
     * @param name its last segment
     */
    record Url(String text, String name) implements QueueAddress {

        private static final Pattern HOST = Pattern.compile("sqs(?:-fips)?\\.([a-z0-9-]+)\\.amazonaws\\.com(?:\\.cn)?");

        static Optional<QueueAddress> of(String text) {
            try {
                URI uri = new URI(text);
                String path = Optional.ofNullable(uri.getPath()).orElse("");
                String name = path.substring(path.lastIndexOf('/') + 1);
                boolean http = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
                return http && Named.FORM.matcher(name).matches() ? Optional.of(new Url(text, name)) : Optional.empty();
            } catch (URISyntaxException notOne) {
                return Optional.empty();
            }
        }

        @Override
        public Optional<String> region() {
            String host = Optional.ofNullable(URI.create(text).getHost()).orElse("");
            Matcher matcher = HOST.matcher(host);
            return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
        }

        @Override
        public Optional<GetQueueUrlRequest> lookup() {
            return Optional.empty();
        }
    }
}
