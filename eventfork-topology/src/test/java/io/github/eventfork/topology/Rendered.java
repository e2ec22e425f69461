package io.github.eventfork.topology;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A template as its reader sees it. */
record Rendered(String text, JsonNode tree) {

    static final String CODE = "target/functions.jar";

    /** A function for each fork, with every default. */
    static FunctionSettings function(String fork) {
        return FunctionSettings.of("com.example." + fork, CODE);
    }

    static Rendered sam(Topology topology) {
        return of(topology.toSamTemplate(fork -> function(fork.name())));
    }

    static Rendered sam(Topology topology, FunctionSettings function) {
        return of(topology.toSamTemplate(fork -> function));
    }

    static Rendered eventBridge(Topology topology) {
        return of(topology.toEventBridgeTemplate(fork -> function(fork.name())));
    }

    static Rendered of(String text) {
        try {
            return new Rendered(text, new YAMLMapper().readTree(text));
        } catch (JsonProcessingException e) {
            throw new AssertionError("no YAML: " + text, e);
        }
    }

    /** The properties of a resource, as JSON text. */
    JsonNode properties(String id) {
        return tree.path("Resources").path(id).path("Properties");
    }

    Set<String> resources() {
        return everything("Resources").keySet();
    }

    /** All that stands in a section, by logical id. */
    Map<String, JsonNode> everything(String section) {
        Map<String, JsonNode> all = new LinkedHashMap<>();
        tree.path(section).properties().forEach(entry -> all.put(entry.getKey(), entry.getValue()));
        return all;
    }
}
