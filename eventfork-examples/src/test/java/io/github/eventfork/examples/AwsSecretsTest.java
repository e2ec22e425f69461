package io.github.eventfork.examples;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.github.eventfork.testkit.VirtualRuntime;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.apache5.ProxyConfiguration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Against an endpoint that stands in for that of Secrets Manager. */
class AwsSecretsTest {

    @RegisterExtension
    private static final WireMockExtension SERVER = ServiceServer.onLoopback();

    private static final String ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:chat/hook-AbCdEf";

    private final SecretsManagerClient client =
            client(StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "key")));

    @AfterEach
    void close() {
        client.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat/hook", ARN})
    void a_secret_is_read_by_name_or_arn(String nameOrArn) throws IOException {
        // given
        keep(nameOrArn, okJson("{\"SecretString\":\" https://hooks.example/1 \\n\"}"));

        // then
        assertThat(new AwsSecrets(client).read(nameOrArn)).isEqualTo("https://hooks.example/1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"SecretString\":\"{\\\"hook\\\":\\\"hidden\\\"}\"}", "{\"SecretBinary\":\"aGlkZGVu\"}"})
    void what_is_no_plain_text_is_named_and_not_shown(String answer) {
        // given
        keep("chat/hook", okJson(answer));

        // then
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> new AwsSecrets(client).read("chat/hook"))
                .withMessage("is no plain text: store the token itself")
                .withNoCause();
    }

    @ParameterizedTest
    @ValueSource(strings = {"AccessDeniedException", "ResourceNotFoundException"})
    void a_refusal_is_named(String code) {
        // given
        keep(
                "chat/hook",
                aResponse()
                        .withStatus(400)
                        .withHeader("Content-Type", "application/x-amz-json-1.1")
                        .withBody(
                                "{\"__type\":\"" + code + "\",\"Message\":\"user arn:aws:iam::123456789012:user/x\"}"));

        // then
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> new AwsSecrets(client).read("chat/hook"))
                .withMessage("can't be read: " + code)
                .withNoCause();
    }

    @Test
    void missing_credentials_are_one_short_line() {
        // given
        AwsCredentialsProvider none = AwsCredentialsProviderChain.of(SystemPropertyCredentialsProvider.create());
        try (SecretsManagerClient nobody = client(none)) {
            // then
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> new AwsSecrets(nobody).read("chat/hook"))
                    .withMessage("can't be read: Unable to load credentials")
                    .withNoCause();
        }
    }

    @Test
    void it_is_read_once_and_anew_when_the_service_refuses_it() throws Exception {
        // given a service that refuses what was kept first, and a new secret since
        keep("chat/hook", okJson("{\"SecretString\":\"old\"}"));
        SERVER.stubFor(post("/service")
                .withHeader("Token", equalTo("old"))
                .willReturn(aResponse().withStatus(200)));
        VirtualRuntime time = VirtualRuntime.seeded(1);
        Token token = new SecretToken(new AwsSecrets(client), "TOKEN_SECRET", "chat/hook", time);
        HttpService service = new HttpService("the service", token);
        service.call(AwsSecretsTest::request);
        service.call(AwsSecretsTest::request);
        assertThat(reads()).isEqualTo(1);
        time.advance(SecretToken.AT_LEAST_KEPT);
        keep("chat/hook", okJson("{\"SecretString\":\"new\"}"));
        SERVER.stubFor(post("/service")
                .withHeader("Token", equalTo("old"))
                .willReturn(aResponse().withStatus(403)));
        SERVER.stubFor(post("/service")
                .withHeader("Token", equalTo("new"))
                .willReturn(aResponse().withStatus(200)));

        // when
        service.call(AwsSecretsTest::request);
        service.call(AwsSecretsTest::request);

        // then
        assertThat(reads()).isEqualTo(2);
    }

    private static HttpRequest.Builder request(String token) {
        return HttpRequest.newBuilder(ServiceServer.url(SERVER).resolve("/service"))
                .header("Token", token)
                .POST(HttpRequest.BodyPublishers.noBody());
    }

    private static long reads() {
        return SERVER.getAllServeEvents().stream()
                .filter(event -> event.getRequest().getUrl().equals("/"))
                .count();
    }

    private static void keep(String nameOrArn, ResponseDefinitionBuilder answer) {
        SERVER.stubFor(post("/")
                .withHeader("X-Amz-Target", equalTo("secretsmanager.GetSecretValue"))
                .withRequestBody(equalToJson("{\"SecretId\":\"" + nameOrArn + "\"}"))
                .willReturn(answer));
    }

    private static SecretsManagerClient client(AwsCredentialsProvider credentials) {
        return SecretsManagerClient.builder()
                .endpointOverride(ServiceServer.url(SERVER))
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(credentials)
                .httpClientBuilder(Apache5HttpClient.builder()
                        .proxyConfiguration(ProxyConfiguration.builder()
                                .useSystemPropertyValues(false)
                                .useEnvironmentVariableValues(false)
                                .build()))
                .overrideConfiguration(override -> override.apiCallTimeout(Duration.ofSeconds(10)))
                .build();
    }
}
