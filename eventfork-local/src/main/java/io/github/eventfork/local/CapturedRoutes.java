package io.github.eventfork.local;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.http.scaladsl.HttpExt;
import org.apache.pekko.http.scaladsl.ServerBuilder;
import org.apache.pekko.http.scaladsl.model.HttpRequest;
import org.apache.pekko.http.scaladsl.model.HttpResponse;
import org.apache.pekko.stream.scaladsl.Flow;
import scala.concurrent.Future;

/**
 * Stands where ElasticMQ opens its port: takes what would be bound to one, and binds nothing. So there is no port that
 * somebody might find. Whoever binds is never told that it is done.
 */
final class CapturedRoutes extends HttpExt {
    private final CompletableFuture<Flow<HttpRequest, HttpResponse, ?>> routes = new CompletableFuture<>();

    CapturedRoutes(ExtendedActorSystem actors) {
        super(actors.settings().config().getConfig("pekko.http"), actors);
    }

    @Override
    public ServerBuilder newServerAt(String host, int port) {
        return (ServerBuilder) Proxy.newProxyInstance(
                ServerBuilder.class.getClassLoader(), new Class<?>[] {ServerBuilder.class}, this::bind);
    }

    @SuppressWarnings("unchecked") // the one method of this name takes nothing else
    private Object bind(Object proxy, Method method, Object[] arguments) {
        if (!method.getName().equals("bindFlow")) {
            throw new UnsupportedOperationException(method.getName());
        }
        routes.complete((Flow<HttpRequest, HttpResponse, ?>) arguments[0]);
        return Future.never$.MODULE$;
    }

    /** What was bound. */
    Flow<HttpRequest, HttpResponse, ?> routes() {
        return routes.join();
    }
}
