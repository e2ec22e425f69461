package io.github.eventfork.conformance.consumers;

import java.net.URI;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/** Sends all calls to an endpoint that a system property names. Old SDKs do not take it from there by themselves. */
public final class NamedEndpoint implements ExecutionInterceptor {

    /** The file on the class path by which the SDK finds its interceptors. */
    static final String FOUND_BY = "software/amazon/awssdk/global/handlers/execution.interceptors";

    static final String PROPERTY = "consumer.endpoint";

    @Override
    @SuppressWarnings("deprecation") // what replaced them is not in the old SDKs
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        attributes.putAttribute(SdkExecutionAttribute.ENDPOINT_OVERRIDDEN, true);
        attributes.putAttribute(SdkExecutionAttribute.CLIENT_ENDPOINT, URI.create(System.getProperty(PROPERTY)));
    }
}
