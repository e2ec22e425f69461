package io.github.eventfork.examples;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What a CloudFormation template makes, as far as one can see without making it. */
final class Stack {

    private final JsonNode template;

    Stack(JsonNode template) {
        this.template = template;
    }

    /** The properties of all resources of a type, by logical id. */
    Map<String, JsonNode> all(String type) {
        Map<String, JsonNode> found = new LinkedHashMap<>();
        template.path("Resources").properties().forEach(entry -> {
            if (entry.getValue().path("Type").asText().equals(type)) {
                found.put(entry.getKey(), entry.getValue().path("Properties"));
            }
        });
        return found;
    }

    /** The properties of one resource. */
    JsonNode resource(String id) {
        return template.path("Resources").path(id).path("Properties");
    }

    /** What a resource waits for besides what it refers to. */
    List<String> dependencies(String id) {
        return ids(template.path("Resources").path(id).path("DependsOn")).toList();
    }

    /** The logical id that a value refers to, by Ref or Fn::GetAtt. */
    static String target(JsonNode value) {
        return value.path("Ref").isTextual()
                ? value.path("Ref").asText()
                : value.path("Fn::GetAtt").path(0).asText();
    }

    /** All logical ids that are referred to and are neither resource, parameter nor condition. */
    List<String> dangling() {
        return Stream.of("Ref", "Fn::GetAtt", "Fn::If", "DependsOn")
                .flatMap(reference -> template.findValues(reference).stream().flatMap(Stack::ids))
                .filter(id -> !template.path("Resources").has(id))
                .filter(id -> !template.path("Parameters").has(id))
                .filter(id -> !template.path("Conditions").has(id))
                .toList();
    }

    /** What a Ref names, what Fn::GetAtt and Fn::If name first, and all that a resource waits for. */
    private static Stream<String> ids(JsonNode reference) {
        if (reference.isTextual()) {
            return Stream.of(reference.asText());
        }
        boolean oneAndMore = reference.path(1).isContainerNode()
                || reference.path(1).asText().equals("Arn");
        return StreamSupport.stream(reference.spliterator(), false)
                .limit(oneAndMore ? 1 : reference.size())
                .map(JsonNode::asText);
    }

    /** A value, if nobody overrides it by its parameter. */
    JsonNode valueOf(JsonNode value) {
        JsonNode either = value.path("Fn::If");
        String parameter = either.path(1).path("Ref").asText();
        JsonNode unless = template.path("Conditions").path(either.path(0).asText());
        if (!unless.at("/Fn::Not/0/Fn::Equals/0/Ref").asText().equals(parameter)
                || !unless.at("/Fn::Not/0/Fn::Equals/1").asText("-").isEmpty()
                || !template.path("Parameters")
                        .path(parameter)
                        .path("Default")
                        .asText("-")
                        .isEmpty()) {
            throw new AssertionError("no value that stands until it is overridden: " + value);
        }
        return either.path(2);
    }
}
