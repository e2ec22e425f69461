package io.github.eventfork.local.lambda;

import io.github.eventfork.ForkRuntime;
import io.github.eventfork.ForkRuntime.Cancellable;
import io.github.eventfork.local.lambda.Invocation.Result;
import io.github.eventfork.local.lambda.TypedHandler.UnreadableEventException;
import java.io.IOError;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An invocation under way: on its environment's thread, with a timer beside it.
 *
 * <p><b>Invariant:</b> whoever sets {@code over}, handler or timer, ends it; the other one's end means nothing. So {@code end}
 * is called once, and nothing is deleted after a time-out.
 *
 * <p><b>Ownership:</b> {@code over} and {@code reusable} are set by whoever ends it, before {@code end} is called.
 */
final class Running {

    private static final Logger LOG = LoggerFactory.getLogger(Running.class);

    private final Options options;
    private final String functionArn;
    private final String requestId;
    private final Environment environment;
    private final List<Received> batch;
    private final ForkRuntime runtime;
    private final BiConsumer<Running, Answer> end;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile boolean reusable = true;

    Running(
            Options options,
            String functionArn,
            String requestId,
            Environment environment,
            List<Received> batch,
            ForkRuntime runtime,
            BiConsumer<Running, Answer> end) {
        this.options = options;
        this.functionArn = functionArn;
        this.requestId = requestId;
        this.environment = environment;
        this.batch = batch;
        this.runtime = runtime;
        this.end = end;
    }

    /** Makes the handler if need be, and invokes it. On the environment's thread. */
    void run() {
        if (environment.isInitialized() || initialized()) {
            invoke();
        }
    }

    /**
     * Whether there is a handler to invoke. Either the handler is made first, or the timer is: if both looked at
     * {@code over}, the timer could end the invocation after the handler was found to be in time.
     */
    private boolean initialized() {
        AtomicBoolean decided = new AtomicBoolean();
        Cancellable limit = runtime.schedule(Function.INIT_LIMIT, () -> {
            if (decided.compareAndSet(false, true)) {
                timeUp(Result.INIT_FAILED, "Init did not end within " + seconds(Function.INIT_LIMIT));
            }
        });
        try {
            environment.handler();
            return decided.compareAndSet(false, true);
        } catch (Throwable thrown) {
            failed(Result.INIT_FAILED, "The handler could not be made", thrown, true);
            return false;
        } finally {
            limit.cancel();
        }
    }

    private void invoke() {
        byte[] event = EventWriter.event(batch.stream().map(Received::json).toList());
        FunctionHandler handler = environment.handler();
        FunctionContext context =
                new FunctionContext(options, functionArn, requestId, environment.logStream(), runtime);
        Cancellable limit = runtime.schedule(
                options.functionTimeout(),
                () -> timeUp(Result.TIMED_OUT, "Task timed out after " + seconds(options.functionTimeout())));
        try {
            byte[] response = handler.invoke(event, context);
            Answer answer = Answer.of(response, messageIds(), options.reportsBatchItemFailures());
            if (ends()) {
                // the handler may have left its flag set, and no delete would be sent
                Thread.interrupted();
                finish(answer);
            }
        } catch (Throwable thrown) {
            boolean fatal = thrown instanceof VirtualMachineError || thrown instanceof IOError;
            failed(Result.FUNCTION_FAILED, "The function failed", thrown, fatal);
        } finally {
            limit.cancel();
        }
    }

    /** Like Lambda's runtime, which does not survive every error. */
    private void failed(Result how, String what, Throwable thrown, boolean fatal) {
        if (ends()) {
            reusable = !fatal;
            // what the JSON library says quotes the event
            boolean quotes = thrown instanceof UnreadableEventException;
            LOG.warn("{} {}: {} with {} records", this, how, what, batch.size(), quotes ? null : thrown);
            LOG.debug("{}", this, thrown);
            finish(Answer.failed(
                    how, messageIds(), what + " with " + thrown.getClass().getName() + "."));
        }
    }

    /** On the runtime's timer, which must not be blocked: nothing is deleted here. */
    private void timeUp(Result how, String reason) {
        if (ends()) {
            reusable = false;
            finish(Answer.failed(how, messageIds(), reason));
        }
    }

    private boolean ends() {
        return over.compareAndSet(false, true);
    }

    private void finish(Answer answer) {
        if (answer.givenBack().isEmpty()) {
            LOG.debug("{} {}: {} records deleted", this, answer.result(), batch.size());
        } else {
            LOG.warn(
                    "{} {}: {} of {} records come back when the queue's visibility timeout is over. {}",
                    this,
                    answer.result(),
                    answer.givenBack().size(),
                    batch.size(),
                    answer.reason());
        }
        end.accept(this, answer);
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.2f seconds", duration.toMillis() / 1e3);
    }

    String requestId() {
        return requestId;
    }

    Environment environment() {
        return environment;
    }

    List<Received> batch() {
        return batch;
    }

    List<String> messageIds() {
        return batch.stream().map(Received::messageId).toList();
    }

    /** Whether its environment may serve again. */
    boolean isReusable() {
        return reusable;
    }

    @Override
    public String toString() {
        return "Function '" + options.functionName() + "', request " + requestId + ":";
    }
}
