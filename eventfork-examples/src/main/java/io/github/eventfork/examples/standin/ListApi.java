package io.github.eventfork.examples.standin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps members of a list as Mailchimp does. It fails as a service may: for addresses at {@value #NEVER} always, for those
 * at {@value #NOT_AT_FIRST} the first time.
 */
final class ListApi implements Api {

    static final String LIST = "local-list";
    static final String PATH = "/3.0/lists/";
    static final String API_KEY = "local-api-key";
    static final String NEVER = "unreachable.example";
    static final String NOT_AT_FIRST = "flaky.example";

    private static final String MEMBERS = PATH + LIST + "/members/";

    private final Map<String, String> names = new HashMap<>();
    private final Set<String> refused = new HashSet<>();

    @Override
    public synchronized Answer answer(Request request) {
        if (!request.hasPassword(Optional.empty(), API_KEY)) {
            return Answer.problem(401, "API Key Invalid", "Your API key may be invalid.");
        }
        if (!request.method().equals("PUT") || !request.path().startsWith(MEMBERS)) {
            return Answer.problem(404, "Resource Not Found", "The requested resource could not be found.");
        }
        JsonNode member = request.json();
        String email = member.path("email_address").asText();
        if (!email.contains("@")
                || !member.path("status_if_new").asText().equals("subscribed")
                || !request.path().equals(MEMBERS + md5(email))) {
            return Answer.problem(400, "Invalid Resource", "The resource submitted could not be validated.");
        }
        if (email.endsWith("@" + NEVER) || (email.endsWith("@" + NOT_AT_FIRST) && refused.add(email))) {
            return Answer.problem(503, "Service Unavailable", "The list can not be reached.");
        }
        boolean known = names.put(
                        email.toLowerCase(Locale.ROOT),
                        member.path("merge_fields").path("FNAME").asText())
                != null;
        return Answer.json(200, "{\"status\":\"subscribed\"}").repeated(known);
    }

    /** Of the address in lower case, by which a member is found. */
    private static String md5(String email) {
        try {
            byte[] lower = email.toLowerCase(Locale.ROOT).getBytes(UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(lower));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has MD5", e);
        }
    }

    @Override
    public synchronized List<String> things() {
        return List.copyOf(names.keySet());
    }

    /** Who is on the list: names by address in lower case. */
    synchronized Map<String, String> members() {
        return Map.copyOf(names);
    }
}
