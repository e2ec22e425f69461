package io.github.eventfork.examples.cli;

import io.github.eventfork.text.LogText;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ConnectException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Says in one line what went wrong, and with which exit code the command ends: 1 if it failed, 2 if it was misused. */
final class Complaints {

    private static final String NAME = Tool.NAME + ": ";

    /** As AWS calls it that it does not know who asks. */
    private static final Set<String> UNKNOWN_CALLER = Set.of(
            "InvalidClientTokenId",
            "UnrecognizedClientException",
            "ExpiredToken",
            "ExpiredTokenException",
            "InvalidToken",
            "InvalidAccessKeyId",
            "SignatureDoesNotMatch",
            "InvalidSignatureException",
            "IncompleteSignature",
            "MissingAuthenticationToken");

    private Complaints() {}

    static int misused(ParameterException misuse, String[] args) {
        CommandLine command = misuse.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(NAME + what(misuse));
        err.print("Usage: " + command.getHelp().synopsis(0));
        err.println("Try --help.");
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }

    private static String what(ParameterException misuse) {
        if (misuse instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().get(0).startsWith("-")
                && misuse.getCommandLine().getParent() == null) {
            return "there is no command '" + LogText.of(unmatched.getUnmatched().get(0)) + "': "
                    + String.join(", ", misuse.getCommandLine().getSubcommands().keySet());
        }
        return firstLine(Objects.requireNonNullElse(misuse.getMessage(), "wrong use"));
    }

    /** One line, and with {@code --verbose} the stack trace too. */
    static int failed(Exception failure, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        err.println(NAME + line(failure));
        OptionSpec verbose = command.getCommandSpec().findOption(Verbosity.NAME);
        if (verbose != null && Boolean.TRUE.equals(verbose.<Boolean>getValue())) {
            StringWriter trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace));
            trace.toString().lines().map(Complaints::fit).forEach(err::println);
        }
        err.flush();
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** What went wrong, in a line. */
    static String line(Throwable failure) {
        if ((failure instanceof CompletionException || failure instanceof ExecutionException)
                && failure.getCause() != null) {
            return line(failure.getCause());
        }
        if (failure instanceof AwsServiceException refused) {
            return refused(refused);
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException) {
                return "nobody answers: " + firstLine(String.valueOf(cause.getMessage()));
            }
        }
        return firstLine(Optional.ofNullable(failure.getMessage()).orElse(failure.toString()));
    }

    private static String refused(AwsServiceException refused) {
        AwsErrorDetails details = refused.awsErrorDetails();
        if (details == null) {
            return firstLine(String.valueOf(refused.getMessage()));
        }
        String said = LogText.of(String.valueOf(details.errorCode())) + ": "
                + firstLine(String.valueOf(details.errorMessage()));
        return UNKNOWN_CALLER.contains(details.errorCode())
                ? "AWS refuses the credentials: " + said
                : details.serviceName() + " refuses: " + said;
    }

    /** The tabs of a stack trace are its own. */
    private static String fit(String line) {
        return LogText.escaped(line.replace("\t", "    "));
    }

    private static String firstLine(String text) {
        return LogText.escaped(text.lines().findFirst().orElse(text));
    }
}
