package io.github.eventfork.topology;

import java.util.List;
import java.util.Map;

/** The words of CloudFormation that templates are made of; intrinsic functions in their long form. */
final class Cfn {

    private Cfn() {}

    static Map<String, Object> resource(String type, Map<String, Object> properties) {
        return Json.object("Type", type, "Properties", properties);
    }

    /**
     * A queue. If it must be <a href="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatereplacepolicy.html">
     * replaced</a>, because its name changes or it becomes FIFO, the old one stays with all that is in it.
     */
    static Map<String, Object> queue(Map<String, Object> properties) {
        return Json.object("Type", "AWS::SQS::Queue", "UpdateReplacePolicy", "Retain", "Properties", properties);
    }

    /** A resource that is made after those others, although it does not refer to them. */
    static Map<String, Object> resource(String type, List<String> after, Map<String, Object> properties) {
        return Json.object(
                "Type", type, "DependsOn", after.size() == 1 ? after.get(0) : after, "Properties", properties);
    }

    static Map<String, Object> ref(String id) {
        return Json.object("Ref", id);
    }

    static Map<String, Object> arn(String id) {
        return Json.object("Fn::GetAtt", List.of(id, "Arn"));
    }

    static Map<String, Object> equal(Object one, Object other) {
        return Json.object("Fn::Equals", List.of(one, other));
    }

    static Map<String, Object> not(Map<String, Object> condition) {
        return Json.object("Fn::Not", List.of(condition));
    }

    /** The first value if the condition of that name holds, else the second. */
    static Map<String, Object> either(String condition, Object one, Object other) {
        return Json.object("Fn::If", List.of(condition, one, other));
    }

    static Map<String, Object> sub(String text) {
        return Json.object("Fn::Sub", text);
    }

    /**
     * The ARN of a queue by its name. For the one place where the queue can't be referred to, because it refers to what
     * stands there itself.
     */
    static Map<String, Object> queueArn(String name) {
        return arn("sqs", name);
    }

    /** The ARN of a rule on a bus of one's own, by their names. For what must stand before the rule does. */
    static Map<String, Object> ruleArn(String bus, String rule) {
        return arn("events", "rule/" + bus + "/" + rule);
    }

    private static Map<String, Object> arn(String service, String resource) {
        return sub("arn:${AWS::Partition}:" + service + ":${AWS::Region}:${AWS::AccountId}:" + resource);
    }
}
