package io.github.eventfork.payload;

import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyName;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes Jackson's path to a failure as a JSON path, with declared names only: a key of a map, or a name that an
 * any-setter took, is data, maybe an e-mail address, and becomes {@code *}.
 */
final class Paths {
    /** Enough to find the place by; a recursive type may give hundreds. */
    private static final int STEPS = 30;

    private final ObjectMapper mapper;

    Paths(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    String of(JsonMappingException failure) {
        List<JsonMappingException.Reference> references = failure.getPath();
        StringBuilder path = new StringBuilder("$");
        references.stream().limit(STEPS).forEach(reference -> path.append(step(reference)));
        return references.size() > STEPS ? path.append("...").toString() : path.toString();
    }

    private String step(JsonMappingException.Reference reference) {
        String name = reference.getFieldName();
        if (name == null) {
            return reference.getIndex() < 0 ? ".*" : "[" + reference.getIndex() + "]";
        }
        return declares(reference.getFrom(), name) ? "." + name : ".*";
    }

    private boolean declares(@Nullable Object from, String name) {
        if (from == null) {
            return false;
        }
        Class<?> owner = from instanceof Class<?> type ? type : from.getClass();
        return !Map.class.isAssignableFrom(owner) && declaredNames(owner).contains(name);
    }

    private Set<String> declaredNames(Class<?> owner) {
        DeserializationConfig config = mapper.getDeserializationConfig();
        Set<String> names = new HashSet<>();
        for (BeanPropertyDefinition property :
                config.introspect(config.constructType(owner)).findProperties()) {
            names.add(property.getName());
            aliases(config, property).stream().map(PropertyName::getSimpleName).forEach(names::add);
        }
        return names;
    }

    /** As the property itself says since Jackson 2.17. */
    private static List<PropertyName> aliases(DeserializationConfig config, BeanPropertyDefinition property) {
        AnnotatedMember member = property.getPrimaryMember();
        List<PropertyName> aliases =
                member == null ? null : config.getAnnotationIntrospector().findPropertyAliases(member);
        return aliases == null ? List.of() : aliases;
    }
}
