package io.github.eventfork.conformance.peers;

/** Some calls that belong together, written once for all servers. */
record Scenario(String name, Script script) {

    /** What is called, in order. */
    @FunctionalInterface
    interface Script {
        void run(Session aws) throws Exception;
    }

    /** Plays it on a server, and answers with what that said. */
    Transcript on(Aws server) {
        Transcript transcript = new Transcript(name);
        try {
            script.run(new Session(server, transcript));
        } catch (Session.Ended ended) {
            transcript.step("the end").put("answer", "ended early, because a call failed that the others need");
        } catch (Exception e) {
            throw new IllegalStateException("Scenario '" + name + "' is broken on " + server.snsUri(), e);
        }
        return transcript;
    }

    @Override
    public String toString() {
        return name;
    }
}
