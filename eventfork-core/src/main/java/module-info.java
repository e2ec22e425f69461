/** The words, the one pipeline, and the queue engine on a port without AWS types. */
@SuppressWarnings("module")
module io.github.eventfork {
    requires transitive com.fasterxml.jackson.databind;
    requires com.fasterxml.jackson.datatype.jsr310;
    requires org.slf4j;
    requires static org.jspecify;
    requires static com.google.errorprone.annotations;

    exports io.github.eventfork;
    exports io.github.eventfork.envelope;
    exports io.github.eventfork.filter;
    exports io.github.eventfork.idempotency;
    exports io.github.eventfork.payload;
    exports io.github.eventfork.classpath to
            io.github.eventfork.poller;
    exports io.github.eventfork.engine to
            io.github.eventfork.poller,
            io.github.eventfork.testkit;
    exports io.github.eventfork.text to
            io.github.eventfork.poller,
            io.github.eventfork.topology;
    exports io.github.eventfork.queue to
            io.github.eventfork.poller,
            io.github.eventfork.testkit;
}
