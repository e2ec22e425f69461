package io.github.eventfork.topology;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A template being built: what it can be told, what it makes, and what it tells.
 *
 * <p><b>Invariant:</b> no logical id is used twice, be it by parameter, condition, resource or output.
 *
 * <p><b>Ownership:</b> one rendering makes it and forgets it; not thread-safe.
 */
final class Template {

    /** <a href="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html">The most</a>. */
    private static final int MOST_PARAMETERS = 200;

    private final String subject;
    private final Map<String, String> owners = new HashMap<>();
    private final Map<String, Object> parameters = new LinkedHashMap<>();
    private final Map<String, Object> conditions = new LinkedHashMap<>();
    private final Map<String, Object> resources = new LinkedHashMap<>();
    private final Map<String, Object> outputs = new LinkedHashMap<>();

    /** @param subject what is rendered, as an error begins */
    Template(String subject) {
        this.subject = subject;
    }

    /** The part of the template that belongs to one owner, which an error names. */
    Part of(String owner) {
        return new Part(owner);
    }

    /** Adds to the template on behalf of one owner. */
    final class Part {

        private final String owner;

        private Part(String owner) {
            this.owner = owner;
        }

        void parameter(String id, Map<String, Object> declaration) {
            put(parameters, id, declaration);
        }

        void condition(String id, Map<String, Object> declaration) {
            put(conditions, id, declaration);
        }

        /** A parameter that others may have too, if they say the same of it. */
        void sharedParameter(String id, Map<String, Object> declaration) {
            if (!declaration.equals(parameters.get(id))) {
                put(parameters, id, declaration);
            }
        }

        void resource(String id, Map<String, Object> declaration) {
            put(resources, id, declaration);
        }

        void output(String id, String description, Map<String, Object> value) {
            put(outputs, id, Json.object("Description", description, "Value", value));
        }

        private void put(Map<String, Object> section, String id, Map<String, Object> declaration) {
            String other = owners.putIfAbsent(id, owner);
            if (other != null) {
                throw new IllegalStateException(subject + ": logical id '" + id + "' is of both " + other + " and "
                        + owner + ". Name one of them differently");
            }
            section.put(id, declaration);
        }
    }

    /** The whole, below a comment that says where it comes from. */
    String text(String description) {
        if (parameters.size() > MOST_PARAMETERS) {
            throw new IllegalStateException(subject + ": its template has " + parameters.size()
                    + " parameters, three for each fork and those of its environment; CloudFormation takes "
                    + MOST_PARAMETERS
                    + ". Split the topology");
        }
        Map<String, Object> template = Json.object(
                "AWSTemplateFormatVersion",
                "2010-09-09",
                "Transform",
                "AWS::Serverless-2016-10-31",
                "Description",
                description);
        if (!parameters.isEmpty()) {
            template.put("Parameters", parameters);
        }
        if (!conditions.isEmpty()) {
            template.put("Conditions", conditions);
        }
        template.put("Resources", resources);
        template.put("Outputs", outputs);
        return "# Rendered by eventfork from the forks of " + subject + ".\n"
                + "# Don't edit it: change the forks or their settings, and render it anew.\n"
                + Yaml.write(template);
    }
}
