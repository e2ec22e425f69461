"""Walks through SNS and SQS with boto3, as a Python service would, and prints what it found: one JSON object a line.

Takes the endpoint from AWS_ENDPOINT_URL, which botocore reads itself.
"""
import json

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

QUICK = Config(retries={"total_max_attempts": 1})
sns = boto3.client("sns", config=QUICK)
sqs = boto3.client("sqs", config=QUICK)


def tell(step, **found):
    print(json.dumps({"step": step, **found}, sort_keys=True), flush=True)


def refused(step, call, **arguments):
    try:
        call(**arguments)
        tell(step, code="none", status=200)
    except ClientError as e:
        tell(step, code=e.response["Error"]["Code"], status=e.response["ResponseMetadata"]["HTTPStatusCode"],
             kind=type(e).__name__)


def arn_of(url):
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def drained(url, count):
    found = []
    while len(found) < count:
        some = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=5,
                                   MessageAttributeNames=["All"], MessageSystemAttributeNames=["All"])
        if not some.get("Messages"):
            break
        found += some["Messages"]
    return found


def text(value):
    return {"DataType": "String", "StringValue": value}


# a topic, a filter policy and two queues
topic = sns.create_topic(Name="events", Tags=[{"Key": "team", "Value": "growth"}])["TopicArn"]
tell("topic", arn=topic, tags=sns.list_tags_for_resource(ResourceArn=topic)["Tags"])
wrapped = sqs.create_queue(QueueName="wrapped")["QueueUrl"]
raw = sqs.create_queue(QueueName="raw")["QueueUrl"]
subscription = sns.subscribe(
    TopicArn=topic, Protocol="sqs", Endpoint=arn_of(wrapped), ReturnSubscriptionArn=True,
    Attributes={"FilterPolicy": json.dumps({"event": ["signup"]})})["SubscriptionArn"]
sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn_of(raw), Attributes={"RawMessageDelivery": "true"})
attributes = sns.get_subscription_attributes(SubscriptionArn=subscription)["Attributes"]
tell("subscription", policy=json.loads(attributes["FilterPolicy"]), raw=attributes["RawMessageDelivery"])

# singly and in a batch
sns.publish(TopicArn=topic, Message="m-1", Subject="hello", MessageAttributes={"event": text("signup")})
batch = sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=[
    {"Id": "a", "Message": "m-2", "MessageAttributes": {"event": text("login")}},
    {"Id": "b", "Message": "m-3", "MessageAttributes": {
        "event": text("signup"), "bytes": {"DataType": "Binary", "BinaryValue": b"\x02\x03"}}}])
tell("batch", successful=[entry["Id"] for entry in batch["Successful"]], failed=batch.get("Failed", []))
envelopes = [json.loads(message["Body"]) for message in drained(wrapped, 2)]
tell("wrapped", messages=sorted(envelope["Message"] for envelope in envelopes),
     subjects=sorted(envelope.get("Subject", "") for envelope in envelopes))
received = sorted(drained(raw, 3), key=lambda message: message["Body"])
tell("raw", bodies=[message["Body"] for message in received],
     bytes=received[2]["MessageAttributes"]["bytes"]["BinaryValue"].hex(),
     counts=[message["Attributes"]["ApproximateReceiveCount"] for message in received])

# visibility and deletes
sqs.change_message_visibility(QueueUrl=raw, ReceiptHandle=received[0]["ReceiptHandle"], VisibilityTimeout=0)
again = drained(raw, 1)
tell("again", bodies=[message["Body"] for message in again],
     counts=[message["Attributes"]["ApproximateReceiveCount"] for message in again])
deleted = sqs.delete_message_batch(QueueUrl=raw, Entries=[
    {"Id": str(i), "ReceiptHandle": message["ReceiptHandle"]} for i, message in enumerate(again + received[1:])])
tell("deleted", successful=[entry["Id"] for entry in deleted["Successful"]], failed=deleted.get("Failed", []))
counts = sqs.get_queue_attributes(QueueUrl=raw, AttributeNames=["All"])["Attributes"]
tell("counts", visible=counts["ApproximateNumberOfMessages"], hidden=counts["ApproximateNumberOfMessagesNotVisible"])

# first in, first out
fifo = sns.create_topic(Name="events.fifo", Attributes={"FifoTopic": "true"})["TopicArn"]
ordered = sqs.create_queue(QueueName="ordered.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
sns.subscribe(TopicArn=fifo, Protocol="sqs", Endpoint=arn_of(ordered), Attributes={"RawMessageDelivery": "true"})
for number in (1, 2, 2, 3):
    sns.publish(TopicArn=fifo, Message=f"o-{number}", MessageGroupId="g", MessageDeduplicationId=f"d-{number}")
in_order = drained(ordered, 3)
tell("fifo", bodies=[message["Body"] for message in in_order],
     groups=sorted({message["Attributes"]["MessageGroupId"] for message in in_order}),
     deduplication=[message["Attributes"]["MessageDeduplicationId"] for message in in_order])

# paginators
for number in range(103):
    sns.create_topic(Name=f"paged-{number}")
pages = list(sns.get_paginator("list_topics").paginate())
tell("paged topics", topics=sum(len(page["Topics"]) for page in pages), pages=len(pages))
subscribed = [s for page in sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
              for s in page["Subscriptions"]]
tell("paged subscriptions", subscriptions=len(subscribed), protocols=sorted({s["Protocol"] for s in subscribed}))
urls = [url for page in sqs.get_paginator("list_queues").paginate() for url in page.get("QueueUrls", [])]
tell("paged queues", names=sorted(url.rsplit("/", 1)[1] for url in urls))

# errors
refused("no topic", sns.publish, TopicArn=topic + "-not", Message="m")
refused("no name", sns.create_topic, Name="a.b")
refused("no policy", sns.set_subscription_attributes, SubscriptionArn=subscription,
        AttributeName="FilterPolicy", AttributeValue='{"event":[]}')
refused("no value", sns.publish, TopicArn=topic, Message="m", MessageAttributes={"event": text("")})
refused("no group", sns.publish, TopicArn=fifo, Message="m", MessageDeduplicationId="d")
refused("too many", sns.publish_batch, TopicArn=topic,
        PublishBatchRequestEntries=[{"Id": str(i), "Message": "m"} for i in range(11)])
refused("twice", sns.publish_batch, TopicArn=topic,
        PublishBatchRequestEntries=[{"Id": "a", "Message": "m"}, {"Id": "a", "Message": "n"}])
refused("no queue", sqs.receive_message, QueueUrl=raw + "-not")
refused("no queue of that name", sqs.get_queue_url, QueueName="none")
refused("no receipt", sqs.delete_message, QueueUrl=raw, ReceiptHandle="receipt")
refused("no entries", sqs.send_message_batch, QueueUrl=raw, Entries=[])
refused("too long hidden", sqs.change_message_visibility, QueueUrl=ordered,
        ReceiptHandle=in_order[0]["ReceiptHandle"], VisibilityTimeout=43201)
