package io.github.eventfork.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.eventfork.conformance.docs.Page.Block;
import io.github.eventfork.conformance.docs.Page.Link;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the documentation to the code: a {@code java} block of README or of a page below docs stands, character for character but
 * for white space, in a source of this package or of the examples' one, where the compiler and a test look after it.
 */
class DocsTest {

    private static final Path SOURCES =
            Path.of("src", "test", "java", "io", "github", "eventfork", "conformance", "docs");

    private static final Path EXAMPLES =
            Page.ROOT.resolve("eventfork-examples/src/test/java/io/github/eventfork/examples");

    static Stream<Block> javaBlocks() {
        return Page.all().stream()
                .flatMap(page -> page.blocks().stream())
                .filter(block -> block.language().equals("java"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("javaBlocks")
    void a_block_of_java_stands_in_a_source_that_is_compiled(Block block) throws IOException {
        assertThat(sources())
                .as("%s: sources of %s and %s that have this block:%n%s", block, SOURCES, EXAMPLES, text(block))
                .anyMatch(source -> has(source, block));
    }

    static Stream<Link> relativeLinks() {
        return Page.all().stream().flatMap(page -> page.relativeLinks().stream());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("relativeLinks")
    void a_relative_link_leads_to_a_file_and_to_a_heading_of_it(Link link) {
        assertThat(link.path()).as("%s", link).exists();
        link.heading()
                .ifPresent(heading -> assertThat(Page.read(link.path()).headings())
                        .as("%s", link)
                        .contains(heading));
    }

    @Test
    void there_is_documentation() {
        assertThat(javaBlocks()).isNotEmpty();
        assertThat(relativeLinks()).isNotEmpty();
    }

    @Test
    void a_block_whose_second_line_is_missing_is_not_found() {
        List<String> source = List.of("class A {", "    int a;", "", "    int b;", "}");
        Path file = SOURCES.resolve("page.md");

        assertThat(has(source, new Block(file, 1, "java", List.of("int a;", "  int b;"))))
                .isTrue();
        assertThat(has(source, new Block(file, 1, "java", List.of("int a;", "int c;"))))
                .isFalse();
        assertThat(has(source, new Block(file, 1, "java", List.of("int b;", "int a;"))))
                .isFalse();
    }

    @Test
    void a_block_that_is_not_closed_is_named_with_file_and_line() {
        Page page = new Page(Page.ROOT.resolve("page.md"), List.of("text", "```java", "int a;"));

        assertThatThrownBy(page::blocks).hasMessage("page.md:2 is not closed");
    }

    private static List<List<String>> sources() throws IOException {
        try (Stream<Path> own = Files.list(SOURCES);
                Stream<Path> examples = Files.list(EXAMPLES)) {
            return Stream.concat(own, examples)
                    .filter(file -> file.toString().endsWith(".java"))
                    .map(DocsTest::linesOf)
                    .toList();
        }
    }

    private static List<String> linesOf(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Block block) {
        return String.join("\n", block.lines());
    }

    /** Compares without white space: a page and the formatter break lines where it suits each. */
    private static boolean has(List<String> source, Block block) {
        return bare(source).contains(bare(block.lines()));
    }

    private static String bare(List<String> lines) {
        return String.join("", lines).replaceAll("\\s", "");
    }
}
