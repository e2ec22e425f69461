package io.github.eventfork.local;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The parameters of one request of the AWS query protocol, or of one member of a list in it; and the trace it came with.
 *
 * <p>Lists come as {@code Tags.member.1.Key}, maps as {@code Attributes.entry.1.key}; {@link #list} turns either into
 * requests of their own, in the order of their numbers.
 */
record QueryRequest(Map<String, String> parameters, Optional<String> traceHeader) {

    /** Reads {@code application/x-www-form-urlencoded} text; of a name that comes twice the last one counts. */
    static QueryRequest parse(String form, Optional<String> traceHeader) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : form.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                parameters.put(decoded(name), equals < 0 ? "" : decoded(pair.substring(equals + 1)));
            }
        }
        return new QueryRequest(parameters, traceHeader);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw SnsError.badRequest("MalformedQueryString", "The query string contains a syntax error.");
        }
    }

    String action() {
        return text("Action");
    }

    Optional<String> find(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    /** The parameter, or an empty text. */
    String text(String name) {
        return find(name).orElse("");
    }

    /** The members of a list, or the entries of a map, each with its prefix taken off. */
    List<QueryRequest> list(String name) {
        String prefix = name + ".";
        Map<Integer, Map<String, String>> byNumber = new TreeMap<>();
        parameters.forEach((parameter, value) -> {
            if (parameter.startsWith(prefix)) {
                String rest = parameter.substring(prefix.length());
                int dot = rest.indexOf('.');
                String number = dot < 0 ? rest : rest.substring(0, dot);
                byNumber.computeIfAbsent(parsed(number, parameter), n -> new LinkedHashMap<>())
                        .put(dot < 0 ? "" : rest.substring(dot + 1), value);
            }
        });
        List<QueryRequest> members = new ArrayList<>();
        byNumber.values().forEach(member -> members.add(new QueryRequest(member, traceHeader)));
        return members;
    }

    /** A list of pairs as a map: {@code map("Attributes.entry", "key", "value")}. */
    Map<String, String> map(String list, String key, String value) {
        Map<String, String> pairs = new LinkedHashMap<>();
        list(list).forEach(pair -> pairs.put(pair.text(key), pair.text(value)));
        return pairs;
    }

    private static int parsed(String number, String parameter) {
        try {
            return Integer.parseInt(number);
        } catch (NumberFormatException e) {
            throw SnsError.badRequest("MalformedQueryString", "Not a number in parameter " + parameter);
        }
    }
}
