package io.github.eventfork.examples.cli;

import io.github.eventfork.examples.run.EventFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Opens a user's file of events, or says in a sentence why that can't be. */
final class OpenedFile {

    private OpenedFile() {}

    static EventFile events(Path file) throws IOException {
        try {
            return EventFile.open(file);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file, e);
        } catch (AccessDeniedException e) {
            throw new IOException("file " + file + " may not be read", e);
        } catch (IOException e) {
            throw new IOException("can't read " + file + ": " + e.getMessage(), e);
        }
    }
}
