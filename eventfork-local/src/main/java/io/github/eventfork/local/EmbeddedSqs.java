package io.github.eventfork.local;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.http.scaladsl.Http;
import org.elasticmq.NodeAddress;
import org.elasticmq.actor.QueueManagerActor;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.elasticmq.util.NowProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.concurrent.Await;
import scala.concurrent.duration.FiniteDuration;

/**
 * ElasticMQ, embedded, on a port that nobody is told: its queue URLs name the one in front of it. Whatever comes to its
 * queues and goes, {@link KnownMessages} and {@link Changes} are told.
 *
 * <p><b>Ownership:</b> the actor system is ours, not ElasticMQ's, because only so its threads are daemons and its own
 * log is off. Ending it ends every actor, connection and thread of ElasticMQ; a second end does nothing.
 */
final class EmbeddedSqs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedSqs.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** ElasticMQ's own server would wait for the long polls under way, up to 20 s. */
    private static final Duration LONG_POLLS_END_WITHIN = Duration.ofMillis(200);

    /**
     * After what time a call without an answer fails with status 500. Its libraries' default, 20 s, is as long as the
     * longest long poll, which so lost the race more often than not; and longer than 60 s no connection is kept.
     */
    private static final Duration GIVES_UP_AFTER = Duration.ofSeconds(40);

    private final ActorSystem actors;
    private final Http.ServerBinding binding;
    private final EmbeddedQueues queues;

    private EmbeddedSqs(ActorSystem actors, Http.ServerBinding binding, EmbeddedQueues queues) {
        this.actors = actors;
        this.binding = binding;
        this.queues = queues;
    }

    /** Starts it on a free port of its own; {@code address} is what its queue URLs name. */
    static EmbeddedSqs start(URI address, Account account, KnownMessages known, Changes changes) {
        ClassLoader classes = EmbeddedSqs.class.getClassLoader();
        ActorSystem actors = ActorSystem.create("eventfork-local-sqs", config(classes), classes);
        boolean started = false;
        try {
            ActorRef events = actors.actorOf(QueueEvents.telling(known, changes));
            ActorRef manager = actors.actorOf(managing(events));
            SQSRestServer server = SQSRestServerBuilder.withActorSystem(actors)
                    .withQueueManagerActor(manager)
                    .withInterface(LoopbackPort.HOST)
                    .withDynamicPort()
                    .withServerAddress(new NodeAddress(address.getScheme(), address.getHost(), address.getPort(), ""))
                    .withAWSRegion(account.region())
                    .withAWSAccountId(account.id())
                    .start();
            EmbeddedSqs made = new EmbeddedSqs(actors, server.waitUntilStarted(), new EmbeddedQueues(manager));
            started = true;
            return made;
        } catch (RuntimeException e) {
            throw e.getCause() instanceof IOException cause ? LoopbackPort.failure(0, cause) : e;
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
                          http.server.max-connections = %d
                          http.server.request-timeout = %d s
                        }""".formatted(ElasticMq.CONNECTIONS, GIVES_UP_AFTER.toSeconds()))
                .withFallback(ConfigFactory.parseResources(classes, "reference.conf"))
                .resolve();
    }

    /** What stands in its queues. */
    EmbeddedQueues queues() {
        return queues;
    }

    URI endpoint() {
        return LoopbackPort.endpoint(binding.localAddress().getPort());
    }

    @Override
    public void close() {
        if (!actors.whenTerminated().isCompleted()) {
            binding.terminate(FiniteDuration.create(LONG_POLLS_END_WITHIN.toMillis(), TimeUnit.MILLISECONDS));
            end(actors);
        }
    }

    private static void end(ActorSystem actors) {
        actors.terminate();
        try {
            Await.ready(actors.whenTerminated(), FiniteDuration.create(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            LOG.warn("The embedded SQS server did not end within {} s; its threads are daemons", PATIENCE.toSeconds());
        }
    }
}
