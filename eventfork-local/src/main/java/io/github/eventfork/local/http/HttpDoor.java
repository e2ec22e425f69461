package io.github.eventfork.local.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.AttributeKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A port on which somebody answers HTTP/1.1: bounded in connections, bytes and time, and closed to web pages and to other hosts
 * (status 403), and to requests that name a host in their target (400). The port is known as soon as it is bound; until it is
 * {@linkplain #start started}, whoever connects waits. Thread-safe.
 *
 * <p><b>Ownership:</b> threads and connections are its own, and end with it: requests that are being answered too. All its
 * threads are daemons.
 */
public final class HttpDoor implements AutoCloseable {

    private static final AttributeKey<HttpConnection> OPEN = AttributeKey.valueOf(HttpDoor.class, "open");

    private static final int LONGEST_TARGET = 64 * 1024;
    private static final int LONGEST_HEADERS = 32 * 1024;
    private static final int CHUNK = 64 * 1024;
    private static final long END_WITHIN_MILLIS = 5_000;

    private final EventLoopGroup loops;
    private final ExecutorService threads;
    private final ChannelGroup connections;
    private final AtomicInteger open = new AtomicInteger();
    private final HttpGuard guard;
    private final HttpLimits limits;
    private final BytesInFlight inFlight;
    private final Channel server;

    private volatile HttpAnswering answering = call -> {
        throw new IOException("not started");
    };

    private HttpDoor(String name, InetSocketAddress address, HttpGuard guard, HttpLimits limits) throws IOException {
        this.guard = guard;
        this.limits = limits;
        this.inFlight = new BytesInFlight(limits.bytesInFlight());
        this.loops = new NioEventLoopGroup(1, daemons(name + "-io-"));
        this.connections = new DefaultChannelGroup(loops.next(), true);
        this.threads = Executors.newCachedThreadPool(daemons(name + "-"));
        boolean bound = false;
        try {
            server = bind(address);
            bound = true;
        } finally {
            if (!bound) {
                end();
            }
        }
    }

    private Channel bind(InetSocketAddress address) throws IOException {
        try {
            return new ServerBootstrap()
                    .group(loops)
                    .channel(NioServerSocketChannel.class)
                    .option(ChannelOption.AUTO_READ, false)
                    .option(ChannelOption.SO_BACKLOG, 1024)
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childHandler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel connection) {
                            accept(connection);
                        }
                    })
                    .bind(address)
                    .sync()
                    .channel();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while binding " + address, e);
        }
    }

    /**
     * Takes a port for a server on loopback.
     *
     * @param name what its threads are called
     * @param names the hosts that may be asked for besides {@code 127.0.0.0/8}, {@code localhost} and {@code [::1]}
     * @throws IOException if it can't be had; a {@link java.net.BindException} if it is in use
     */
    public static HttpDoor bind(String name, InetSocketAddress address, Set<String> names, HttpLimits limits)
            throws IOException {
        return new HttpDoor(name, address, new HttpGuard(names, false), limits);
    }

    /**
     * Takes a port for a server that may be asked by any name, because what it answers changes nothing and is no secret: a
     * health check. Web pages are answered by none.
     *
     * @throws IOException if it can't be had; a {@link java.net.BindException} if it is in use
     */
    public static HttpDoor bindForAnyHost(String name, InetSocketAddress address, HttpLimits limits)
            throws IOException {
        return new HttpDoor(name, address, new HttpGuard(Set.of(), true), limits);
    }

    /** The port that it has. */
    public int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    /** Begins to answer. */
    public void start(HttpAnswering answering) {
        this.answering = answering;
        server.config().setAutoRead(true);
    }

    /** How many connections are open, and what their bodies hold. */
    String load() {
        return open.get() + " connections, " + inFlight.taken() + " bytes";
    }

    /** How many of them wait for a request. */
    long idle() {
        return connections.stream()
                .map(connection -> connection.attr(OPEN).get())
                .filter(one -> one != null && one.idle())
                .count();
    }

    private void accept(Channel connection) {
        int now = open.incrementAndGet();
        connection.closeFuture().addListener(closed -> open.decrementAndGet());
        if (now > 2 * limits.connections()) {
            connection.close().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
            return;
        }
        connections.add(connection);
        connection.pipeline().addLast(new HttpServerCodec(LONGEST_TARGET, LONGEST_HEADERS, CHUNK));
        if (now > limits.connections() && !endOneThatIsIdle()) {
            connection.pipeline().addLast(new TooMany());
        } else {
            HttpConnection one = new HttpConnection(guard, limits, inFlight, call -> answering.answer(call), threads);
            connection.pipeline().addFirst(one.firstByte()).addLast(one);
            connection.attr(OPEN).set(one);
        }
    }

    /** A client that keeps connections for later gives way to one that wants something now; says whether there was one. */
    private boolean endOneThatIsIdle() {
        Channel longest = null;
        long time = -1;
        for (Channel connection : connections) {
            HttpConnection one = connection.attr(OPEN).get();
            if (one != null && one.idle() && one.idleFor() > time) {
                longest = connection;
                time = one.idleFor();
            }
        }
        if (longest == null) {
            return false;
        }
        longest.attr(OPEN).set(null);
        longest.close().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        return true;
    }

    @Override
    public void close() {
        server.close().awaitUninterruptibly(END_WITHIN_MILLIS);
        end();
    }

    private void end() {
        connections.close().awaitUninterruptibly(END_WITHIN_MILLIS);
        threads.shutdownNow();
        loops.shutdownGracefully(0, END_WITHIN_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(END_WITHIN_MILLIS);
    }

    private static ThreadFactory daemons(String prefix) {
        AtomicInteger made = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + made.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
