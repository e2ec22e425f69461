package io.github.eventfork.examples;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;

/**
 * Keeps a list by <a href="https://mailchimp.com/developer/marketing/api/list-members/add-or-update-list-member/">Mailchimp's
 * API</a>. A member's address is its place, so putting someone there twice is the same as once. {@code status_if_new} leaves
 * who has unsubscribed unsubscribed.
 */
final class MailchimpSubscribers implements Subscribers {

    private static final JsonMapper JSON = new JsonMapper();

    private final String members;
    private final HttpService service;

    /** The list of this id at {@code url}, such as {@code https://us1.api.mailchimp.com}. */
    MailchimpSubscribers(URI url, String list, HttpService service) {
        this.members = url + "/3.0/lists/" + list + "/members/";
        this.service = service;
    }

    @Override
    public void upsert(String email, String name) throws IOException, InterruptedException {
        ObjectNode body = JSON.createObjectNode().put("email_address", email).put("status_if_new", "subscribed");
        body.putObject("merge_fields").put("FNAME", name);
        service.call(
                apiKey -> HttpRequest.newBuilder(URI.create(members + Digest.md5(email)))
                        .header("Authorization", BasicAuth.of("eventfork", apiKey))
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString(body.toString())),
                email,
                name,
                Digest.md5(email));
    }
}
