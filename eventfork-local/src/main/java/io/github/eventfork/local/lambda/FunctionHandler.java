package io.github.eventfork.local.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.function.Supplier;

/** A user's handler, made for one environment: JSON in, JSON out. */
interface FunctionHandler {

    /** Calls it; throws what it throws. */
    byte[] invoke(byte[] event, Context context) throws Exception;

    /** Makes handlers that read the event's bytes themselves. */
    static Supplier<FunctionHandler> streaming(Supplier<? extends RequestStreamHandler> handlers) {
        return () -> {
            RequestStreamHandler handler = made(handlers);
            return (event, context) -> {
                ByteArrayOutputStream response = new ByteArrayOutputStream();
                handler.handleRequest(new ByteArrayInputStream(event), response, context);
                return response.toByteArray();
            };
        };
    }

    /** Makes handlers whose class says what they take and give. */
    static Supplier<FunctionHandler> typed(Supplier<? extends RequestHandler<?, ?>> handlers) {
        return () -> {
            RequestHandler<?, ?> handler = made(handlers);
            HandlerTypes types = HandlerTypes.of(handler.getClass());
            return new TypedHandler(handler, types);
        };
    }

    /** Makes handlers that take and give these. */
    static Supplier<FunctionHandler> typed(HandlerTypes types, Supplier<? extends RequestHandler<?, ?>> handlers) {
        return () -> new TypedHandler(made(handlers), types);
    }

    @SuppressWarnings("ConstantValue") // a supplier that is a user's may do anything
    private static <T> T made(Supplier<? extends T> handlers) {
        T handler = handlers.get();
        if (handler == null) {
            throw new IllegalStateException("the supplier of handlers gave null");
        }
        return handler;
    }
}
