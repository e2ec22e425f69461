package io.github.eventfork.local.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Makes a handler's argument and answer as Lambda's own runtime does, with the library that it uses for that. */
final class TypedHandler implements FunctionHandler {

    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    private final RequestHandler<Object, Object> handler;
    private final PojoSerializer<Object> input;
    private final @Nullable PojoSerializer<Object> output;

    @SuppressWarnings("unchecked") // the types are those that the handler's class, or its maker, names
    TypedHandler(RequestHandler<?, ?> handler, HandlerTypes types) {
        this.handler = (RequestHandler<Object, Object>) handler;
        ClassLoader classes = handler.getClass().getClassLoader();
        this.input = serializer(types.input(), classes);
        this.output = Void.class.equals(types.output()) ? null : serializer(types.output(), classes);
    }

    @Override
    public byte[] invoke(byte[] event, Context context) {
        Object argument;
        try {
            argument = input.fromJson(new ByteArrayInputStream(event));
        } catch (RuntimeException e) {
            throw new UnreadableEventException(e);
        }
        Object answer = handler.handleRequest(argument, context);
        if (output == null) {
            return NULL;
        }
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try {
            output.toJson(answer, json);
        } catch (RuntimeException e) {
            throw new IllegalStateException("An error occurred during JSON serialization of response", e);
        }
        return json.toByteArray();
    }

    @SuppressWarnings("unchecked")
    private static PojoSerializer<Object> serializer(Type type, ClassLoader classes) {
        if (type instanceof Class<?> known && LambdaEventSerializers.isLambdaSupportedEvent(known.getName())) {
            return LambdaEventSerializers.serializerFor((Class<Object>) known, classes);
        }
        return JacksonFactory.getInstance().getSerializer(type);
    }

    /** The event can't be made the handler's argument. Its cause may quote the event, and so is logged at DEBUG only. */
    static final class UnreadableEventException extends RuntimeException {
        UnreadableEventException(Throwable cause) {
            super("An error occurred during JSON parsing", cause);
        }
    }
}
