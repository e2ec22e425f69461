package io.github.eventfork.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.github.eventfork.local.http.HttpAnswer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.scaladsl.model.HttpRequest;
import org.apache.pekko.http.scaladsl.model.HttpResponse;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.elasticmq.NodeAddress;
import org.elasticmq.actor.QueueManagerActor;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.elasticmq.util.NowProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.concurrent.Await;
import scala.concurrent.duration.FiniteDuration;

/**
 * ElasticMQ, embedded, and asked inside the process: it has no port that somebody could find. Its queue URLs name the port of
 * the front. Whatever comes to its queues and goes, {@link KnownMessages} and {@link Changes} are told.
 *
 * <p><b>Ownership:</b> the actor system is ours, not ElasticMQ's, because only so its threads are daemons and its own
 * log is off. Ending it ends every actor and thread of ElasticMQ, and fails the calls under way; a second end does nothing.
 */
final class EmbeddedSqs implements RawSqs, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedSqs.class);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(20);

    /** A long poll waits for 20 s at most, and ElasticMQ gives up after 21. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ActorSystem actors;
    private final Flow<HttpRequest, HttpResponse, ?> routes;
    private final EmbeddedQueues queues;

    private EmbeddedSqs(ActorSystem actors, Flow<HttpRequest, HttpResponse, ?> routes, EmbeddedQueues queues) {
        this.actors = actors;
        this.routes = routes;
        this.queues = queues;
    }

    /** Starts it; {@code address} is what its queue URLs name. */
    static EmbeddedSqs start(URI address, Account account, KnownMessages known, Changes changes) {
        ClassLoader classes = EmbeddedSqs.class.getClassLoader();
        ActorSystem actors = ActorSystem.create("eventfork-local-sqs", config(classes), classes);
        boolean started = false;
        try {
            ActorRef events = actors.actorOf(QueueEvents.telling(known, changes));
            ActorRef manager = actors.actorOf(managing(events));
            CapturedRoutes http = new CapturedRoutes((ExtendedActorSystem) actors);
            SQSRestServerBuilder.withActorSystem(new PortlessActors(actors, http))
                    .withQueueManagerActor(manager)
                    .withServerAddress(new NodeAddress(address.getScheme(), address.getHost(), address.getPort(), ""))
                    .withAWSRegion(account.region())
                    .withAWSAccountId(account.id())
                    .start();
            EmbeddedSqs made = new EmbeddedSqs(actors, http.routes().asJava(), new EmbeddedQueues(manager));
            started = true;
            return made;
        } finally {
            // not in a catch: Scala throws checked exceptions undeclared
            if (!started) {
                end(actors);
            }
        }
    }

    /** As ElasticMQ's server would make it, but that it can be asked. */
    private static Props managing(ActorRef events) {
        return Props.create(
                QueueManagerActor.class,
                () -> new QueueManagerActor(new NowProvider(), SQSRestServerBuilder.sqsLimits(), Option.apply(events)));
    }

    /**
     * Its libraries' own configuration, and ours. What the user's application configures, by {@code application.conf} or
     * by system properties, is for another actor system. ElasticMQ's own settings are such an {@code application.conf}, so
     * those of them that matter stand here.
     */
    private static Config config(ClassLoader classes) {
        return ConfigFactory.parseString("""
                        pekko {
                          daemonic = on
                          jvm-exit-on-fatal-error = off
                          loggers = []
                          loglevel = OFF
                          stdout-loglevel = OFF
                          log-dead-letters = off
                          coordinated-shutdown.run-by-jvm-shutdown-hook = off
                        }""")
                .withFallback(ConfigFactory.parseResources(classes, "reference.conf"))
                .resolve();
    }

    /** What stands in its queues. */
    EmbeddedQueues queues() {
        return queues;
    }

    @Override
    public HttpAnswer ask(String method, String target, Map<String, String> headers, byte[] body) throws IOException {
        org.apache.pekko.http.javadsl.model.HttpRequest request;
        try {
            request = org.apache.pekko.http.javadsl.model.HttpRequest.create(target)
                    .withMethod(HttpMethods.lookup(method).orElse(HttpMethods.POST))
                    .withEntity(ContentTypes.parse(headers.getOrDefault("Content-Type", "text/plain")), body);
        } catch (RuntimeException e) {
            // what it throws at a target or a content type that is none is its own
            return new HttpAnswer(400, "text/plain", "the request can not be read".getBytes(UTF_8));
        }
        for (Map.Entry<String, String> header : headers.entrySet()) {
            request = request.addHeader(RawHeader.create(header.getKey(), header.getValue()));
        }
        Materializer materializer = Materializer.matFromSystem(actors);
        HttpResponse response =
                answered(Source.single((HttpRequest) request).via(routes).runWith(Sink.head(), materializer));
        HttpEntity.Strict entity = answered(((org.apache.pekko.http.javadsl.model.HttpResponse) response)
                .entity()
                .toStrict(PATIENCE.toMillis(), materializer));
        return new HttpAnswer(
                response.status().intValue(),
                entity.getContentType().toString(),
                entity.getData().toArray(),
                Map.of());
    }

    private static <T> T answered(CompletionStage<T> stage) throws IOException {
        try {
            return stage.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the embedded SQS server was asked");
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the embedded SQS server has not answered", e);
        }
    }

    @Override
    public void close() {
        if (!actors.whenTerminated().isCompleted()) {
            end(actors);
        }
    }

    private static void end(ActorSystem actors) {
        actors.terminate();
        try {
            Await.ready(actors.whenTerminated(), FiniteDuration.create(ENDS_WITHIN.toSeconds(), TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            LOG.warn(
                    "The embedded SQS server did not end within {} s; its threads are daemons",
                    ENDS_WITHIN.toSeconds());
        }
    }
}
