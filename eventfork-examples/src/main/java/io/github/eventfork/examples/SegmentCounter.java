package io.github.eventfork.examples;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.eventfork.Event;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;

/**
 * Counts by <a href="https://www.twilio.com/docs/segment/connections/sources/catalog/libraries/server/http-api">Segment's
 * HTTP API</a>, which drops a {@code messageId} that it has seen within a day: the event's key is one.
 *
 * <p>A person goes there by a digest of the e-mail address: so people can be counted, and are not named.
 */
final class SegmentCounter implements EventCounter {

    private static final JsonMapper JSON = new JsonMapper();

    private final URI track;
    private final HttpService service;

    /** A counter at {@code url}, such as {@code https://api.segment.io}. */
    SegmentCounter(URI url, HttpService service) {
        this.track = URI.create(url + "/v1/track");
        this.service = service;
    }

    @Override
    public void count(Event<?> event, String email) throws IOException, InterruptedException {
        ObjectNode body = JSON.createObjectNode()
                .put("messageId", event.key().orElseThrow())
                .put("event", event.type())
                .put("userId", Digest.sha256(email));
        event.published().ifPresent(time -> body.put("timestamp", time.toString()));
        service.call(
                writeKey -> HttpRequest.newBuilder(track)
                        .header("Authorization", BasicAuth.of(writeKey, ""))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body.toString())),
                email,
                Digest.sha256(email));
    }
}
