package io.github.eventfork.local.lambda;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a handler takes and gives: found in its class, as Lambda's runtime finds it, through superclasses. */
record HandlerTypes(Type input, Type output) {

    /**
     * The types of a handler's class.
     *
     * @throws IllegalArgumentException if it names none, as a lambda doesn't
     */
    static HandlerTypes of(Class<?> handler) {
        List<Type> found =
                find(handler, Map.of()).orElseThrow(() -> new IllegalStateException(handler + " is a RequestHandler"));
        return new HandlerTypes(concrete(handler, found.get(0)), concrete(handler, found.get(1)));
    }

    private static Optional<List<Type>> find(Class<?> type, Map<TypeVariable<?>, Type> known) {
        for (Type parent : parents(type)) {
            Class<?> raw;
            List<Type> arguments = new ArrayList<>();
            if (parent instanceof ParameterizedType parameterized) {
                raw = (Class<?>) parameterized.getRawType();
                for (Type argument : parameterized.getActualTypeArguments()) {
                    arguments.add(
                            argument instanceof TypeVariable<?> ? known.getOrDefault(argument, argument) : argument);
                }
            } else {
                raw = (Class<?>) parent;
                arguments.addAll(List.of(raw.getTypeParameters()));
            }
            if (raw.equals(RequestHandler.class)) {
                return Optional.of(arguments);
            }
            Optional<List<Type>> above = find(raw, named(raw, arguments));
            if (above.isPresent()) {
                return above;
            }
        }
        return Optional.empty();
    }

    private static List<Type> parents(Class<?> type) {
        List<Type> parents = new ArrayList<>(List.of(type.getGenericInterfaces()));
        if (type.getGenericSuperclass() != null) {
            parents.add(type.getGenericSuperclass());
        }
        return parents;
    }

    private static Map<TypeVariable<?>, Type> named(Class<?> type, List<Type> arguments) {
        Map<TypeVariable<?>, Type> named = new HashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            named.put(type.getTypeParameters()[i], arguments.get(i));
        }
        return named;
    }

    private static Type concrete(Class<?> handler, Type type) {
        if (!(type instanceof TypeVariable<?> variable)) {
            return type;
        }
        Type bound = variable.getBounds()[0];
        if (bound.equals(Object.class)) {
            throw new IllegalArgumentException("Class " + handler.getName()
                    + " does not implement RequestHandler with concrete type parameters, so Lambda does not know what to "
                    + "make of the event. For a handler that is a lambda, name them: handler(SQSEvent.class, "
                    + "SQSBatchResponse.class, () -> ...).");
        }
        return bound;
    }
}
