package io.github.eventfork.topology;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A parameter of a template: a value that nobody knows before it is deployed, such as the id of a mailing list or the ARN of
 * a secret. {@code sam deploy --guided} asks for it.
 *
 * <p>Each {@code with...} answers with a changed copy. Immutable, thread-safe, and equal to another that says the same:
 * where two functions have equal parameters, the template has one. Nothing here is null.
 */
public final class TemplateParameter {

    /** As <a href="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html">CloudFormation</a> has it. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]{1,255}");

    private static final int LONGEST_TEXT = 4_000;

    private final String name;
    private final String description;
    private final @Nullable String value;

    private TemplateParameter(String name, String description, @Nullable String value) {
        this.name = name;
        this.description = description;
        this.value = value;
    }

    /**
     * A parameter without a default, so that it must be given.
     *
     * @param name 1 to 255 letters and digits, which nothing else in the template has
     * @throws IllegalArgumentException if {@code name} is none
     */
    public static TemplateParameter named(String name) {
        check(NAME.matcher(name).matches(), "a parameter's name is 1 to 255 letters and digits, was '" + name + "'");
        return new TemplateParameter(name, "", null);
    }

    /**
     * The same with a text for who is asked for it: 1 to 4,000 letters.
     *
     * @throws IllegalArgumentException if {@code text} is shorter or longer
     */
    public TemplateParameter withDescription(String text) {
        check(!text.isBlank() && text.length() <= LONGEST_TEXT, "a description has 1 to 4000 letters");
        return new TemplateParameter(name, text, value);
    }

    /** The same with a value for when none is given. */
    public TemplateParameter withDefault(String other) {
        return new TemplateParameter(name, description, other);
    }

    /** Its name, which is its logical id in the template. */
    public String name() {
        return name;
    }

    /** As it stands in a template. */
    Map<String, Object> declaration() {
        Map<String, Object> declaration = Json.object("Type", "String");
        if (!description.isEmpty()) {
            declaration.put("Description", description);
        }
        if (value != null) {
            declaration.put("Default", value);
        }
        return declaration;
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TemplateParameter parameter
                && name.equals(parameter.name)
                && declaration().equals(parameter.declaration());
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return "TemplateParameter[" + name + "]";
    }
}
