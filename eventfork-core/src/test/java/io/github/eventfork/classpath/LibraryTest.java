package io.github.eventfork.classpath;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LibraryTest {

    private static final String OLD = Old.class.getName();
    private static final String NEW = New.class.getName();
    private static final String VERSION = Version.class.getName();
    private static final String JAR = "file:/app/lib/lib-1.9.9.jar";

    /** Stands for a class that each version of a library has. */
    public static class Old {
        public void ofOld() {}
    }

    /** Stands for a class that new versions have. */
    public static final class New extends Old {
        static final Object INITIALIZED = fail();

        private static Object fail() {
            throw new IllegalStateException("it was initialized");
        }

        public void ofNew() {}
    }

    /** Stands for the class that knows the library's version. */
    public static final class Version {
        public static final Object NUMBER = "1.9.9";
    }

    @Test
    void one_that_is_new_enough_has_no_problem_and_is_not_initialized() {
        ClassLoader loader = new Jar(JAR, Set.of());

        assertThat(library(NEW).problem(loader)).isEmpty();
        assertThat(library(NEW + "#ofNew").problem(loader)).isEmpty();
    }

    @Test
    void one_that_lacks_a_class_of_the_least_version_is_named_with_its_version_and_file() {
        assertThat(library(NEW).problem(new Jar(JAR, Set.of(NEW))))
                .contains("lib 1.9.9 (lib-1.9.9.jar) is too old; eventfork needs 2.0.0 or newer: replace it");
    }

    @Test
    void one_that_lacks_a_method_of_the_least_version_is_too_old() {
        assertThat(library(OLD + "#ofNew").problem(new Jar(JAR, Set.of())))
                .contains("lib 1.9.9 (lib-1.9.9.jar) is too old; eventfork needs 2.0.0 or newer: replace it");
    }

    @Test
    void one_whose_version_stands_nowhere_is_named_by_its_file() {
        assertThat(library(NEW).problem(new Jar(JAR, Set.of(NEW, VERSION))))
                .contains("lib (lib-1.9.9.jar) is too old; eventfork needs 2.0.0 or newer: replace it");
    }

    @ParameterizedTest
    @CsvSource({
        "jar:file:/app.jar!/BOOT-INF/lib/lib-1.9.9.jar!/, (lib-1.9.9.jar)",
        "file:/app/all-in-one.jar, (all-in-one.jar)",
        "file:/app/classes/, (classes)"
    })
    void its_file_is_named_without_folders(String location, String file) {
        assertThat(library(NEW).problem(new Jar(location, Set.of(NEW, VERSION))))
                .hasValueSatisfying(text -> assertThat(text).startsWith("lib " + file + " is"));
    }

    @Test
    void one_that_is_missing_is_said_to_be() {
        assertThat(library(NEW).problem(new Jar(JAR, Set.of(OLD, NEW))))
                .contains("lib is not on the class path; eventfork needs 2.0.0 or newer: replace it");
    }

    @Test
    void a_class_that_can_not_be_loaded_is_missing() {
        // given a class without its superclass
        ClassLoader loader = new Jar(JAR, Set.of(OLD));

        assertThat(library(NEW).problem(loader))
                .contains("lib is not on the class path; eventfork needs 2.0.0 or newer: replace it");
    }

    private static Library library(String sinceThen) {
        return new Library("lib", "2.0.0", OLD, sinceThen, VERSION + "#NUMBER", "replace it");
    }

    /** Has the library's classes but for some, and says that they come from a place. */
    private static final class Jar extends ClassLoader {

        private final ProtectionDomain place;
        private final Set<String> lacking;

        Jar(String location, Set<String> lacking) {
            super(LibraryTest.class.getClassLoader());
            try {
                this.place =
                        new ProtectionDomain(new CodeSource(URI.create(location).toURL(), (Certificate[]) null), null);
            } catch (MalformedURLException e) {
                throw new IllegalArgumentException(e);
            }
            this.lacking = lacking;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (lacking.contains(name)) {
                throw new ClassNotFoundException(name);
            }
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null && List.of(OLD, NEW, VERSION).contains(name)) {
                byte[] bytes = bytes(name);
                return defineClass(name, bytes, 0, bytes.length, place);
            }
            return loaded == null ? super.loadClass(name, resolve) : loaded;
        }

        private byte[] bytes(String name) {
            try (InputStream stream = getResourceAsStream(name.replace('.', '/') + ".class")) {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
