package io.github.eventfork.local.http;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import java.util.concurrent.TimeUnit;

/** The last answer on a connection whose caller may still be sending: closed at once, it would hear of a reset instead. */
final class Farewell {

    private static final long LASTS_SECONDS = 1;

    private Farewell() {}

    static void say(ChannelHandlerContext context, FullHttpResponse response) {
        context.writeAndFlush(response).addListener(written -> {
            if (context.channel() instanceof SocketChannel socket) {
                socket.shutdownOutput().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
            }
        });
        context.executor()
                .schedule((Runnable) () -> {}, LASTS_SECONDS, TimeUnit.SECONDS)
                .addListener(over -> context.close().addListener(ChannelFutureListener.CLOSE_ON_FAILURE));
    }
}
