package io.github.eventfork.topology;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.CreateQueueRequest;
import software.amazon.awssdk.services.sqs.model.CreateQueueResponse;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlResponse;
import software.amazon.awssdk.services.sqs.model.InvalidAttributeNameException;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueNameExistsException;
import software.amazon.awssdk.services.sqs.model.SetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.SetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;

/**
 * The part of SQS that keeps queues and their attributes, with AWS's answers. ElasticMQ can't stand in here: it takes
 * retention and policy without keeping them, and has no RedriveAllowPolicy.
 */
final class FakeSqs implements SqsClient {

    private static final String URL = "https://sqs.us-east-1.amazonaws.com/000000000000/";
    private static final String ARN = "arn:aws:sqs:us-east-1:000000000000:";

    private final Map<String, Map<QueueAttributeName, String>> queues = new LinkedHashMap<>();
    private final List<String> writes = new ArrayList<>();
    private String refused = "";
    private boolean withoutRedriveAllow;

    /** What was created and set, oldest first. */
    List<String> writes() {
        return writes;
    }

    void forgetWrites() {
        writes.clear();
    }

    /** From now on this queue may not be created. */
    void refuseToCreate(String name) {
        refused = name;
    }

    /** From now on RedriveAllowPolicy is an unknown attribute. */
    void knowNoRedriveAllowPolicy() {
        withoutRedriveAllow = true;
    }

    Map<QueueAttributeName, String> attributes(String queue) {
        return queues.get(queue);
    }

    /** Someone else changes a queue. */
    void change(String queue, QueueAttributeName attribute, String value) {
        queues.get(queue).put(attribute, value);
    }

    /** Someone else creates a queue. */
    void put(String queue, Map<QueueAttributeName, String> attributes) {
        Map<QueueAttributeName, String> all = new LinkedHashMap<>(attributes);
        all.put(QueueAttributeName.QUEUE_ARN, ARN + queue);
        queues.put(queue, all);
    }

    @Override
    public CreateQueueResponse createQueue(CreateQueueRequest request) {
        if (request.queueName().equals(refused)) {
            throw SqsException.builder()
                    .statusCode(403)
                    .awsErrorDetails(details("AccessDenied", "Access to the resource is denied."))
                    .build();
        }
        Map<QueueAttributeName, String> standing = queues.get(request.queueName());
        if (standing == null) {
            put(request.queueName(), request.attributes());
            writes.add("CreateQueue " + request.queueName());
        } else if (!standing.entrySet().containsAll(request.attributes().entrySet())) {
            throw QueueNameExistsException.builder()
                    .statusCode(400)
                    .awsErrorDetails(details("QueueAlreadyExists", "A queue already exists with the same name."))
                    .build();
        }
        return CreateQueueResponse.builder().queueUrl(URL + request.queueName()).build();
    }

    @Override
    public GetQueueUrlResponse getQueueUrl(GetQueueUrlRequest request) {
        return GetQueueUrlResponse.builder().queueUrl(URL + request.queueName()).build();
    }

    @Override
    public GetQueueAttributesResponse getQueueAttributes(GetQueueAttributesRequest request) {
        return GetQueueAttributesResponse.builder()
                .attributes(attributes(name(request.queueUrl())))
                .build();
    }

    @Override
    public SetQueueAttributesResponse setQueueAttributes(SetQueueAttributesRequest request) {
        if (withoutRedriveAllow && request.attributes().containsKey(QueueAttributeName.REDRIVE_ALLOW_POLICY)) {
            throw InvalidAttributeNameException.builder()
                    .statusCode(400)
                    .awsErrorDetails(details("InvalidAttributeName", "The attribute RedriveAllowPolicy is invalid."))
                    .build();
        }
        String name = name(request.queueUrl());
        queues.get(name).putAll(request.attributes());
        request.attributes().keySet().stream()
                .sorted()
                .forEach(attribute -> writes.add("Set " + attribute + " of " + name));
        return SetQueueAttributesResponse.builder().build();
    }

    @Override
    public String serviceName() {
        return "sqs";
    }

    @Override
    public void close() {}

    private static String name(String url) {
        return url.substring(URL.length());
    }

    private static AwsErrorDetails details(String code, String message) {
        return AwsErrorDetails.builder().errorCode(code).errorMessage(message).build();
    }
}
