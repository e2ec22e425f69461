package io.github.eventfork.conformance.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page of the documentation: its blocks and its links, each with the line on which it begins. */
record Page(Path file, List<String> lines) {

    private static final String FENCE = "```";
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");

    /** The root of the checkout, from the directory of this module. */
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** README, CONTRIBUTING, and all below docs. */
    static List<Page> all() {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(
                            Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")),
                            docs.filter(path -> path.toString().endsWith(".md")).sorted())
                    .map(Page::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Page read(Path file) {
        try {
            return new Page(file, Files.readAllLines(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What stands between two fences; {@code info} is what follows the first: a language, and more. */
    record Block(Path file, int line, String info, List<String> lines) {

        String language() {
            return info.split(" ", 2)[0];
        }

        @Override
        public String toString() {
            return ROOT.relativize(file) + ":" + line;
        }
    }

    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        Optional<Block> open = Optional.empty();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (!line.startsWith(FENCE)) {
                open.ifPresent(block -> block.lines().add(line));
            } else if (open.isEmpty()) {
                open = Optional.of(new Block(file, i + 1, line.substring(FENCE.length()).strip(), new ArrayList<>()));
            } else {
                blocks.add(open.get());
                open = Optional.empty();
            }
        }
        if (open.isPresent()) {
            throw new IllegalStateException(open.get() + " is not closed");
        }
        return blocks;
    }

    /** A link to another file of the checkout, and what heading it names there, if any. */
    record Link(Path file, int line, String target) {

        Path path() {
            String path = target.replaceFirst("#.*", "");
            Path directory = file.toAbsolutePath().getParent();
            return path.isEmpty() ? file : directory.resolve(path).normalize();
        }

        Optional<String> heading() {
            int hash = target.indexOf('#');
            return hash < 0 ? Optional.empty() : Optional.of(target.substring(hash + 1));
        }

        @Override
        public String toString() {
            return ROOT.relativize(file) + ":" + line + " to " + target;
        }
    }

    List<Link> relativeLinks() {
        List<Link> links = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Matcher link = LINK.matcher(lines.get(i));
            while (link.find()) {
                if (!link.group(1).matches("[a-z]+:.*")) {
                    links.add(new Link(file, i + 1, link.group(1)));
                }
            }
        }
        return links;
    }

    /** The names by which links know its headings: small letters, no punctuation, - for each space. */
    List<String> headings() {
        return lines.stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ *", "")
                        .strip()
                        .toLowerCase(java.util.Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .toList();
    }
}
