package io.github.eventfork.payload;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.jsontype.PolymorphicTypeValidator;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;

/** Takes from a mapper every way in which a message could name a class to load. */
final class NoClassNames extends PolymorphicTypeValidator {
    private static final long serialVersionUID = 1L;

    private NoClassNames() {}

    /** Changes the mapper, which must be ours, and returns it. */
    static ObjectMapper in(ObjectMapper mapper) {
        mapper.deactivateDefaultTyping();
        mapper.setPolymorphicTypeValidator(new NoClassNames());
        return mapper.registerModule(new SimpleModule("eventfork-no-class-names")
                .addDeserializer(Class.class, new Refusing<>(Class.class))
                .addDeserializer(JavaType.class, new Refusing<>(JavaType.class)));
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
}
