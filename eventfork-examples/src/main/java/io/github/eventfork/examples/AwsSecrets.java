package io.github.eventfork.examples;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClientBuilder;

/**
 * Reads secrets from AWS Secrets Manager. A token is kept there as plain text, not as one of the key/value pairs that the
 * console makes. No exception has a cause: what the SDK says is quoted in part, and never the secret's name. Thread-safe.
 */
final class AwsSecrets implements Secrets {

    /** With the two calls to the service around it, it fits into a lease of 30 s. */
    static final Duration ANSWERS_WITHIN = Duration.ofSeconds(5);

    /** Where the SDK begins to list what it tried. */
    private static final Pattern DETAILS = Pattern.compile("( from any of the providers|[.:(\\[]).*$", Pattern.DOTALL);

    private final SecretsManagerClient client;

    /** The client stays the caller's to close. */
    AwsSecrets(SecretsManagerClient client) {
        this.client = client;
    }

    /**
     * Secrets of a region, or of the one that the SDK finds, in the account that it finds.
     *
     * @throws IllegalStateException if it finds no region
     */
    static AwsSecrets in(Optional<String> region) {
        SecretsManagerClientBuilder client = SecretsManagerClient.builder()
                .overrideConfiguration(override -> override.apiCallTimeout(ANSWERS_WITHIN));
        region.map(Region::of).ifPresent(client::region);
        try {
            return new AwsSecrets(client.build());
        } catch (SdkException e) {
            throw new IllegalStateException("AWS Secrets Manager can't be asked: " + why(e));
        }
    }

    @Override
    public String read(String nameOrArn) throws IOException {
        String text;
        try {
            text = client.getSecretValue(request -> request.secretId(nameOrArn)).secretString();
        } catch (SdkException e) {
            throw new IOException("can't be read: " + why(e));
        }
        if (text == null || text.isBlank() || text.stripLeading().startsWith("{")) {
            throw new IOException("is no plain text: store the token itself");
        }
        return text.strip();
    }

    private static String why(SdkException failure) {
        if (failure instanceof AwsServiceException service && service.awsErrorDetails() != null) {
            return service.awsErrorDetails().errorCode();
        }
        return DETAILS.matcher(String.valueOf(failure.getMessage())).replaceFirst("");
    }
}
