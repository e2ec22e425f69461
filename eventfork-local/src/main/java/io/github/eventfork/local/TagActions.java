package io.github.eventfork.local;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** The actions on the tags of topics. Keeps nothing itself. */
final class TagActions {
    private final Account account;
    private final Topics topics;

    TagActions(Account account, Topics topics) {
        this.account = account;
        this.topics = topics;
    }

    void tag(QueryRequest request, XmlWriter result) {
        String arn = arn(request);
        Map<String, String> more = Tags.of(request);
        change(arn, topic -> topic.withTags(Tags.merged(topic.tags(), more)));
    }

    void untag(QueryRequest request, XmlWriter result) {
        String arn = arn(request);
        change(arn, topic -> {
            Map<String, String> left = new TreeMap<>(topic.tags());
            request.list("TagKeys.member").forEach(key -> left.remove(key.text("")));
            return topic.withTags(left);
        });
    }

    private void change(String arn, UnaryOperator<Topic> change) {
        if (!topics.changeIfThere(arn, change)) {
            throw noSuchResource();
        }
    }

    /** In the order of their keys; SNS's own order has no rule that one can see. */
    void list(QueryRequest request, XmlWriter result) {
        Topic topic = topics.find(arn(request)).orElseThrow(TagActions::noSuchResource);
        result.element(
                "Tags",
                members -> new TreeMap<>(topic.tags())
                        .forEach((key, value) -> members.element(
                                "member", member -> member.element("Key", key).element("Value", value))));
    }

    private String arn(QueryRequest request) {
        return account.checkedResourceArn(request.find("ResourceArn"));
    }

    private static SnsError noSuchResource() {
        return new SnsError(404, "ResourceNotFound", "Resource does not exist");
    }
}
