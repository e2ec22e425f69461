package io.github.eventfork.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** AWS's own <a href="https://github.com/aws/serverless-application-model">translator</a>, where Python has it. */
final class SamTranslator {

    private static final long PATIENCE = 120;

    private final Path folder;

    /** Works in a folder that is the caller's to delete. */
    SamTranslator(Path folder) {
        this.folder = folder;
    }

    /** Whether there is one. */
    boolean isThere() throws IOException, InterruptedException {
        try {
            return run("", "-c", "import samtranslator, yaml") == 0;
        } catch (IOException noPython) {
            return false;
        }
    }

    /** The CloudFormation template that AWS would make of it. */
    JsonNode translate(String template) throws IOException, InterruptedException {
        int exit = run(template, script().toString());
        if (exit != 0) {
            throw new AssertionError("the SAM translator refused it: " + Files.readString(file("err")));
        }
        return new ObjectMapper().readTree(file("out").toFile());
    }

    private int run(String input, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder python = new ProcessBuilder("python3");
        python.command().addAll(List.of(arguments));
        python.environment().put("AWS_DEFAULT_REGION", "us-east-1");
        Files.writeString(file("in"), input);
        Process process = python.redirectInput(file("in").toFile())
                .redirectOutput(file("out").toFile())
                .redirectError(file("err").toFile())
                .start();
        if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("python3 does not end");
        }
        return process.exitValue();
    }

    private static Path script() throws IOException {
        try {
            return Path.of(Objects.requireNonNull(SamTranslator.class.getResource("translate.py"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    private Path file(String name) {
        return folder.resolve(name);
    }
}
