package io.github.eventfork.conformance.consumers;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Executable;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * What the classes of a module call and read of other libraries, looked for in these. A program that runs shows only what
 * it came by; a method that is missing where a failure is explained shows there first.
 */
final class Links {

    private Links() {}

    /** What classes of the module, but for those left out, use and {@code classPath} has not. */
    static List<String> missing(PublishedModule module, Predicate<JavaClass> leftOut, String classPath)
            throws IOException {
        try (JarFile jar = new JarFile(module.jar().toFile());
                URLClassLoader libraries = new URLClassLoader(urls(classPath), ClassLoader.getPlatformClassLoader())) {
            return new ClassFileImporter()
                    .importJar(jar).stream()
                            .filter(leftOut.negate())
                            .flatMap(type -> type.getAccessesFromSelf().stream())
                            .map(JavaAccess::getTarget)
                            .filter(Links::isOfAnotherLibrary)
                            .filter(target -> !has(libraries, target))
                            .map(AccessTarget::getFullName)
                            .distinct()
                            .sorted()
                            .toList();
        }
    }

    private static boolean isOfAnotherLibrary(AccessTarget target) {
        String owner = target.getOwner().getName();
        return !owner.startsWith("java.") && !owner.startsWith("[") && !owner.startsWith(PublishedModule.GROUP + ".");
    }

    private static boolean has(ClassLoader libraries, AccessTarget target) {
        try {
            Class<?> owner = Class.forName(target.getOwner().getName(), false, libraries);
            return target instanceof CodeUnitAccessTarget called
                    ? supertypes(owner).anyMatch(type -> has(type, called))
                    : supertypes(owner)
                            .flatMap(type -> Arrays.stream(type.getDeclaredFields()))
                            .anyMatch(field -> field.getName().equals(target.getName()));
        } catch (ClassNotFoundException | NoClassDefFoundError missing) {
            return false;
        }
    }

    /** By name, parameters and what it returns, as the JVM finds it. */
    private static boolean has(Class<?> type, CodeUnitAccessTarget called) {
        if (called.getName().equals("<init>")) {
            return Arrays.stream(type.getDeclaredConstructors())
                    .anyMatch(one -> names(one).equals(names(called)));
        }
        return Arrays.stream(type.getDeclaredMethods())
                .filter(one -> one.getName().equals(called.getName()))
                .filter(one -> one.getReturnType()
                        .getName()
                        .equals(called.getRawReturnType().getName()))
                .anyMatch(one -> names(one).equals(names(called)));
    }

    private static List<String> names(Executable one) {
        return Arrays.stream(one.getParameterTypes()).map(Class::getName).toList();
    }

    private static List<String> names(CodeUnitAccessTarget called) {
        return called.getRawParameterTypes().stream().map(JavaClass::getName).toList();
    }

    private static Stream<Class<?>> supertypes(Class<?> type) {
        Stream<Class<?>> above =
                Stream.concat(Stream.ofNullable(type.getSuperclass()), Arrays.stream(type.getInterfaces()));
        return Stream.concat(Stream.of(type), above.flatMap(Links::supertypes));
    }

    private static URL[] urls(String classPath) throws MalformedURLException {
        String[] files = classPath.split(File.pathSeparator);
        URL[] urls = new URL[files.length];
        for (int i = 0; i < files.length; i++) {
            urls[i] = Path.of(files[i]).toUri().toURL();
        }
        return urls;
    }
}
