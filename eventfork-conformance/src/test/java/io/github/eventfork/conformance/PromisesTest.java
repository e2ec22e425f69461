package io.github.eventfork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each promise of docs/architecture.md has one class that proves it, named for its number. */
class PromisesTest {

    private static final Path PAGE = Path.of("../docs/architecture.md");
    private static final Path SOURCES = Path.of("src/test/java");
    private static final Path CLASSES = SOURCES.resolve("io/github/eventfork/conformance");
    private static final String SECTION = "## 4. Promises";
    private static final Pattern PROMISE = Pattern.compile("(?m)^(\\d+)\\. ");
    private static final Pattern CLASS = Pattern.compile("Promise(\\d\\d)[A-Z]\\w+Test");

    private static final Pattern TEST = Pattern.compile("\\w+(Test|IT)\\.java");

    /** It comes with its module. */
    private static final int SQL_INBOX = 11;

    @Test
    void each_promise_has_the_class_of_its_number_and_each_class_its_promise() throws IOException {
        assertThat(classes().stream().map(PromisesTest::numberOf).toList())
                .containsExactlyElementsOf(promises().stream()
                        .filter(number -> number != SQL_INBOX)
                        .toList());
    }

    @Test
    void each_class_cites_the_promise_of_its_number() throws IOException, ClassNotFoundException {
        for (String name : classes()) {
            Promise cited =
                    Class.forName(getClass().getPackageName() + "." + name).getAnnotation(Promise.class);
            assertThat(cited).as(name).isNotNull();
            assertThat(cited.value()).as(name).containsExactly(numberOf(name));
        }
    }

    @Test
    void no_file_of_a_test_is_without_its_class() throws IOException {
        try (Stream<Path> files = Files.walk(CLASSES)) {
            assertThat(files.filter(
                            file -> TEST.matcher(file.getFileName().toString()).matches()))
                    .isNotEmpty()
                    .allSatisfy(file -> assertThatCode(() -> Class.forName(
                                    classIn(file), false, getClass().getClassLoader()))
                            .doesNotThrowAnyException());
        }
    }

    private static String classIn(Path file) {
        String path = SOURCES.relativize(file).toString();
        return path.substring(0, path.length() - ".java".length())
                .replace(file.getFileSystem().getSeparator(), ".");
    }

    private static List<Integer> promises() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(SECTION);
        return PROMISE.matcher(page.substring(begin, page.indexOf("\n## ", begin)))
                .results()
                .map(found -> Integer.valueOf(found.group(1)))
                .toList();
    }

    private static List<String> classes() throws IOException {
        try (Stream<Path> files = Files.list(CLASSES)) {
            return files.map(file -> file.getFileName().toString())
                    .flatMap(file -> CLASS.matcher(file).results())
                    .map(MatchResult::group)
                    .sorted()
                    .toList();
        }
    }

    private static int numberOf(String className) {
        return CLASS.matcher(className)
                .results()
                .map(found -> Integer.parseInt(found.group(1)))
                .findFirst()
                .orElseThrow();
    }
}
