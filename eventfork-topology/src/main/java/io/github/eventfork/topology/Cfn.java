package io.github.eventfork.topology;

import java.util.List;
import java.util.Map;

/** The words of CloudFormation that templates are made of; intrinsic functions in their long form. */
final class Cfn {

    private Cfn() {}

    static Map<String, Object> resource(String type, Map<String, Object> properties) {
        return Json.object("Type", type, "Properties", properties);
    }

    static Map<String, Object> ref(String id) {
        return Json.object("Ref", id);
    }

    static Map<String, Object> arn(String id) {
        return Json.object("Fn::GetAtt", List.of(id, "Arn"));
    }

    static Map<String, Object> sub(String text) {
        return Json.object("Fn::Sub", text);
    }

    /**
     * The ARN of a queue by its name. For the one place where the queue can't be referred to, because it refers to what
     * stands there itself.
     */
    static Map<String, Object> queueArn(String name) {
        return sub("arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:" + name);
    }
}
