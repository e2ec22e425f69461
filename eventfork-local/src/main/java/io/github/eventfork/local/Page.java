package io.github.eventfork.local;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.function.Predicate;

/** A part of a sorted list; the token names the last key seen, so that what comes or goes meanwhile moves nothing. */
record Page<T>(List<T> items, Optional<String> nextToken) {
    /** As many as SNS lists at once. */
    static final int SIZE = 100;

    static <T> Page<T> of(NavigableMap<String, T> sorted, Optional<String> token, Predicate<T> wanted) {
        List<T> items = new ArrayList<>();
        String last = "";
        for (Map.Entry<String, T> entry :
                sorted.tailMap(token.map(Page::key).orElse(""), false).entrySet()) {
            if (wanted.test(entry.getValue())) {
                if (items.size() == SIZE) {
                    return new Page<>(items, Optional.of(token(last)));
                }
                items.add(entry.getValue());
                last = entry.getKey();
            }
        }
        return new Page<>(items, Optional.empty());
    }

    private static String token(String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    private static String key(String token) {
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw SnsError.invalidParameter("NextToken");
        }
    }
}
