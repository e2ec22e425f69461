package io.github.eventfork.local;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the tags in a request, by the rules of
 * <a href="https://docs.aws.amazon.com/sns/latest/api/API_TagResource.html">TagResource</a>. Keeps nothing.
 */
final class Tags {
    private static final int MOST = 50;
    private static final int LONGEST_KEY = 128;
    private static final int LONGEST_VALUE = 256;

    private Tags() {}

    /** Reads {@code Tags.member.N}. */
    static Map<String, String> of(QueryRequest request) {
        List<QueryRequest> members = request.list("Tags.member");
        Map<String, String> tags = new LinkedHashMap<>();
        for (QueryRequest member : members) {
            check("Key", member.text("Key"), 1, LONGEST_KEY);
            check("Value", member.text("Value"), 0, LONGEST_VALUE);
            tags.put(member.text("Key"), member.text("Value"));
        }
        if (tags.size() < members.size()) {
            throw SnsError.invalidParameter("Duplicated keys are not allowed.");
        }
        return requireFew(tags);
    }

    private static void check(String what, String text, int shortest, int longest) {
        if (text.length() < shortest || text.length() > longest) {
            throw SnsError.invalidParameter("Tags Reason: " + what)
                    .because("a tag's " + what + " has " + shortest + " to " + longest + " characters");
        }
    }

    /** The tags of a topic after more were set. */
    static Map<String, String> merged(Map<String, String> there, Map<String, String> more) {
        Map<String, String> merged = new LinkedHashMap<>(there);
        merged.putAll(more);
        return requireFew(merged);
    }

    private static Map<String, String> requireFew(Map<String, String> tags) {
        if (tags.size() > MOST) {
            throw SnsError.badRequest(
                    "TagLimitExceeded", "Could not complete request: tag quota of per resource exceeded");
        }
        return tags;
    }
}
