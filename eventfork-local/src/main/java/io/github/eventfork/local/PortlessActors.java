package io.github.eventfork.local;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.ActorPath;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorRefProvider;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ActorSystemImpl;
import org.apache.pekko.actor.Extension;
import org.apache.pekko.actor.ExtensionId;
import org.apache.pekko.actor.InternalActorRef;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.Scheduler;
import org.apache.pekko.actor.Terminated;
import org.apache.pekko.dispatch.Dispatchers;
import org.apache.pekko.dispatch.Mailboxes;
import org.apache.pekko.event.EventStream;
import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.scaladsl.Http$;
import scala.Function0;
import scala.collection.Iterable;
import scala.concurrent.ExecutionContextExecutor;
import scala.concurrent.Future;

/** An actor system as ElasticMQ is given it: the real one, but that whoever asks for HTTP gets another. Holds no state. */
final class PortlessActors extends ActorSystem {
    private final ActorSystem real;
    private final CapturedRoutes http;

    PortlessActors(ActorSystem real, CapturedRoutes http) {
        this.real = real;
        this.http = http;
    }

    @Override
    @SuppressWarnings("unchecked") // the id of HTTP is an ExtensionId<HttpExt>
    public <T extends Extension> T registerExtension(ExtensionId<T> id) {
        return id == Http$.MODULE$ ? (T) http : real.registerExtension(id);
    }

    @Override
    public <T extends Extension> T extension(ExtensionId<T> id) {
        return registerExtension(id);
    }

    @Override
    public boolean hasExtension(ExtensionId<? extends Extension> id) {
        return id == Http$.MODULE$ || real.hasExtension(id);
    }

    @Override
    public ActorSystem classicSystem() {
        return this;
    }

    @Override
    public String name() {
        return real.name();
    }

    @Override
    public Settings settings() {
        return real.settings();
    }

    @Override
    public void logConfiguration() {
        real.logConfiguration();
    }

    @Override
    public ActorPath $div(String name) {
        return real.$div(name);
    }

    @Override
    public ActorPath $div(Iterable<String> names) {
        return real.$div(names);
    }

    @Override
    public EventStream eventStream() {
        return real.eventStream();
    }

    @Override
    public LoggingAdapter log() {
        return real.log();
    }

    @Override
    public ActorRef deadLetters() {
        return real.deadLetters();
    }

    @Override
    public Scheduler scheduler() {
        return real.scheduler();
    }

    @Override
    public Dispatchers dispatchers() {
        return real.dispatchers();
    }

    @Override
    public ExecutionContextExecutor dispatcher() {
        return real.dispatcher();
    }

    @Override
    public Mailboxes mailboxes() {
        return real.mailboxes();
    }

    @Override
    public <T> void registerOnTermination(Function0<T> code) {
        real.registerOnTermination(code);
    }

    @Override
    public void registerOnTermination(Runnable code) {
        real.registerOnTermination(code);
    }

    @Override
    public Future<Terminated> terminate() {
        return real.terminate();
    }

    @Override
    public void close() throws TimeoutException {
        real.close();
    }

    @Override
    public Future<Terminated> whenTerminated() {
        return real.whenTerminated();
    }

    @Override
    public CompletionStage<Terminated> getWhenTerminated() {
        return real.getWhenTerminated();
    }

    @Override
    public ActorSystemImpl systemImpl() {
        return real.systemImpl();
    }

    @Override
    public ActorRefProvider provider() {
        return real.provider();
    }

    @Override
    public InternalActorRef guardian() {
        return real.guardian();
    }

    @Override
    public InternalActorRef lookupRoot() {
        return real.lookupRoot();
    }

    @Override
    public ActorRef actorOf(Props props) {
        return real.actorOf(props);
    }

    @Override
    public ActorRef actorOf(Props props, String name) {
        return real.actorOf(props, name);
    }

    @Override
    public void stop(ActorRef actor) {
        real.stop(actor);
    }
}
