package io.github.eventfork.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sns.model.SnsException;

class ComplaintsTest {

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new CommandException("no Region is known"), "no Region is known"),
                Arguments.of(new IllegalStateException("first\nsecond"), "first"),
                Arguments.of(new IllegalStateException(), "java.lang.IllegalStateException"),
                Arguments.of(new IllegalStateException("a\u001b[2Jb\u009bc\u202ed"), "a\\u001b[2Jb\\u009bc\\u202ed"),
                Arguments.of(refusal("Code\u001b[31m", "said\u0007"), "Sns refuses: Code\\u001b[31m: said\\u0007"),
                Arguments.of(
                        refusal("ExpiredToken", "The security token included in the request is expired"),
                        "AWS refuses the credentials: ExpiredToken: The security token included in the request is expired"),
                Arguments.of(
                        new CompletionException(refusal("InvalidClientTokenId", "It is invalid.")),
                        "AWS refuses the credentials: InvalidClientTokenId: It is invalid."),
                Arguments.of(
                        refusal("AuthorizationError", "User: ada is not authorized to perform: SNS:Publish"),
                        "Sns refuses: AuthorizationError: User: ada is not authorized to perform: SNS:Publish"),
                Arguments.of(
                        SdkClientException.create(
                                "Unable", new IOException(new ConnectException("Connection refused"))),
                        "nobody answers: Connection refused"),
                Arguments.of(
                        new UncheckedIOException("port 4100 is in use", new IOException("x")), "port 4100 is in use"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void what_went_wrong_is_one_line(Exception failure, String line) {
        assertThat(Complaints.line(failure)).isEqualTo(line);
    }

    private static AwsServiceException refusal(String code, String text) {
        return SnsException.builder()
                .awsErrorDetails(AwsErrorDetails.builder()
                        .serviceName("Sns")
                        .errorCode(code)
                        .errorMessage(text)
                        .build())
                .build();
    }
}
