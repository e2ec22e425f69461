package io.github.eventfork.topology;

import static java.time.temporal.ChronoUnit.SECONDS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How a fork runs in Lambda: the function in a template, and the event source mapping that feeds it.
 *
 * <p>All but handler and code has a default; each {@code with...} answers with a changed copy. Immutable and thread-safe.
 * Nothing here is null. Values that Lambda would refuse are refused where they are given, with an
 * {@link IllegalArgumentException}.
 */
public final class FunctionSettings {

    private static final Pattern HANDLER = Pattern.compile("\\S{1,128}");
    private static final Pattern VARIABLE = Pattern.compile("[a-zA-Z][a-zA-Z0-9_]+");
    /**
     * Those of the <a href="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html">names that Lambda
     * keeps to itself</a> which begin with a letter.
     */
    private static final Set<String> RESERVED = Set.of(
            "AWS_ACCESS_KEY",
            "AWS_ACCESS_KEY_ID",
            "AWS_DEFAULT_REGION",
            "AWS_EXECUTION_ENV",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
            "AWS_LAMBDA_FUNCTION_NAME",
            "AWS_LAMBDA_FUNCTION_VERSION",
            "AWS_LAMBDA_INITIALIZATION_TYPE",
            "AWS_LAMBDA_LOG_GROUP_NAME",
            "AWS_LAMBDA_LOG_STREAM_NAME",
            "AWS_LAMBDA_RUNTIME_API",
            "AWS_REGION",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "LAMBDA_RUNTIME_DIR",
            "LAMBDA_TASK_ROOT");

    private static final int MOST_POLICIES = 9;
    private static final Pattern POLICY = Pattern.compile("arn:[^:]+:iam::(aws|\\d{12}):policy/\\S+");

    private final String handler;
    private final String code;
    private final JavaRuntime runtime;
    private final int memory;
    private final Duration timeout;
    private final BatchSettings batches;
    private final boolean settler;
    private final Map<String, Variable> environment;
    private final List<String> policies;

    private FunctionSettings(
            String handler,
            String code,
            JavaRuntime runtime,
            int memory,
            Duration timeout,
            BatchSettings batches,
            boolean settler,
            Map<String, Variable> environment,
            List<String> policies) {
        this.handler = handler;
        this.code = code;
        this.runtime = runtime;
        this.memory = memory;
        this.timeout = timeout;
        this.batches = batches;
        this.settler = settler;
        this.environment = environment;
        this.policies = policies;
    }

    /**
     * A function with every default.
     *
     * @param handler the class that Lambda calls, such as {@code com.example.MailingListFunction}
     * @param code where its code is: a jar or folder as seen from the template, which {@code sam package} uploads, or an
     *     {@code s3://} address. It is no parameter of the template, because {@code sam package} leaves those alone
     */
    public static FunctionSettings of(String handler, String code) {
        check(HANDLER.matcher(handler).matches(), "a handler is 1 to 128 letters without a space", handler);
        check(!code.isBlank(), "code must be a place", code);
        return new FunctionSettings(
                handler,
                code,
                JavaRuntime.JAVA_21,
                512,
                Duration.ofSeconds(30),
                BatchSettings.STANDARD,
                false,
                Map.of(),
                List.of());
    }

    /** The class that Lambda calls. */
    public String handler() {
        return handler;
    }

    /** Where its code is. */
    public String code() {
        return code;
    }

    /** What it runs on. Default: Java 21. */
    public JavaRuntime runtime() {
        return runtime;
    }

    /** Its memory in MB, by which Lambda also measures its share of CPU. Default: 512. */
    public int memory() {
        return memory;
    }

    /** How long one invocation may take. Default: 30 s. */
    public Duration timeout() {
        return timeout;
    }

    BatchSettings batches() {
        return batches;
    }

    /** How many messages one invocation gets at most. Default: 10. */
    public int batchSize() {
        return batches.size();
    }

    /** How long Lambda waits for a batch to fill. Default: not at all. */
    public Duration batchingWindow() {
        return batches.window();
    }

    /** How many invocations run at once at most, if that is limited. Default: it is not. */
    public OptionalInt maximumConcurrency() {
        return batches.concurrency();
    }

    /** Whether the function has the rights that a settler needs. Default: false. */
    public boolean settler() {
        return settler;
    }

    /** The environment variables whose values are known now, in the order in which they were given. Default: none. */
    public Map<String, String> environment() {
        Map<String, String> texts = new LinkedHashMap<>();
        environment.forEach((name, variable) -> {
            if (variable instanceof Variable.Text text) {
                texts.put(name, text.value());
            }
        });
        return Collections.unmodifiableMap(texts);
    }

    /** All environment variables, in the order in which they were given. */
    Map<String, Variable> variables() {
        return environment;
    }

    /** The variables that parameters of the template give. */
    List<Variable.Given> given() {
        return environment.values().stream()
                .filter(Variable.Given.class::isInstance)
                .map(Variable.Given.class::cast)
                .toList();
    }

    /** The ARNs of managed policies that its role has besides. Default: none. */
    public List<String> policies() {
        return policies;
    }

    /** The same on another runtime. */
    public FunctionSettings withRuntime(JavaRuntime other) {
        return new FunctionSettings(handler, code, other, memory, timeout, batches, settler, environment, policies);
    }

    /** The same with other memory: 128 to 10,240 MB. */
    public FunctionSettings withMemory(int megabytes) {
        check(megabytes >= 128 && megabytes <= 10_240, "memory must be 128 to 10240 MB", megabytes);
        return new FunctionSettings(
                handler, code, runtime, megabytes, timeout, batches, settler, environment, policies);
    }

    /**
     * The same with another time-out: whole seconds, 1 s to 15 min. A template gives the queue a visibility timeout of at
     * least six times that, which is why it is no parameter of the template.
     */
    public FunctionSettings withTimeout(Duration other) {
        checkTime("timeout", other, Duration.ofSeconds(1), Duration.ofMinutes(15));
        return new FunctionSettings(handler, code, runtime, memory, other, batches, settler, environment, policies);
    }

    /**
     * The same with another batch size: 1 to 10,000; more than 10 needs a batching window, and is not possible on FIFO
     * queues, both of which are checked when the template is rendered.
     */
    public FunctionSettings withBatchSize(int messages) {
        check(messages >= 1 && messages <= 10_000, "batch size must be 1 to 10000", messages);
        return with(new BatchSettings(messages, batches.window(), batches.concurrency()));
    }

    /**
     * The same with a batching window: whole seconds, 0 to 5 min. On FIFO queues it is not possible, which is checked when
     * the template is rendered.
     */
    public FunctionSettings withBatchingWindow(Duration other) {
        checkTime("batching window", other, Duration.ZERO, Duration.ofMinutes(5));
        return with(new BatchSettings(batches.size(), other, batches.concurrency()));
    }

    /**
     * The same with a limit of invocations that run at once: 2 to 1000. See
     * <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html">maximum concurrency</a>.
     */
    public FunctionSettings withMaximumConcurrency(int invocations) {
        check(invocations >= 2 && invocations <= 1000, "maximum concurrency must be 2 to 1000", invocations);
        return with(new BatchSettings(batches.size(), batches.window(), OptionalInt.of(invocations)));
    }

    /**
     * The same with the rights that eventfork-poller's {@code SqsSettler} needs: to delete messages, to change how long
     * they stay invisible, and to send to the dead-letter queue. Whether it has a settler is up to the handler's class.
     */
    public FunctionSettings withSettler() {
        return new FunctionSettings(handler, code, runtime, memory, timeout, batches, true, environment, policies);
    }

    /**
     * The same with one more environment variable. Everyone who may read the stack can read its value: keep tokens in
     * Secrets Manager, and see {@link #withSecret}.
     */
    public FunctionSettings withEnvironment(String name, String value) {
        return with(name, new Variable.Text(value));
    }

    /** The same with one more environment variable, whose value is given when the template is deployed. No secrets here. */
    public FunctionSettings withEnvironment(String name, TemplateParameter parameter) {
        return with(name, new Variable.Given(parameter, false));
    }

    /**
     * The same with one more environment variable, which names a secret in Secrets Manager: its ARN, in full, is given when
     * the template is deployed. The function's role may read that secret and no other. If the secret is encrypted with a key
     * of your own, the role needs {@code kms:Decrypt} on it besides: see {@link #withPolicy}.
     */
    public FunctionSettings withSecret(String name, TemplateParameter arn) {
        return with(name, new Variable.Given(arn, true));
    }

    private FunctionSettings with(String name, Variable variable) {
        check(VARIABLE.matcher(name).matches(), "a variable is a letter, then letters, digits and '_'", name);
        check(!RESERVED.contains(name), "a variable must not be one that Lambda sets itself", name);
        Map<String, Variable> more = new LinkedHashMap<>(environment);
        more.put(name, variable);
        return new FunctionSettings(
                handler, code, runtime, memory, timeout, batches, settler, Collections.unmodifiableMap(more), policies);
    }

    /**
     * The same, and its role has this managed policy too: for what the handler calls besides its queue. Nine at most, because
     * <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html">IAM</a> gives a role ten unless it
     * is asked for more, and one is there already.
     */
    public FunctionSettings withPolicy(String managedPolicyArn) {
        check(POLICY.matcher(managedPolicyArn).matches(), "a managed policy is given by its ARN", managedPolicyArn);
        List<String> more = new ArrayList<>(policies);
        more.add(managedPolicyArn);
        check(more.size() <= MOST_POLICIES, "a role takes 9 managed policies more; join some in one", more.size());
        return new FunctionSettings(
                handler, code, runtime, memory, timeout, batches, settler, environment, List.copyOf(more));
    }

    private FunctionSettings with(BatchSettings other) {
        return new FunctionSettings(handler, code, runtime, memory, timeout, other, settler, environment, policies);
    }

    private static void checkTime(String what, Duration given, Duration least, Duration most) {
        check(
                given.compareTo(least) >= 0
                        && given.compareTo(most) <= 0
                        && given.truncatedTo(SECONDS).equals(given),
                what + " must be whole seconds from " + least + " to " + most,
                given);
    }

    private static void check(boolean holds, String rule, Object given) {
        if (!holds) {
            throw new IllegalArgumentException(rule + ", was '" + given + "'");
        }
    }

    @Override
    public String toString() {
        return "FunctionSettings[" + handler + " in " + code + "]";
    }
}
