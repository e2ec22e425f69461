package io.github.eventfork.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.eventfork.local.http.HttpDoor;
import io.github.eventfork.local.http.HttpLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;

class HttpFrontTest {
    private static final String NAMESPACE = "http://sns.amazonaws.com/doc/2010-03-31/";

    @SuppressWarnings("NullAway.Init")
    private static LocalAws local;

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final RawSqs NOBODY = (method, target, headers, body) -> {
        throw new IOException("nobody is there");
    };

    @BeforeAll
    static void start() {
        local = LocalAws.start();
    }

    @AfterAll
    static void stop() {
        local.close();
    }

    @Test
    void a_success_has_the_form_of_the_query_protocol() throws Exception {
        HttpResponse<String> response = post("Action=CreateTopic&Version=2010-03-31&Name=form");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/xml");
        String id = response.headers().firstValue("x-amzn-RequestId").orElseThrow();
        assertThat(response.body())
                .isEqualTo("<CreateTopicResponse xmlns=\"" + NAMESPACE + "\"><CreateTopicResult><TopicArn>"
                        + "arn:aws:sns:us-east-1:000000000000:form</TopicArn></CreateTopicResult><ResponseMetadata>"
                        + "<RequestId>" + id + "</RequestId></ResponseMetadata></CreateTopicResponse>");
    }

    @Test
    void an_action_without_a_result_has_no_result_element() throws Exception {
        assertThat(post("Action=DeleteTopic&TopicArn=arn:aws:sns:us-east-1:000000000000:none")
                        .body())
                .startsWith("<DeleteTopicResponse xmlns=\"" + NAMESPACE + "\"><ResponseMetadata>");
    }

    @Test
    void an_error_has_the_form_of_the_query_protocol() throws Exception {
        HttpResponse<String> response = post("Action=Make%3CTea%3E%00");

        assertThat(response.statusCode()).isEqualTo(400);
        String id = response.headers().firstValue("x-amzn-RequestId").orElseThrow();
        assertThat(response.body())
                .isEqualTo("<ErrorResponse xmlns=\"" + NAMESPACE + "\"><Error><Type>Sender</Type><Code>InvalidAction"
                        + "</Code><Message>The action Make&lt;Tea&gt;\uFFFD is not valid for this endpoint.</Message>"
                        + "</Error><RequestId>" + id + "</RequestId></ErrorResponse>");
    }

    @ParameterizedTest
    @CsvSource({
        "PUT,    application/x-www-form-urlencoded, Action=ListTopics,        405, MethodNotAllowed",
        "POST,   application/x-amz-json-1.0,        Action=ListTopics,        415, UnsupportedMediaType",
        "POST,   application/x-www-form-urlencoded, Action=%zz,               400, MalformedQueryString",
        "POST,   application/x-www-form-urlencoded, '',                       400, InvalidAction",
        "POST,   application/x-www-form-urlencoded, '&&=&a',                  400, InvalidAction",
        "POST,   application/x-www-form-urlencoded, Action=CreateTopic&Name=n&Tags.member.x.Key=k, 400, MalformedQueryString",
        "POST,   application/x-www-form-urlencoded; charset=UTF-8, Action=Nothing, 400, InvalidAction",
    })
    void a_request_in_another_form_gets_an_error_in_the_form_of_aws(
            String verb, String type, String body, int status, String code) throws Exception {
        HttpResponse<String> response = HTTP.send(
                HttpRequest.newBuilder(local.endpoint())
                        .header("Content-Type", type)
                        .method(verb, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(code(response)).isEqualTo(code);
    }

    @Test
    void a_request_past_8_mib_is_refused() throws Exception {
        HttpResponse<String> response = post(
                "Action=Publish&Message=" + "x".repeat(HttpLimits.standard().bodyBytes()));

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(code(response)).isEqualTo("RequestEntityTooLarge");
    }

    @Test
    void a_get_with_a_query_is_a_request_too() throws Exception {
        HttpResponse<String> response = HTTP.send(
                HttpRequest.newBuilder(URI.create(local.endpoint() + "/?Action=ListTopics"))
                        .build(),
                BodyHandlers.ofString());

        assertThat(response.body()).startsWith("<ListTopicsResponse");
    }

    @Test
    void a_failure_inside_is_an_internal_error_in_the_form_of_aws() throws Exception {
        // given a front whose way to the queues is closed
        PublishedLog log = new PublishedLog(10, new Changes());
        try (HttpDoor front = door()) {
            ElasticMq none = new ElasticMq(NOBODY);
            QueueSender closed = new QueueSender(none, Account.LOCAL);
            closed.close();
            SnsActions actions = SnsActions.of(Account.LOCAL, LoopbackPort.endpoint(front.port()), closed, log);
            front.start(new Routes(new SnsEndpoint(actions), new SqsEndpoint(none), none)::answer);
            String topic = Account.LOCAL.topicArn("t");
            post(LoopbackPort.endpoint(front.port()), "Action=CreateTopic&Name=t");
            post(
                    LoopbackPort.endpoint(front.port()),
                    "Action=Subscribe&Protocol=sqs&Endpoint=arn:aws:sqs:us-east-1:000000000000:q&TopicArn=" + topic);

            // when
            HttpResponse<String> response =
                    post(LoopbackPort.endpoint(front.port()), "Action=Publish&Message=secret&TopicArn=" + topic);

            // then
            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(code(response)).isEqualTo("InternalError");
            assertThat(response.body()).contains("<Type>Receiver</Type>").doesNotContain("secret");
        }
    }

    private static String code(HttpResponse<String> response) throws Exception {
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(response.body().getBytes(StandardCharsets.UTF_8)));
        return document.getElementsByTagName("Code").item(0).getTextContent();
    }

    private static HttpResponse<String> post(String form) throws Exception {
        return post(local.endpoint(), form);
    }

    private static HttpResponse<String> post(URI endpoint, String form) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(endpoint)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form))
                        .build(),
                BodyHandlers.ofString());
    }

    private static HttpDoor door() throws IOException {
        return HttpDoor.bind("test", LoopbackPort.address(0), Set.of(), HttpLimits.standard());
    }
}
