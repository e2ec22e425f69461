package io.github.eventfork.poller;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.eventfork.queue.PollBudget;
import java.util.Map;
import java.util.WeakHashMap;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/**
 * The poll budgets of users' clients, one for each client however many pollers share it: settlements must never wait
 * behind long polls for one of its connections. A client that nobody else holds takes its budget with it.
 */
final class PollBudgets {

    /** Half the connections that the SDK's Netty client has unless told otherwise, which is 50, less one. */
    static final int MOST = 24;

    private static final PollBudgets ALL = new PollBudgets();

    @GuardedBy("this")
    private final Map<SqsAsyncClient, PollBudget> budgets = new WeakHashMap<>();

    private PollBudgets() {}

    static PollBudget of(SqsAsyncClient client) {
        return ALL.budget(client);
    }

    private synchronized PollBudget budget(SqsAsyncClient client) {
        return budgets.computeIfAbsent(client, first -> new PollBudget(MOST));
    }
}
