package io.github.eventfork.conformance.peers;

/** One place in one answer where two servers say different things. */
record Difference(String scenario, String step, String path, String ours, String theirs) {

    /** As a row of {@code known-differences.txt} that still has to say who is right. */
    String asRow() {
        return """
                [%s > %s]
                path    %s
                ours    %s
                theirs  %s
                right   ?
                source  ?
                """.formatted(scenario, step, path, ours, theirs);
    }
}
