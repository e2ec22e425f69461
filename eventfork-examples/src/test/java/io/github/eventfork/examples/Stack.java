package io.github.eventfork.examples;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

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
    String dependency(String id) {
        return template.path("Resources").path(id).path("DependsOn").asText();
    }

    /** The logical id that a value refers to, by Ref or Fn::GetAtt. */
    static String target(JsonNode value) {
        return value.path("Ref").isTextual()
                ? value.path("Ref").asText()
                : value.path("Fn::GetAtt").path(0).asText();
    }

    /** All logical ids that are referred to and are neither resource nor parameter. */
    List<String> dangling() {
        return Stream.concat(
                        template.findValues("Ref").stream().map(JsonNode::asText),
                        template.findValues("Fn::GetAtt").stream()
                                .map(pair -> pair.path(0).asText()))
                .filter(id -> !template.path("Resources").has(id))
                .filter(id -> !template.path("Parameters").has(id))
                .toList();
    }

    /** What a parameter is if nobody gives it another value, or the value itself. */
    JsonNode valueOf(JsonNode value) {
        JsonNode parameter = template.path("Parameters").path(value.path("Ref").asText());
        return parameter.isMissingNode() ? value : parameter.path("Default");
    }
}
