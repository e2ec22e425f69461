package io.github.eventfork.payload;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.jsontype.PolymorphicTypeValidator;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes from a mapper every way in which a message could name a class to load or a host to look up, or have a number made on
 * which arithmetic hangs.
 */
final class Guarded extends PolymorphicTypeValidator {
    private static final long serialVersionUID = 1L;

    /** As many places as a number's text may have. */
    private static final int LARGEST_SCALE = 1_000;

    private static final String OCTET = "25[0-5]|2[0-4]\\d|1?\\d?\\d";

    /** What {@link InetAddress#getByName} reads without asking anybody. */
    private static final Pattern NUMERIC_ADDRESS =
            Pattern.compile("(OCTET)(\\.(OCTET)){3}|\\[?[0-9a-fA-F:]*:[0-9a-fA-F:.]*]?".replace("OCTET", OCTET));

    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

    private Guarded() {}

    /** Changes the mapper, which must be ours, and returns it. */
    static ObjectMapper in(ObjectMapper mapper) {
        mapper.deactivateDefaultTyping();
        mapper.setPolymorphicTypeValidator(new Guarded());
        return mapper.registerModule(new SimpleModule("eventfork-guarded")
                .addDeserializer(Class.class, new Refusing<>(Class.class))
                .addDeserializer(JavaType.class, new Refusing<>(JavaType.class))
                .addKeyDeserializer(Class.class, new RefusingKeys())
                .addKeyDeserializer(JavaType.class, new RefusingKeys())
                .addDeserializer(InetAddress.class, new Addresses())
                .addDeserializer(InetSocketAddress.class, new SocketAddresses())
                .setDeserializerModifier(new BoundedNumbers()));
    }

    @Override
    public Validity validateBaseType(MapperConfig<?> config, JavaType baseType) {
        return Validity.DENIED;
    }

    @Override
    public Validity validateSubClassName(MapperConfig<?> config, JavaType baseType, String subClassName) {
        return Validity.DENIED;
    }

    @Override
    public Validity validateSubType(MapperConfig<?> config, JavaType baseType, JavaType subType) {
        return Validity.DENIED;
    }

    /** Jackson's own deserializers of these types load the class that the text names. */
    private static final class Refusing<T> extends StdDeserializer<T> {
        private static final long serialVersionUID = 1L;

        private Refusing(Class<T> type) {
            super(type);
        }

        @Override
        public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return context.reportBadDefinition(handledType(), "classes named by a message are not loaded");
        }
    }

    /** The same of the keys of maps. */
    private static final class RefusingKeys extends KeyDeserializer {
        @Override
        public Object deserializeKey(String key, DeserializationContext context) throws IOException {
            return context.reportBadDefinition(Class.class, "classes named by a message are not loaded");
        }
    }

    /** Jackson's own looks a name up, at whichever name server answers for it. */
    private static final class Addresses extends FromStringDeserializer<InetAddress> {
        private static final long serialVersionUID = 1L;

        private Addresses() {
            super(InetAddress.class);
        }

        @Override
        protected InetAddress _deserialize(String text, DeserializationContext context) throws IOException {
            if (!NUMERIC_ADDRESS.matcher(text).matches()) {
                return (InetAddress) context.handleWeirdStringValue(
                        InetAddress.class, text, "an address in numbers is expected: no name is looked up");
            }
            return InetAddress.getByName(text);
        }
    }

    /** Likewise; the port follows the last colon, an IPv6 address is in brackets. */
    private static final class SocketAddresses extends FromStringDeserializer<InetSocketAddress> {
        private static final long serialVersionUID = 1L;

        private SocketAddresses() {
            super(InetSocketAddress.class);
        }

        @Override
        protected InetSocketAddress _deserialize(String text, DeserializationContext context) throws IOException {
            int colon = text.lastIndexOf(':');
            String host = colon < 0 || text.endsWith("]") ? text : text.substring(0, colon);
            String port = host.length() == text.length() ? "0" : text.substring(colon + 1);
            if (host.isEmpty() || !PORT.matcher(port).matches() || Integer.parseInt(port) > 65_535) {
                return (InetSocketAddress)
                        context.handleWeirdStringValue(InetSocketAddress.class, text, "a host and a port are expected");
            }
            return InetSocketAddress.createUnresolved(
                    host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host,
                    Integer.parseInt(port));
        }
    }

    /** Looks at what is read as a number, by Jackson's deserializers or the user's. */
    private static final class BoundedNumbers extends BeanDeserializerModifier {
        private static final long serialVersionUID = 1L;

        @Override
        public JsonDeserializer<?> modifyDeserializer(
                DeserializationConfig config, BeanDescription description, JsonDeserializer<?> reading) {
            Class<?> type = description.getBeanClass();
            return type == BigDecimal.class || type == Number.class ? new Bounded(reading) : reading;
        }
    }

    private static final class Bounded extends DelegatingDeserializer {
        private static final long serialVersionUID = 1L;

        private Bounded(JsonDeserializer<?> reading) {
            super(reading);
        }

        @Override
        protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> reading) {
            return new Bounded(reading);
        }

        @Override
        public @Nullable Object deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            Object read = super.deserialize(parser, context);
            if (read instanceof BigDecimal number && Math.abs((long) number.scale()) > LARGEST_SCALE) {
                throw new StreamConstraintsException("Number with a scale beyond " + LARGEST_SCALE);
            }
            return read;
        }
    }
}
