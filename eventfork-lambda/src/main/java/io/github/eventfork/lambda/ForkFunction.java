package io.github.eventfork.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import io.github.eventfork.Delivery;
import io.github.eventfork.Fork;
import io.github.eventfork.Settlement;
import io.github.eventfork.engine.BatchProcessor;
import io.github.eventfork.engine.KeptLease;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A fork as a Lambda function behind an SQS event source mapping. Extend it with a constructor that takes nothing:
 *
 * <pre>{@code
 * public final class MailingListFunction extends ForkFunction {
 *     public MailingListFunction() {
 *         super(Forks.mailingList());
 *     }
 * }
 * }</pre>
 *
 * <p>The mapping <b>must</b> have
 * <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html">{@code
 * ReportBatchItemFailures}</a> switched on: without it Lambda ignores the answer and deletes what failed.
 *
 * <p>The answer lists exactly the records that SQS is to hand out again, in the order of the batch. What has not started
 * when the invocation's time less the {@linkplain Settings#withMargin margin} is over is among them; what is done stays
 * done. What is interrupted then is {@linkplain io.github.eventfork.Outcome.Stopped stopped}, which is no failed run. An exception of the constructor fails the function's init.
 *
 * <p>Thread-safe: one instance may serve several invocations at once. Handlers run on the threads of {@link
 * io.github.eventfork.ForkRuntime#handlers()}, never on the invocation's, with the context class loader of the thread that made
 * the function.
 */
public class ForkFunction implements RequestHandler<SQSEvent, SQSBatchResponse> {

    private static final Logger log = LoggerFactory.getLogger(ForkFunction.class);

    private final String fork;
    private final Settings settings;
    private final BatchProcessor processor;

    /** A function that runs {@code fork} by {@linkplain Settings#standard() standard settings}. */
    public ForkFunction(Fork fork) {
        this(fork, Settings.standard());
    }

    /** A function that runs {@code fork} by these settings. */
    public ForkFunction(Fork fork, Settings settings) {
        this.fork = Objects.requireNonNull(fork, "fork").name();
        this.settings = Objects.requireNonNull(settings, "settings");
        this.processor = new BatchProcessor(
                fork, settings.runtime(), settings.concurrency(), settings.margin(), settings.settler());
    }

    /**
     * Processes the event's records and answers with those to hand out again; with none for an empty list of records.
     *
     * @throws IllegalStateException if the event is none of SQS's, a record has no message id, or if the invocation's thread is interrupted; the
     *     whole batch is handed out again then
     * @throws VirtualMachineError that a handler hit, other than a {@link StackOverflowError}; likewise
     */
    @Override
    public SQSBatchResponse handleRequest(@Nullable SQSEvent event, Context context) {
        if (event == null || event.getRecords() == null) {
            throw new IllegalStateException(
                    "Fork '" + fork + "': the invocation brought no SQS event, so nothing was run. "
                            + "Invoke the function by an event source mapping of an SQS queue.");
        }
        Records records = Records.of(fork, event.getRecords());
        List<Delivery> deliveries = records.deliveries();
        return new SQSBatchResponse(records.toRetry(deliveries.isEmpty() ? Map.of() : standing(deliveries, context)));
    }

    private Map<Delivery, Settlement> standing(List<Delivery> batch, Context context) {
        Duration remaining = Duration.ofMillis(context.getRemainingTimeInMillis());
        Duration budget = remaining.minus(settings.margin());
        if (budget.isZero() || budget.isNegative()) {
            log.warn(
                    "Fork '{}' starts none of {} records: the invocation has {} left, all of it within the margin of {}. "
                            + "Raise the function's timeout or lower the margin.",
                    fork,
                    batch.size(),
                    remaining,
                    settings.margin());
        }
        return awaited(
                processor.process(batch, delivery -> KeptLease.lasting(settings.runtime(), remaining), budget),
                batch.size(),
                remaining.minus(settings.margin().dividedBy(8)));
    }

    /** What stands, or nothing if it does not come in time: the processor's own end lies well before. */
    private Map<Delivery, Settlement> awaited(
            CompletionStage<Map<Delivery, Settlement>> answer, int records, Duration atMost) {
        try {
            return settings.runtime().await(answer, atMost);
        } catch (TimeoutException e) {
            log.error("Fork '{}': no answer in time; all {} records are reported", fork, records, e);
            return Map.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(
                    "Fork '" + fork + "': the invocation was interrupted; all " + records
                            + " records go back to the queue.",
                    e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(
                    "Fork '" + fork + "': the batch could not be processed; all " + records
                            + " records go back to the queue.",
                    e.getCause());
        }
    }
}
