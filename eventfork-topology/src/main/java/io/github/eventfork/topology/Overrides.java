package io.github.eventfork.topology;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Values that stand in a template, each with a parameter that overrides it.
 *
 * <p>The parameter's default is empty, and is not the value: for a stack that stands, {@code sam deploy} asks
 * CloudFormation to <a href="https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Parameter.html">use the
 * previous value</a> of each parameter that it is not given, so a new default would never arrive.
 */
final class Overrides {

    private static final String MEMORY =
            "(12[89]|1[3-9][0-9]|[2-9][0-9]{2}|[1-9][0-9]{3}|10[01][0-9]{2}|102[0-3][0-9]|10240)?";

    private final Template.Part template;

    Overrides(Template.Part template) {
        this.template = template;
    }

    /** Any text, as a text. */
    Map<String, Object> text(String id, String value) {
        return value(id, value, Json.object());
    }

    /** One of these texts. */
    Map<String, Object> oneOf(String id, List<String> all, String value) {
        return value(
                id,
                value,
                Json.object(
                        "AllowedValues",
                        Stream.concat(Stream.of(""), all.stream()).toList()));
    }

    /** Megabytes that Lambda gives; the parameter is a text, because no number is empty. */
    Map<String, Object> memory(String id, int megabytes) {
        return value(
                id,
                megabytes,
                Json.object("AllowedPattern", MEMORY, "ConstraintDescription", "must be 128 to 10240, or empty"));
    }

    private Map<String, Object> value(String id, Object value, Map<String, Object> constraints) {
        Map<String, Object> parameter = Json.object(
                "Type", "String", "Default", "", "Description", "Instead of " + value + ", if it is not empty");
        parameter.putAll(constraints);
        template.parameter(id, parameter);
        String given = id + "Given";
        template.condition(given, Cfn.not(Cfn.equal(Cfn.ref(id), "")));
        return Cfn.either(given, Cfn.ref(id), value);
    }
}
