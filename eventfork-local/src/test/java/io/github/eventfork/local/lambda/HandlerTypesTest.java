package io.github.eventfork.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HandlerTypesTest {

    private static class Direct implements RequestHandler<SQSEvent, SQSBatchResponse> {
        @Override
        public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
            return new SQSBatchResponse();
        }
    }

    private static final class Inherited extends Direct {}

    private interface Swapped<O, I> extends RequestHandler<I, O> {}

    private abstract static class Generic<I, O> implements Swapped<O, I> {
        @Override
        public O handleRequest(I input, Context context) {
            throw new IllegalStateException("never invoked");
        }
    }

    private static final class ThroughVariables extends Generic<SQSEvent, Map<String, Object>> {}

    private static final class Bounded<I extends SQSEvent> extends Generic<I, String> {}

    private static final class Unbounded<I> extends Generic<I, String> {}

    @Test
    void types_are_found_in_the_class_itself_and_in_its_superclasses() {
        HandlerTypes types = new HandlerTypes(SQSEvent.class, SQSBatchResponse.class);

        assertThat(HandlerTypes.of(Direct.class)).isEqualTo(types);
        assertThat(HandlerTypes.of(Inherited.class)).isEqualTo(types);
        assertThat(HandlerTypes.of(new Direct() {}.getClass())).isEqualTo(types);
    }

    @Test
    void types_are_followed_through_type_variables() {
        HandlerTypes types = HandlerTypes.of(ThroughVariables.class);

        assertThat(types.input()).isEqualTo(SQSEvent.class);
        assertThat(types.output().getTypeName()).isEqualTo("java.util.Map<java.lang.String, java.lang.Object>");
    }

    @Test
    void a_type_variable_stands_for_its_bound() {
        assertThat(HandlerTypes.of(Bounded.class)).isEqualTo(new HandlerTypes(SQSEvent.class, String.class));
    }

    @Test
    void what_names_no_types_is_refused_with_what_to_do() {
        RequestHandler<SQSEvent, SQSBatchResponse> lambda = (event, context) -> new SQSBatchResponse();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> HandlerTypes.of(lambda.getClass()))
                .withMessageContaining("does not implement RequestHandler with concrete type parameters")
                .withMessageContaining("handler(SQSEvent.class, SQSBatchResponse.class, () -> ...)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HandlerTypes.of(Unbounded.class))
                .withMessageContaining(Unbounded.class.getName());
    }
}
