package io.github.eventfork.envelope;

import static io.github.eventfork.envelope.Envelope.Kind.CLOUDEVENTS;
import static io.github.eventfork.envelope.Envelope.Kind.EVENTBRIDGE;
import static io.github.eventfork.envelope.Envelope.Kind.SNS;

import com.fasterxml.jackson.core.JsonToken;
import io.github.eventfork.envelope.Envelope.Kind;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Every top-level name that some kind of envelope knows, with the form it has there. */
enum Field {
    SNS_TYPE("Type", Form.STRING, SNS),
    MESSAGE_ID("MessageId", Form.STRING, SNS),
    TOPIC_ARN("TopicArn", Form.STRING, SNS),
    SNS_SUBJECT("Subject", Form.STRING_OR_NULL, SNS),
    MESSAGE("Message", Form.STRING, SNS),
    TIMESTAMP("Timestamp", Form.STRING, SNS),
    UNSUBSCRIBE_URL("UnsubscribeURL", Form.STRING, SNS),
    MESSAGE_ATTRIBUTES("MessageAttributes", Form.OBJECT, SNS),

    ID("id", Form.STRING, EVENTBRIDGE, CLOUDEVENTS),
    SOURCE("source", Form.STRING, EVENTBRIDGE, CLOUDEVENTS),
    TIME("time", Form.STRING_OR_NULL, EVENTBRIDGE, CLOUDEVENTS),

    VERSION("version", Form.STRING, EVENTBRIDGE),
    DETAIL_TYPE("detail-type", Form.STRING, EVENTBRIDGE),
    ACCOUNT("account", Form.STRING, EVENTBRIDGE),
    REGION("region", Form.STRING, EVENTBRIDGE),
    RESOURCES("resources", Form.ARRAY, EVENTBRIDGE),
    DETAIL("detail", Form.OBJECT, EVENTBRIDGE),

    SPECVERSION("specversion", Form.STRING, CLOUDEVENTS),
    TYPE("type", Form.STRING, CLOUDEVENTS),
    SUBJECT("subject", Form.STRING_OR_NULL, CLOUDEVENTS),
    DATACONTENTTYPE("datacontenttype", Form.STRING_OR_NULL, CLOUDEVENTS),
    DATA("data", Form.ANY, CLOUDEVENTS),
    DATA_BASE64("data_base64", Form.STRING_OR_NULL, CLOUDEVENTS);

    private static final Map<String, Field> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(field -> field.spelled, Function.identity()));

    /** What a kind cannot be without, in the order in which it is missed. */
    static final Map<Kind, Set<Field>> REQUIRED = Map.of(
            SNS, EnumSet.of(SNS_TYPE, MESSAGE_ID, TOPIC_ARN, MESSAGE, TIMESTAMP, UNSUBSCRIBE_URL),
            EVENTBRIDGE, EnumSet.of(ID, SOURCE, TIME, VERSION, DETAIL_TYPE, ACCOUNT, REGION, RESOURCES, DETAIL),
            CLOUDEVENTS, EnumSet.of(ID, SOURCE, SPECVERSION, TYPE));

    private final String spelled;
    private final Form form;

    /** Unmodifiable, which its type does not tell. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final Set<Kind> kinds;

    Field(String spelled, Form form, Kind first, Kind... more) {
        this.spelled = spelled;
        this.form = form;
        this.kinds = Collections.unmodifiableSet(EnumSet.of(first, more));
    }

    static @Nullable Field named(String name) {
        return BY_NAME.get(name);
    }

    /** The kinds of envelope that have this field. */
    Set<Kind> kinds() {
        return kinds;
    }

    boolean takes(JsonToken token) {
        return switch (form) {
            case ANY -> true;
            case STRING -> token == JsonToken.VALUE_STRING;
            case STRING_OR_NULL -> token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NULL;
            case OBJECT -> token == JsonToken.START_OBJECT;
            case ARRAY -> token == JsonToken.START_ARRAY;
        };
    }

    /** Says that the field is not there, or not in its form: {@code no string 'TopicArn'}. */
    String missing() {
        String kindOfValue = switch (form) {
            case STRING, STRING_OR_NULL -> "string ";
            case OBJECT -> "object ";
            case ARRAY -> "array ";
            case ANY -> "";
        };
        return "no " + kindOfValue + "'" + spelled + "'";
    }

    String twice() {
        return "'" + spelled + "' is there twice";
    }

    private enum Form {
        STRING,
        STRING_OR_NULL,
        OBJECT,
        ARRAY,
        ANY
    }
}
