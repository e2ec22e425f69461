package io.github.eventfork.local.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: receives a request, has it answered, and goes on with the next.
 *
 * <p><b>Invariant:</b> it is idle, receives one request, or has one answered; a timer ends it in the first two. What a body
 * holds is taken from the bytes in flight until its answer is there, or the connection is gone.
 *
 * <p><b>Ownership:</b> all fields belong to the connection's event loop; requests are answered on a thread of {@code threads}.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter {

    private static final Logger log = LoggerFactory.getLogger(HttpConnection.class);

    /** What is still read of a body that is too long, so that its sender can see the answer. */
    private static final long LONGEST_DRAINED = 16L * 1024 * 1024;

    private final HttpGuard guard;
    private final HttpLimits limits;
    private final BytesInFlight inFlight;
    private final HttpAnswering answering;
    private final Executor threads;

    private @Nullable HttpRequest head;
    private @Nullable ByteArrayOutputStream body;
    private long received;
    private long taken;
    private boolean answers;
    private boolean ending;
    private @Nullable Future<?> timer;

    /** Whether it waits for a request, and since when. Read by whoever needs its place. */
    private volatile boolean idle = true;

    private volatile long idleSince = System.nanoTime();

    HttpConnection(
            HttpGuard guard, HttpLimits limits, BytesInFlight inFlight, HttpAnswering answering, Executor threads) {
        this.guard = guard;
        this.limits = limits;
        this.inFlight = inFlight;
        this.answering = answering;
        this.threads = threads;
    }

    /** Stands before whatever makes requests of bytes: the first byte of a request begins its time. */
    final class FirstByte extends ChannelInboundHandlerAdapter {

        private boolean come;

        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            if (!come && !answers) {
                come = true;
                idle = false;
                endAfter(context, limits.requestTime());
            }
            context.fireChannelRead(bytes);
        }
    }

    private final FirstByte firstByte = new FirstByte();

    FirstByte firstByte() {
        return firstByte;
    }

    boolean idle() {
        return idle;
    }

    /** For how many nanoseconds it has been idle, if it is. */
    long idleFor() {
        return System.nanoTime() - idleSince;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        endAfter(context, limits.idleTime());
        context.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        endAfter(context, null);
        giveBack();
        context.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object part) {
        try {
            if (ending) {
                return;
            }
            if (answers) {
                // nobody who calls us sends the next before the answer
                ending = true;
            } else if (part instanceof HttpRequest request) {
                begins(context, request);
            } else if (part instanceof HttpContent content && head != null) {
                receives(context, head, content);
            }
        } finally {
            ReferenceCountUtil.release(part);
        }
    }

    private void begins(ChannelHandlerContext context, HttpRequest request) {
        Optional<HttpGuard.Refusal> refusal = guard.refusal(request);
        if (refusal.isPresent()) {
            refuse(context, refusal.get().status(), refusal.get().text());
            return;
        }
        head = request;
        body = new ByteArrayOutputStream(256);
        received = 0;
        if (HttpUtil.is100ContinueExpected(request)) {
            context.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE))
                    .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        }
    }

    private void receives(ChannelHandlerContext context, HttpRequest request, HttpContent content) {
        if (!content.decoderResult().isSuccess()) {
            refuse(context, 400, "The request can't be read");
            return;
        }
        int bytes = content.content().readableBytes();
        received += bytes;
        if (received > limits.bodyBytes()) {
            body = null;
            giveBack();
        }
        if (received > limits.bodyBytes() + LONGEST_DRAINED) {
            refuse(context, 413, "The body is too long");
            return;
        }
        if (body != null && bytes > 0) {
            long more = Math.max(0, received - limits.freeBytes() - taken);
            if (!inFlight.take(more)) {
                refuse(context, 503, "Too much is being received at once; try again later");
                return;
            }
            taken += more;
            byte[] some = new byte[bytes];
            content.content().readBytes(some);
            body.writeBytes(some);
        }
        if (content instanceof LastHttpContent) {
            ask(context, request);
        }
    }

    private void ask(ChannelHandlerContext context, HttpRequest request) {
        answers = true;
        endAfter(context, null);
        context.channel().config().setAutoRead(false);
        HttpCall call = new HttpCall(
                UUID.randomUUID().toString(),
                request.method().name(),
                HttpGuard.uri(request.uri()).orElseGet(() -> URI.create("/")),
                headers(request),
                Optional.ofNullable(body).map(ByteArrayOutputStream::toByteArray));
        body = null;
        try {
            threads.execute(() -> answer(context, request, call));
        } catch (RejectedExecutionException closed) {
            end(context);
        }
    }

    private void answer(ChannelHandlerContext context, HttpRequest request, HttpCall call) {
        @Nullable HttpAnswer answer = null;
        try {
            answer = answering.answer(call);
        } catch (IOException none) {
            log.debug("No answer to request {}", call.id(), none);
        } catch (RuntimeException | Error e) {
            // no answer must leave a connection, and what its body holds, behind; its text may hold what was sent: not
            // above DEBUG
            log.error("Request {} failed: {}", call.id(), e.getClass().getName());
            log.debug("Request {} failed", call.id(), e);
        }
        HttpAnswer made = answer;
        context.executor().execute(() -> {
            giveBack();
            if (made == null) {
                end(context);
            } else {
                send(context, request, call.id(), made);
            }
        });
    }

    private void send(ChannelHandlerContext context, HttpRequest request, String id, HttpAnswer answer) {
        boolean stays = HttpUtil.isKeepAlive(request) && !ending && !answer.isCut();
        byte[] bytes = answer.body();
        int sent = answer.isCut() ? bytes.length / 2 : bytes.length;
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(answer.status()),
                Unpooled.wrappedBuffer(bytes, 0, sent));
        answer.headers().forEach(response.headers()::set);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
                .set(HttpHeaderNames.CONTENT_LENGTH, bytes.length)
                .set("x-amzn-RequestId", id);
        HttpUtil.setKeepAlive(response, stays);
        ChannelFuture written = context.writeAndFlush(response);
        if (!stays) {
            written.addListener(ChannelFutureListener.CLOSE);
            return;
        }
        answers = false;
        head = null;
        firstByte.come = false;
        idleSince = System.nanoTime();
        idle = true;
        endAfter(context, limits.idleTime());
        context.channel().config().setAutoRead(true);
    }

    /** Says no, and reads nothing more of it. */
    private void refuse(ChannelHandlerContext context, int status, String text) {
        ending = true;
        body = null;
        giveBack();
        byte[] bytes = (text + "\n").getBytes(UTF_8);
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.wrappedBuffer(bytes));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/plain")
                .set(HttpHeaderNames.CONTENT_LENGTH, bytes.length)
                .set(HttpHeaderNames.CONNECTION, "close");
        Farewell.say(context, response);
        endAfter(context, null);
    }

    private static void end(ChannelHandlerContext context) {
        context.close().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    private void giveBack() {
        inFlight.give(taken);
        taken = 0;
    }

    private void endAfter(ChannelHandlerContext context, @Nullable Duration time) {
        if (timer != null) {
            timer.cancel(false);
        }
        timer = time == null
                ? null
                : context.executor().schedule((Runnable) () -> end(context), time.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static Map<String, String> headers(HttpRequest request) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        request.headers().forEach(header -> headers.putIfAbsent(header.getKey(), header.getValue()));
        return Collections.unmodifiableMap(headers);
    }

    /** A caller that breaks the connection is nothing to tell of. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable broken) {
        log.debug("A connection broke", broken);
        end(context);
    }
}
