package io.github.eventfork.payload;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says in plain words why a payload could not be read, without any value of it: Jackson's own messages quote values.
 *
 * <p>Thread-safe. It must never put a text that came from the payload, or an exception's message, into its answer;
 * what it names are declared properties, types of the user's, positions and kinds.
 */
final class Diagnosis {
    /** Longer chains of causes are not looked through; a chain may be a circle. */
    private static final int CAUSES = 50;

    private final Paths paths;

    Diagnosis(ObjectMapper mapper) {
        this.paths = new Paths(mapper);
    }

    /**
     * Returns the exception to throw for {@code failure}.
     *
     * @throws Error if an error of the user's classes is behind it, which Jackson may have wrapped
     */
    PayloadException of(Exception failure, Class<?> target, @Nullable JsonParser parser) {
        List<Throwable> chain = chain(failure);
        first(Error.class, chain).ifPresent(error -> {
            throw error;
        });
        Optional<String> malformed = malformed(chain);
        if (malformed.isPresent()) {
            return new PayloadException("$", malformed.get(), failure);
        }
        String path = first(JsonMappingException.class, chain).map(paths::of).orElse("$");
        return new PayloadException(path, problem(failure, chain, target, parser), failure);
    }

    private static List<Throwable> chain(Throwable failure) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable next = failure; next != null && chain.size() < CAUSES; next = next.getCause()) {
            chain.add(next);
        }
        return chain;
    }

    private static <X extends Throwable> Optional<X> first(Class<X> kind, List<Throwable> chain) {
        return chain.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }

    /** A syntax error, if that is what it was: it has a line and a column, so it needs no path. */
    private static Optional<String> malformed(List<Throwable> chain) {
        return first(StreamReadException.class, chain)
                .filter(malformed -> !(malformed instanceof InputCoercionException))
                .map(malformed -> "is not JSON: "
                        + (malformed instanceof JsonEOFException ? "cut off" : "unexpected character")
                        + place(malformed));
    }

    /** Which limit it was, only Jackson's text says; its first word is Jackson's own. */
    private static String limit(StreamConstraintsException limit) {
        String text = limit.getOriginalMessage();
        String what = "is too large";
        if (text.contains("nesting depth")) {
            what = "is nested too deep";
        } else if (text.startsWith("Number") || text.startsWith("BigDecimal")) {
            what = "has too long a number";
        } else if (text.startsWith("String")) {
            what = "has too long a string";
        } else if (text.startsWith("Name")) {
            what = "has too long a name";
        }
        return what;
    }

    private static String place(StreamReadException failure) {
        JsonLocation at = failure.getLocation();
        return at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    }

    private static String problem(
            Exception failure, List<Throwable> chain, Class<?> target, @Nullable JsonParser parser) {
        Optional<StreamConstraintsException> limit = first(StreamConstraintsException.class, chain);
        if (limit.isPresent()) {
            return limit(limit.get());
        }
        Optional<InputCoercionException> range = first(InputCoercionException.class, chain);
        if (range.isPresent()) {
            return "must be a number that fits " + typeName(range.get().getTargetType()) + " but is out of range";
        }
        Optional<MismatchedInputException> mismatch = first(MismatchedInputException.class, chain);
        if (mismatch.isPresent()) {
            return mismatch(mismatch.get(), target, parser);
        }
        Optional<InvalidDefinitionException> definition = first(InvalidDefinitionException.class, chain);
        if (definition.isPresent()) {
            return definition(definition.get(), target);
        }
        return thrown(chain, failure, target);
    }

    private static String mismatch(MismatchedInputException failure, Class<?> target, @Nullable JsonParser parser) {
        String said = failure.getOriginalMessage();
        if (said.startsWith("Missing ")) {
            return "is missing";
        }
        if (said.startsWith("Null value ")) {
            return "must not be null";
        }
        if (failure instanceof UnrecognizedPropertyException unknown) {
            return "is not a property of " + typeName(unknown.getReferringClass());
        }
        Class<?> wanted = failure.getTargetType() == null ? target : failure.getTargetType();
        if (failure instanceof InvalidTypeIdException) {
            return "names no subtype of " + typeName(wanted);
        }
        JsonParser at = failure.getProcessor() instanceof JsonParser processor ? processor : parser;
        return wrongKind(wanted, Kinds.found(at == null ? null : at.currentToken()), failure);
    }

    private static String wrongKind(Class<?> wanted, String found, MismatchedInputException failure) {
        String expected = Kinds.expected(wanted);
        if (failure instanceof InvalidFormatException && found.equals("a number")) {
            return "must be " + expected + " but is a number that does not fit " + typeName(wanted);
        }
        if (expected.equals(found)) {
            return "must be " + expected + " that fits " + typeName(wanted) + " but does not";
        }
        boolean spelling = found.equals("a string") && Kinds.isSpelled(wanted);
        return "must be " + expected + " but is " + (spelling ? "another string" : found);
    }

    private static String definition(InvalidDefinitionException failure, Class<?> target) {
        Class<?> declared =
                failure.getType() == null ? target : failure.getType().getRawClass();
        return "cannot be read: " + typeName(declared)
                + ", as it is declared, is no type that Jackson reads, or one that asks for class names";
    }

    /** The user's classes threw: the name of what they threw is all that is safe to tell. */
    private static String thrown(List<Throwable> chain, Exception failure, Class<?> target) {
        Throwable root = chain.stream()
                .filter(cause -> !(cause instanceof JsonProcessingException))
                .findFirst()
                .orElse(failure);
        Class<?> declared = first(ValueInstantiationException.class, chain)
                .<Class<?>>map(instantiation -> instantiation.getType().getRawClass())
                .orElse(target);
        return "cannot be read as " + typeName(declared) + ": "
                + root.getClass().getName() + " was thrown";
    }

    private static String typeName(@Nullable Class<?> type) {
        return type == null ? "its type" : type.getSimpleName();
    }
}
