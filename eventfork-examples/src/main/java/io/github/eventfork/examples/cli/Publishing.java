package io.github.eventfork.examples.cli;

import io.github.eventfork.examples.run.Line;
import io.github.eventfork.examples.run.Publication;
import io.github.eventfork.examples.run.Publisher;
import io.github.eventfork.text.LogText;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;

/** Publishes lines, and knows of each what became of it, wherever it ends. For one thread. */
final class Publishing {

    private final Publisher publisher;
    private final Publication publication;
    private final Optional<Wishes> wishes;

    /** By line, what was not published and why. */
    private final SortedMap<Integer, String> left = new TreeMap<>();

    /** Up to which line a file is read. */
    private int read;

    private boolean complete;

    /** Publishes with {@code publisher}, as {@code publication} says, what forks may have wishes about. */
    Publishing(Publisher publisher, Publication publication, Optional<Wishes> wishes) {
        this.publisher = publisher;
        this.publication = publication;
        this.wishes = wishes;
    }

    /** Publishes one event. */
    void one(Line.Event event) throws InterruptedException {
        take(event);
        publisher.flush();
        complete = true;
    }

    /**
     * Publishes all of a file.
     *
     * @throws CancellationException if it is told to end before
     */
    void all(Lines lines, Progress progress) throws IOException, InterruptedException {
        for (Optional<Line> next = lines.next(); next.isPresent(); next = lines.next()) {
            read = next.get().number();
            take(next.get());
            progress.at(read);
        }
        publisher.flush();
        complete = true;
    }

    private void take(Line line) throws InterruptedException {
        if (line instanceof Line.Event event) {
            wishes.ifPresent(forks -> forks.published(publication.attributesOf(event), event.message()));
            publisher.add(event);
        } else if (line instanceof Line.Malformed malformed) {
            left.put(malformed.number(), "skipped: " + malformed.why());
        }
    }

    /** Says what was published and what was not; after a failure, too. */
    void report(PrintWriter out, PrintWriter err) {
        publisher.refused().forEach(refused -> left.put(refused.line(), "refused by SNS: " + refused.why()));
        left.forEach((line, why) -> err.println("Line " + line + " is " + LogText.escaped(why) + "."));
        if (complete) {
            wishes.ifPresent(forks -> forks.complaints().forEach(err::println));
        } else if (read > 0) {
            err.println(open());
        }
        if (complete && publisher.published() == 0 && left.isEmpty()) {
            err.println("There is nothing to publish.");
        }
        err.flush();
        if (complete || publisher.published() > 0) {
            out.println("Published " + publisher.published()
                    + (publisher.published() == 1 ? " event to " : " events to ") + publication.topicArn() + ".");
            out.flush();
        }
    }

    /** Whether all was published, and somebody wants it, as far as that is known. */
    boolean isWell() {
        return complete
                && left.isEmpty()
                && publisher.published() > 0
                && wishes.map(Wishes::anyWanted).orElse(true);
    }

    private String open() {
        String lines = publisher.open().stream().map(line -> line + ", ").collect(Collectors.joining());
        return "Not published, as far as SNS said: line " + lines + "and all from line " + (read + 1) + " on.";
    }
}
