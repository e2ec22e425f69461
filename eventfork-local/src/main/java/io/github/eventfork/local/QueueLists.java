package io.github.eventfork.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Lists queues page by page where that is asked for, in the order of their URLs; ElasticMQ lists all. A token is the last
 * URL of the page before, so that what comes or goes meanwhile moves nothing. Holds no state.
 */
final class QueueLists implements SqsService {
    /** Where the list stands in the answer. */
    private static final Map<String, String> LISTS =
            Map.of("ListQueues", "QueueUrls", "ListDeadLetterSourceQueues", "queueUrls");

    private final SqsService next;

    QueueLists(SqsService next) {
        this.next = next;
    }

    @Override
    public SqsAnswer answer(SqsCall call) throws IOException {
        SqsAnswer answer = next.answer(call);
        String list = LISTS.getOrDefault(call.action(), "");
        int most = call.parameters().path("MaxResults").asInt();
        if (list.isEmpty() || most == 0 || !answer.succeeded()) {
            return answer;
        }
        List<String> rest = new ArrayList<>();
        String last = call.parameters().path("NextToken").asText();
        for (JsonNode url : answer.body().path(list)) {
            if (url.asText().compareTo(last) > 0) {
                rest.add(url.asText());
            }
        }
        Collections.sort(rest);
        ObjectNode body = Batches.shallowCopy(answer.body());
        ArrayNode page = body.putArray(list);
        rest.stream().limit(most).forEach(page::add);
        if (rest.size() > most) {
            body.put("NextToken", rest.get(most - 1));
        }
        return SqsAnswer.success(body);
    }
}
