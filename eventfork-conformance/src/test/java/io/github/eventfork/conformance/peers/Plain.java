package io.github.eventfork.conformance.peers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;

/**
 * Puts an answer into words that are the same on every server and in every run: ids, times, accounts, addresses and the
 * session's suffix become what they stand for. JSON within a string is read, too. Immutable.
 */
final class Plain {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** From so many characters on, a text is told by its beginning and its length. */
    private static final int LONG = 1_000;

    private record Word(Pattern pattern, String word) {
        static Word of(String regex, String word) {
            return new Word(Pattern.compile(regex), word);
        }
    }

    /** In this order. */
    private static final List<Word> WORDS = List.of(
            Word.of("Value \\S+ for parameter ReceiptHandle", "Value <ReceiptHandle> for parameter ReceiptHandle"),
            Word.of("https?://[^/?\\s\"]+", "<endpoint>"),
            Word.of("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<id>"),
            Word.of("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z", "<time>"),
            Word.of("\\b\\d{20}\\b", "<sequence number>"),
            Word.of("\\b1[6-9]\\d{11}\\b", "<milliseconds>"),
            Word.of("\\b1[6-9]\\d{8}\\b", "<seconds>"),
            Word.of("\\b\\d{12}\\b", "<account>"),
            Word.of("\\b[0-9a-f]{32}\\b", "<md5>"));

    /** What has a value of no meaning to anyone else. */
    private static final Set<String> OPAQUE =
            Set.of("ReceiptHandle", "Signature", "SigningCertURL", "NextToken", "TaskHandle", "RequestId");

    /** Lists in which the order says nothing. */
    private static final Set<String> UNORDERED =
            Set.of("Subscriptions", "Topics", "Tags", "QueueUrls", "queueUrls", "Results");

    /** JSON that is told as one value: a long text that nobody wrote for this queue or topic. */
    private static final Set<String> WHOLE = Set.of("Policy", "EffectiveDeliveryPolicy");

    private final String suffix;

    Plain(String suffix) {
        this.suffix = suffix;
    }

    String text(String text) {
        String plain = text.replace(suffix, "");
        for (Word word : WORDS) {
            plain = word.pattern().matcher(plain).replaceAll(word.word());
        }
        plain = plain.length() <= LONG
                ? plain
                : plain.substring(0, LONG / 2) + "... and so on, " + plain.length() + " characters";
        return plain.replace("\n", "\\n").replace("\t", "\\t");
    }

    /** The SDK's class for it, the HTTP status, code and text. */
    String error(AwsServiceException e) {
        return e.getClass().getSimpleName() + " " + e.statusCode() + " "
                + e.awsErrorDetails().errorCode() + ": "
                + text(Optional.ofNullable(e.awsErrorDetails().errorMessage()).orElse("no text"));
    }

    /** Path to value, of all that is set. */
    Map<String, String> describe(SdkPojo pojo) {
        Map<String, String> flat = new TreeMap<>();
        describe("", "", pojo, flat);
        return flat;
    }

    /** The same of an answer that is JSON, or nothing. */
    Map<String, String> describeJsonText(String text) {
        Map<String, String> flat = new TreeMap<>();
        describeText("body", "", text, flat);
        return flat;
    }

    private void describe(String path, String name, Object value, Map<String, String> flat) {
        if (value instanceof SdkPojo pojo) {
            for (SdkField<?> field : pojo.sdkFields()) {
                Object member = field.getValueOrDefault(pojo);
                if (member != null) {
                    describe(below(path, field.memberName()), field.memberName(), member, flat);
                }
            }
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, member) -> describe(below(path, text(key.toString())), key.toString(), member, flat));
        } else if (value instanceof List<?> list) {
            describeList(path, name, list, flat);
        } else if (value instanceof SdkBytes bytes) {
            flat.put(path, "bytes " + Base64.getEncoder().encodeToString(bytes.asByteArray()));
        } else {
            describeText(path, name, String.valueOf(value), flat);
        }
    }

    private void describeList(String path, String name, List<?> list, Map<String, String> flat) {
        List<Map<String, String>> members = new ArrayList<>();
        for (Object member : list) {
            Map<String, String> described = new TreeMap<>();
            describe("", name, member, described);
            members.add(described);
        }
        if (UNORDERED.contains(name)) {
            members.sort(Comparator.comparing(Object::toString));
        }
        for (int i = 0; i < members.size(); i++) {
            String at = path + "[" + i + "]";
            members.get(i).forEach((below, value) -> flat.put(below.isEmpty() ? at : at + "." + below, value));
        }
    }

    private void describeText(String path, String name, String text, Map<String, String> flat) {
        if (OPAQUE.contains(name)) {
            flat.put(path, "<" + name + ">");
            return;
        }
        Optional<JsonNode> json = object(text);
        if (json.isPresent() && WHOLE.contains(name)) {
            flat.put(path, text(sorted(json.get())));
        } else if (json.isPresent()) {
            describeJson(path, name, json.get(), flat);
        } else {
            flat.put(path, text(text));
        }
    }

    private void describeJson(String path, String name, JsonNode json, Map<String, String> flat) {
        if (json.isObject() && !json.isEmpty()) {
            json.properties()
                    .forEach(field ->
                            describeJson(below(path, text(field.getKey())), field.getKey(), field.getValue(), flat));
        } else if (json.isArray() && !json.isEmpty()) {
            for (int i = 0; i < json.size(); i++) {
                describeJson(path + "[" + i + "]", name, json.get(i), flat);
            }
        } else if (OPAQUE.contains(name)) {
            flat.put(path, "<" + name + ">");
        } else {
            flat.put(path, json.isTextual() ? text(json.textValue()) : json.toString());
        }
    }

    private static String sorted(JsonNode json) {
        try {
            return JSON.writeValueAsString(JSON.treeToValue(json, Object.class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("JSON can be written", e);
        }
    }

    private static Optional<JsonNode> object(String text) {
        if (!text.startsWith("{")) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readTree(text));
        } catch (JsonProcessingException notJson) {
            return Optional.empty();
        }
    }

    private static String below(String path, String member) {
        return path.isEmpty() ? member : path + "." + member;
    }
}
