package io.github.eventfork.local;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.scaladsl.Http;
import org.elasticmq.NodeAddress;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.concurrent.Await;
import scala.concurrent.duration.FiniteDuration;

/**
 * ElasticMQ, embedded, on a port that nobody is told: its queue URLs name the one in front of it.
 *
 * <p><b>Ownership:</b> the actor system is ours, not ElasticMQ's, because only so its threads are daemons and its own
 * log is off. Ending it ends every actor, connection and thread of ElasticMQ; a second end does nothing.
 */
final class EmbeddedSqs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedSqs.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** ElasticMQ's own server would wait for the long polls under way, up to 20 s. */
    private static final Duration LONG_POLLS_END_WITHIN = Duration.ofMillis(200);

    private final ActorSystem actors;
    private final Http.ServerBinding binding;

    private EmbeddedSqs(ActorSystem actors, Http.ServerBinding binding) {
        this.actors = actors;
        this.binding = binding;
    }

    /** Starts it on a free port of its own; {@code address} is what its queue URLs name. */
    static EmbeddedSqs start(URI address, Account account) {
        ClassLoader classes = EmbeddedSqs.class.getClassLoader();
        ActorSystem actors = ActorSystem.create("eventfork-local-sqs", quiet(classes), classes);
        try {
            SQSRestServer server = SQSRestServerBuilder.withActorSystem(actors)
                    .withInterface(LoopbackPort.HOST)
                    .withDynamicPort()
                    .withServerAddress(new NodeAddress(address.getScheme(), address.getHost(), address.getPort(), ""))
                    .withAWSRegion(account.region())
                    .withAWSAccountId(account.id())
                    .start();
            return new EmbeddedSqs(actors, server.waitUntilStarted());
        } catch (RuntimeException | Error e) {
            end(actors);
            if (e.getCause() instanceof IOException cause) {
                throw LoopbackPort.failure(0, cause);
            }
            throw e;
        }
    }

    private static Config quiet(ClassLoader classes) {
        return ConfigFactory.parseString("""
                        pekko {
                          daemonic = on
                          jvm-exit-on-fatal-error = off
                          loggers = []
                          loglevel = OFF
                          stdout-loglevel = OFF
                          log-dead-letters = off
                          coordinated-shutdown.run-by-jvm-shutdown-hook = off
                        }""").withFallback(ConfigFactory.load(classes));
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
