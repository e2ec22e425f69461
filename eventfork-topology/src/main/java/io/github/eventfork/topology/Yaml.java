package io.github.eventfork.topology;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator.Feature;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import java.util.regex.Pattern;

/** Writes templates from maps and lists: the same text for the same data, with as few quotation marks as are safe. */
final class Yaml {

    private static final ObjectMapper MAPPER = YAMLMapper.builder(YAMLFactory.builder()
                    .disable(Feature.WRITE_DOC_START_MARKER, Feature.SPLIT_LINES)
                    .enable(Feature.MINIMIZE_QUOTES, Feature.INDENT_ARRAYS_WITH_INDICATOR)
                    .stringQuotingChecker(new Careful())
                    .build())
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private Yaml() {}

    static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps and lists of strings and numbers are always YAML", e);
        }
    }

    /**
     * Leaves plain only what every reader of YAML 1.1 and 1.2 takes for the same text: names, paths, sentences. So a
     * version is no date, and an attribute named {@code on} is no truth value.
     */
    private static final class Careful extends StringQuotingChecker {

        private static final long serialVersionUID = 1L;
        private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9/._-]*((::?|,? )[A-Za-z0-9/._-]+)*");

        @Override
        public boolean needToQuoteName(String name) {
            return needToQuoteValue(name);
        }

        @Override
        public boolean needToQuoteValue(String value) {
            return isReservedKeyword(value) || !PLAIN.matcher(value).matches();
        }
    }
}
