package io.github.eventfork.conformance.consumers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/** Folders of a test below the module's own target, where a build may put much. */
final class InTarget implements TempDirFactory {

    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext extension) throws IOException {
        Path consumers = Files.createDirectories(Path.of("target", "consumers").toAbsolutePath());
        return Files.createTempDirectory(consumers, "test");
    }
}
