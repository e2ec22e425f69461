package io.github.eventfork.examples.run;

import io.github.eventfork.local.LocalAws;
import java.util.List;

/** Says how to publish to the topic from elsewhere. */
final class Invitation {

    private Invitation() {}

    static List<String> lines(LocalAws aws, String topicArn) {
        return List.of(
                "",
                "It goes on until Ctrl-C. From another terminal, with the same jar:",
                "",
                "  java -jar eventfork-examples/target/eventfork-examples.jar publish \\",
                "    --endpoint " + aws.endpoint() + " --event signup \\",
                "    --message '{\"name\":\"Ada\",\"email\":\"ada@example.org\"}'",
                "",
                "Or with the AWS CLI and any credentials:",
                "",
                "  export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local",
                "  export AWS_DEFAULT_REGION=" + aws.region(),
                "  aws sns publish --endpoint-url " + aws.endpoint() + " \\",
                "    --topic-arn " + topicArn + " \\",
                "    --message '{\"name\":\"Ada\",\"email\":\"ada@example.org\"}' \\",
                "    --message-attributes '{\"event\":{\"DataType\":\"String\",\"StringValue\":\"signup\"}}'",
                "  aws sqs list-queues --endpoint-url " + aws.endpoint(),
                "");
    }
}
