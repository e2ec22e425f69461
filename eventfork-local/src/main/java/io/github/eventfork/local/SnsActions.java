package io.github.eventfork.local;

import static java.util.Map.entry;

import java.net.URI;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Map;

/** The table of actions: what a request asks for by name. Built once; holds no state but theirs. */
final class SnsActions implements SnsService {
    /** Writes what is inside the result element; nothing, if there is none. */
    private interface Action {
        void answer(QueryRequest request, XmlWriter result);
    }

    private final Map<String, Action> byName;

    private SnsActions(Map<String, Action> byName) {
        this.byName = byName;
    }

    static SnsActions of(Account account, URI snsEndpoint, CopySender sender, FanOutListener listener) {
        return of(account, snsEndpoint, sender, listener, Clock.systemUTC());
    }

    static SnsActions of(
            Account account, URI snsEndpoint, CopySender sender, FanOutListener listener, InstantSource clock) {
        Topics topics = new Topics();
        Subscriptions subscriptions = new Subscriptions(topics);
        FanOut fanOut = new FanOut(subscriptions, new EnvelopeWriter(account, snsEndpoint), sender, listener);
        FifoPublications fifo = new FifoPublications(topics, new DeduplicationWindow(clock));
        TopicActions onTopics = new TopicActions(account, topics, subscriptions, fifo);
        TagActions onTags = new TagActions(account, topics);
        SubscriptionActions onSubscriptions = new SubscriptionActions(account, topics, subscriptions);
        PublishActions publishing = new PublishActions(account, topics, new MessageReader(clock), fanOut, fifo);
        return new SnsActions(Map.ofEntries(
                entry("CreateTopic", onTopics::create),
                entry("DeleteTopic", onTopics::delete),
                entry("ListTopics", onTopics::list),
                entry("GetTopicAttributes", onTopics::getAttributes),
                entry("SetTopicAttributes", onTopics::setAttributes),
                entry("TagResource", onTags::tag),
                entry("UntagResource", onTags::untag),
                entry("ListTagsForResource", onTags::list),
                entry("Subscribe", onSubscriptions::subscribe),
                entry("ConfirmSubscription", onSubscriptions::confirm),
                entry("Unsubscribe", onSubscriptions::unsubscribe),
                entry("ListSubscriptions", onSubscriptions::list),
                entry("ListSubscriptionsByTopic", onSubscriptions::listByTopic),
                entry("GetSubscriptionAttributes", onSubscriptions::getAttributes),
                entry("SetSubscriptionAttributes", onSubscriptions::setAttributes),
                entry("Publish", publishing::publish),
                entry("PublishBatch", publishing::publishBatch)));
    }

    @Override
    public XmlWriter answer(QueryRequest request) {
        Action action = byName.get(request.action());
        if (action == null) {
            throw SnsError.badRequest(
                    "InvalidAction", "The action " + request.action() + " is not valid for this endpoint.");
        }
        XmlWriter result = new XmlWriter();
        action.answer(request, result);
        return result;
    }
}
