package io.github.eventfork.examples;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.github.eventfork.ForkRuntime;
import io.github.eventfork.RejectedEventException;
import io.github.eventfork.RetryLaterException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a fork is told for each answer of a service. */
class AnswersTest {

    @RegisterExtension
    private static final WireMockExtension SERVER = ServiceServer.onLoopback();

    private final HttpService service = ServiceServer.calling("the-token");
    private final HttpService impatient = ServiceServer.impatient(Token.of("the-token"));

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204})
    void a_2xx_is_done(int status) {
        // given
        answer(aResponse().withStatus(status));

        // then
        assertThatCode(this::call).doesNotThrowAnyException();
        assertThat(SERVER.getAllServeEvents()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void whoever_says_in_how_many_seconds_to_come_back_is_believed(int status) {
        // given
        answer(aResponse().withStatus(status).withHeader("Retry-After", "7").withBody("slow down"));

        // then
        assertThatExceptionOfType(RetryLaterException.class)
                .isThrownBy(this::call)
                .withMessage("the service answered " + status + ": slow down")
                .satisfies(later -> assertThat(later.delay()).isEqualTo(Duration.ofSeconds(7)));
    }

    @Test
    void whoever_says_when_to_come_back_is_believed() {
        // given a date in two minutes
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ForkRuntime.system().now().plusSeconds(120).atZone(ZoneOffset.UTC));
        answer(aResponse().withStatus(429).withHeader("Retry-After", date));

        // then
        assertThatExceptionOfType(RetryLaterException.class)
                .isThrownBy(this::call)
                .satisfies(
                        later -> assertThat(later.delay()).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(120)));
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void without_a_time_to_come_back_it_is_a_failure(int status) {
        // given
        answer(aResponse().withStatus(status).withHeader("Retry-After", "soon"));

        // then
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(this::call)
                .withMessage("the service answered " + status);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 504})
    void an_error_of_the_servers_is_a_failure_whatever_it_says_of_time(int status) {
        // given
        answer(aResponse().withStatus(status).withHeader("Retry-After", "7"));

        // then
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(this::call)
                .withMessage("the service answered " + status);
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 408, 425})
    void an_answer_that_may_be_another_one_later_is_a_failure(int status) {
        // given
        answer(aResponse().withStatus(status).withHeader("Location", "/elsewhere"));

        // then
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(this::call)
                .withMessage("the service answered " + status);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 405, 410, 413, 422})
    void any_other_error_of_ours_rejects_the_event(int status) {
        // given
        answer(aResponse().withStatus(status).withBody("invalid_payload"));

        // then
        assertThatExceptionOfType(RejectedEventException.class)
                .isThrownBy(this::call)
                .withMessage("the service answered " + status + ": invalid_payload");
    }

    @Test
    void what_the_service_quotes_of_a_person_or_a_token_is_masked() {
        // given
        answer(aResponse()
                .withStatus(400)
                .withHeader("Content-Type", "application/problem+json; charset=utf-8")
                .withBody(
                        "{\"title\":\"Invalid Resource\",\"status\":400,\"detail\":\"ADA@example.org looks fake, Ms Lovelace;"
                                + " key the-token\",\"instance\":\"5bfcf2d8e394674550332640d72db509\"}"));

        // then
        assertThatExceptionOfType(RejectedEventException.class)
                .isThrownBy(() -> call(service, "Ada Lovelace", "ada@example.org"))
                .withMessage("the service answered 400: Invalid Resource: *** looks fake, Ms ***; key ***");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void a_refused_token_is_a_failure_after_one_call(int status) {
        // given
        answer(aResponse().withStatus(status).withBody("no such key"));

        // then
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(this::call)
                .withMessage("the service refused the token: " + status + ": no such key");
        assertThat(SERVER.getAllServeEvents()).hasSize(1);
    }

    @Test
    void of_an_answer_without_an_end_64_kib_are_received_and_the_connection_is_closed() throws Exception {
        // given a server that goes on for as long as it is listened to
        try (ServerSocket endless = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            CompletableFuture<Long> sent = CompletableFuture.supplyAsync(() -> answerForEver(endless));
            URI there = URI.create("http://127.0.0.1:" + endless.getLocalPort());

            // then the status counts
            assertThatExceptionOfType(RejectedEventException.class)
                    .isThrownBy(() -> service.call(token -> HttpRequest.newBuilder(there)))
                    .withMessageStartingWith("the service answered 400");
            assertThat(sent.get(20, TimeUnit.SECONDS)).isLessThan(64L * 1024 * 1024);
        }
    }

    @Test
    void a_redirect_is_not_followed_so_no_token_goes_elsewhere() {
        // given
        answer(aResponse().withStatus(307).withHeader("Location", ServiceServer.url(SERVER) + "/elsewhere"));

        // then
        assertThatExceptionOfType(IOException.class).isThrownBy(this::call);
        assertThat(SERVER.getAllServeEvents()).hasSize(1);
    }

    /** How many bytes it could send. */
    private static long answerForEver(ServerSocket server) {
        long sent = 0;
        try (Socket socket = server.accept()) {
            OutputStream out = socket.getOutputStream();
            out.write("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            byte[] more = "never ".repeat(2_000).getBytes(StandardCharsets.UTF_8);
            while (sent < 1L << 30) {
                out.write(more);
                sent += more.length;
            }
        } catch (IOException closed) {
            // by whoever had enough
        }
        return sent;
    }

    @Test
    void an_answer_that_does_not_come_in_time_is_a_failure() {
        // given
        answer(aResponse().withStatus(200).withFixedDelay(20_000));

        // then
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> call(impatient))
                .withMessage("the service did not answer within 400 ms")
                .withNoCause();
    }

    @Test
    void an_answer_that_begins_in_time_and_does_not_end_in_time_is_a_failure() {
        // given
        answer(aResponse().withStatus(200).withBody("x".repeat(100)).withChunkedDribbleDelay(100, 20_000));

        // then
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> call(impatient))
                .withMessage("the service did not answer within 400 ms");
    }

    @ParameterizedTest
    @EnumSource
    void an_answer_that_is_cut_off_or_garbage_is_a_failure(Fault fault) {
        // given
        answer(aResponse().withFault(fault));

        // then
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(this::call)
                .withMessageMatching("the service did not answer: \\w+")
                .withNoCause();
    }

    @Test
    void what_the_http_client_quotes_of_an_answer_is_in_no_stack_trace() throws Exception {
        // given a server that answers with what is no HTTP, and quotes the token
        try (ServerSocket garbage = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            new Thread(() -> answerGarbage(garbage, "no such key: the-token\r\n\r\n")).start();
            URI there = URI.create("http://127.0.0.1:" + garbage.getLocalPort());

            // when
            Throwable failure = catchThrowable(() -> service.call(token -> HttpRequest.newBuilder(there)));

            // then
            assertThat(failure).isInstanceOf(IOException.class).hasMessageStartingWith("the service did not answer: ");
            assertThat(printed(failure)).doesNotContain("the-token", "no such key", "Caused by");
        }
    }

    @Test
    void a_service_that_is_not_there_is_a_failure() {
        // given a port that is nobody's
        URI nobody = URI.create("http://127.0.0.1:1");

        // then
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> service.call(token -> HttpRequest.newBuilder(nobody)))
                .withMessage("the service did not answer: ConnectException");
    }

    @Test
    void who_waits_for_an_answer_can_be_interrupted() throws Exception {
        // given a call under way
        answer(aResponse().withStatus(200).withFixedDelay(20_000));
        CountDownLatch calling = new CountDownLatch(1);
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Thread handler = new Thread(() -> {
            calling.countDown();
            end.complete(catchThrowable(this::call));
        });
        handler.start();
        calling.await();

        // when
        handler.interrupt();

        // then
        assertThat(end.get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void two_calls_and_two_waits_for_a_secret_fit_into_the_lease_and_the_function() {
        // the margin is what ForkFunction keeps back to settle and to answer
        Duration margin = Duration.ofSeconds(1);
        Duration longest = HttpService.ANSWERS_WITHIN
                .multipliedBy(2)
                .plus(SecretToken.PATIENCE.multipliedBy(2))
                .plus(margin);

        assertThat(UserEvents.outline().queues())
                .allSatisfy(queue -> assertThat(queue.visibilityTimeout()).isGreaterThan(longest));
        assertThat(Template.TIMEOUT).isGreaterThan(longest);
    }

    private static void answerGarbage(ServerSocket server, String answer) {
        try (Socket connection = server.accept()) {
            connection.getInputStream().read();
            connection.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String printed(Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }

    private static void answer(ResponseDefinitionBuilder answer) {
        SERVER.stubFor(any(anyUrl()).willReturn(answer));
    }

    private void call() throws IOException, InterruptedException {
        call(service);
    }

    private static void call(HttpService service, String... personal) throws IOException, InterruptedException {
        service.call(
                token -> HttpRequest.newBuilder(ServiceServer.url(SERVER)).POST(BodyPublishers.ofString("{}")),
                personal);
    }
}
