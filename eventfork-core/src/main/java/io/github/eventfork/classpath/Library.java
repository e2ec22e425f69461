package io.github.eventfork.classpath;

import java.security.CodeSource;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A library that is needed at run time, and the oldest version of it that will do.
 *
 * <p>Presence and age are told by classes and methods that are there. They are looked up and not initialised: what a cold
 * start does not need costs it nothing. Only when something is wrong is the version asked for, to name it.
 *
 * <p>Immutable and thread-safe. Nothing here is null.
 *
 * @param artifact its name in a repository
 * @param leastVersion the oldest version that will do
 * @param inEachVersion a class that each version has
 * @param sinceThen a class, or {@code class#method}, that is there from {@code leastVersion} on
 * @param version where its version stands: {@code class#field}; empty if nowhere
 * @param remedy what to do if it is missing or too old, as an order and without a full stop
 */
public record Library(
        String artifact, String leastVersion, String inEachVersion, String sinceThen, String version, String remedy) {

    /** What is wrong with it, as that class loader sees it; nothing if it is there and new enough. */
    public Optional<String> problem(ClassLoader loader) {
        if (has(loader, sinceThen)) {
            return Optional.empty();
        }
        String found = find(loader, inEachVersion)
                .map(there -> artifact + found(loader, there) + " is too old")
                .orElse(artifact + " is not on the class path");
        return Optional.of(found + "; eventfork needs " + leastVersion + " or newer: " + remedy);
    }

    private static boolean has(ClassLoader loader, String place) {
        Optional<Class<?>> type = find(loader, owner(place));
        String method = member(place);
        return type.isPresent() && (method.isEmpty() || hasMethod(type.get(), method));
    }

    private static boolean hasMethod(Class<?> type, String name) {
        try {
            return Arrays.stream(type.getMethods())
                    .anyMatch(method -> method.getName().equals(name));
        } catch (LinkageError aTypeOfTheirsIsMissing) {
            return false;
        }
    }

    private static Optional<Class<?>> find(ClassLoader loader, String name) {
        try {
            return Optional.of(Class.forName(name, false, loader));
        } catch (ClassNotFoundException | LinkageError missing) {
            return Optional.empty();
        }
    }

    /** Version and file, as far as they can be told. */
    private String found(ClassLoader loader, Class<?> there) {
        String file = file(there.getProtectionDomain().getCodeSource());
        return versionFound(loader).map(text -> " " + text).orElse("") + (file.isEmpty() ? "" : " (" + file + ")");
    }

    private Optional<String> versionFound(ClassLoader loader) {
        return find(loader, owner(version)).map(type -> valueOf(type, member(version)));
    }

    private static @Nullable String valueOf(Class<?> type, String field) {
        try {
            return String.valueOf(type.getField(field).get(null));
        } catch (ReflectiveOperationException | LinkageError untold) {
            return null;
        }
    }

    /** The last part of its place, without folders: {@code jackson-core-2.15.4.jar}, within another jar too. */
    private static String file(@Nullable CodeSource source) {
        if (source == null || source.getLocation() == null) {
            return "";
        }
        String[] parts = source.getLocation().getPath().replace("!", "").split("/");
        return parts.length == 0 ? "" : parts[parts.length - 1];
    }

    private static String owner(String place) {
        return place.contains("#") ? place.substring(0, place.indexOf('#')) : place;
    }

    private static String member(String place) {
        return place.contains("#") ? place.substring(place.indexOf('#') + 1) : "";
    }
}
