package io.github.eventfork;

import io.github.eventfork.classpath.Library;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a fork needs on the class path. Missing or too old, it would let the fork be built, and fail each message that
 * comes: a fault of the process that looks like one of the messages.
 *
 * <p>The versions stand in README.md too, and a test runs a fork on each of them, and on the one before.
 */
final class Libraries {

    private static final String JACKSON = "2.16.0";
    private static final String JACKSON_REMEDY =
            "import com.fasterxml.jackson:jackson-bom 2.16.0 or newer in your build"
                    + " (with Spring Boot, set the property jackson-bom.version)";

    /** Buffers come from its pools, which are new in it. */
    private static final Library JACKSON_CORE = new Library(
            "jackson-core",
            JACKSON,
            "com.fasterxml.jackson.core.JsonFactory",
            "com.fasterxml.jackson.core.util.JsonRecyclerPools",
            "com.fasterxml.jackson.core.json.PackageVersion#VERSION",
            JACKSON_REMEDY);

    /** Older ones run beside a newer core, but read no records before 2.12, and limit no numbers before 2.15. */
    private static final Library JACKSON_DATABIND = new Library(
            "jackson-databind",
            JACKSON,
            "com.fasterxml.jackson.databind.ObjectMapper",
            "com.fasterxml.jackson.databind.cfg.CacheProvider",
            "com.fasterxml.jackson.databind.cfg.PackageVersion#VERSION",
            JACKSON_REMEDY);

    private static final Library JACKSON_JSR310 = new Library(
            "jackson-datatype-jsr310",
            JACKSON,
            "com.fasterxml.jackson.datatype.jsr310.JavaTimeModule",
            "com.fasterxml.jackson.datatype.jsr310.JavaTimeFeature",
            "com.fasterxml.jackson.datatype.jsr310.PackageVersion#VERSION",
            JACKSON_REMEDY);

    /** The oldest that logs the stack trace of an exception behind several arguments; older ones drop it. */
    private static final Library SLF4J = new Library(
            "slf4j-api",
            "1.6.0",
            "org.slf4j.LoggerFactory",
            "org.slf4j.helpers.FormattingTuple",
            "",
            "depend on org.slf4j:slf4j-api, and on a provider of the same version");

    private Libraries() {}

    /**
     * What is missing or too old, each with what to do. Of Jackson the first will do, because they are all mended at once;
     * jsr310 is needed by the standard reader of payloads only. Without lambdas, because a cold start comes by here.
     */
    static List<String> problems(boolean standardPayloads) {
        List<String> problems = new ArrayList<>();
        add(JACKSON_CORE, problems);
        if (problems.isEmpty()) {
            add(JACKSON_DATABIND, problems);
        }
        if (problems.isEmpty() && standardPayloads) {
            add(JACKSON_JSR310, problems);
        }
        add(SLF4J, problems);
        return problems;
    }

    private static void add(Library library, List<String> problems) {
        Optional<String> problem = library.problem(Libraries.class.getClassLoader());
        if (problem.isPresent()) {
            problems.add(problem.get());
        }
    }
}
