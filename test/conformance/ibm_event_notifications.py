"""Drives every operation of IBM's own Event Notifications client and prints what came of it as one JSON document.

Environment: TIDINGS_URL, TIDINGS_TOKEN, TIDINGS_HOOK (the URL of a webhook that answers).
"""

import base64
import inspect
import json
import os
import time
import uuid

from ibm_cloud_sdk_core import ApiException
from ibm_cloud_sdk_core.authenticators import BearerTokenAuthenticator
from ibm_eventnotifications import event_notifications_v1 as sdk

INSTANCE = "default"
HOOK = os.environ["TIDINGS_HOOK"]

called = set()


class Recorder(sdk.EventNotificationsV1):
    """Notes which operations were called."""

    def __getattribute__(self, name):
        if name in OPERATIONS:
            called.add(name)
        return super().__getattribute__(name)


OPERATIONS = {
    name
    for name, member in inspect.getmembers(sdk.EventNotificationsV1, inspect.isfunction)
    if "instance_id" in inspect.signature(member).parameters
}

client = Recorder(authenticator=BearerTokenAuthenticator(os.environ["TIDINGS_TOKEN"]))
client.set_service_url(os.environ["TIDINGS_URL"] + "/event-notifications")


def ask(operation, model=None, **arguments):
    """Calls an operation; its answer has to be what the client's own model of it demands."""
    response = getattr(client, operation)(INSTANCE, **arguments)
    result = response.get_result()
    if model is not None:
        result = model.from_dict(result).to_dict()
    statuses.setdefault(operation, response.get_status_code())
    return result


def refused(operation, **arguments):
    """Calls an operation that has to fail. The message is as the client's core finds it in the answer."""
    try:
        getattr(client, operation)(INSTANCE, **arguments)
    except ApiException as error:
        return {"code": error.code, "message": error.message, "trace": error.http_response.json()["trace"]}
    raise AssertionError(f"{operation} was not refused")


def paged(pager, **arguments):
    """Reads a list page by page."""
    return [entry["name"] for entry in pager(client=client, instance_id=INSTANCE, limit=2, **arguments).get_all()]


def until(condition, what):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{what} did not come about")


statuses = {}
answers = {"statuses": statuses}

# Sources.
source = ask("create_sources", sdk.SourceResponse, name="deploys", description="made by the client", enabled=True)
for number in range(3):
    client.create_sources(INSTANCE, f"spare {number}", enabled=False)
predefined = next(
    one
    for one in ask("list_sources", sdk.SourceList, limit=100, offset=0)["sources"]
    if one["type"] == "resource-lifecycle-events"
)
answers["predefined"] = predefined
answers["toggled"] = ask("update_source", sdk.Source, id=predefined["id"], enabled=True)["enabled"]
answers["source"] = ask("get_source", sdk.Source, id=predefined["id"])
answers["all_sources"] = paged(sdk.SourcesPager)
answers["spare_sources"] = paged(sdk.SourcesPager, search="SPARE")
answers["taken_name"] = refused("create_sources", name="deploys", enabled=True)

# Topics.
rule = sdk.Rules(
    enabled=True, event_type_filter="$.*", notification_filter="$.data.severity == 'high'", event_schedule_filter=None
)
items = [sdk.SourcesItems(id=source["id"], rules=[rule])]
topic = ask("create_topic", sdk.TopicResponse, name="releases", description="first", sources=items)
for number in range(3):
    client.create_topic(INSTANCE, f"spare {number}")
items.append(sdk.SourcesItems(id=predefined["id"], rules=[sdk.Rules(event_type_filter="$.*")]))
replaced = ask("replace_topic", sdk.Topic, id=topic["id"], name="releases", description="second", sources=items)
answers["topic"] = ask("get_topic", sdk.Topic, id=topic["id"], include="subscriptions")
assert replaced == answers["topic"]
answers["listed_topic"] = ask("list_topics", sdk.TopicList, limit=100, search="releases")["topics"]
answers["all_topics"] = paged(sdk.TopicsPager)
bad = [sdk.SourcesItems(id=source["id"], rules=[sdk.Rules(notification_filter="$.data.severity ==")])]
answers["bad_filter"] = refused("create_topic", name="bad", sources=bad)

# Templates.
body = base64.b64encode(b'{"said": "{{data.message}}", "kind": "{{type}}"}').decode()
params = sdk.TemplateConfigOneOfWebhookTemplateConfig(body=body)
template = ask("create_template", name="short", type="webhook.notification", params=params, description="d")
for number in range(3):
    client.create_template(INSTANCE, f"spare {number}", "webhook.notification", params)
answers["template"] = template
answers["replaced_template"] = ask(
    "replace_template", sdk.Template, id=template["id"], name="shorter", type="webhook.notification", params=params
)
ask("get_template", sdk.Template, id=template["id"])
ask("list_templates", sdk.TemplateList, limit=100)
answers["all_templates"] = paged(sdk.TemplatesPager)

# Destinations.
config = {
    "params": {
        "url": HOOK,
        "verb": "post",
        "custom_headers": {"authorization": "Basic c2VjcmV0", "x-team": "a"},
        "sensitive_headers": ["authorization"],
    }
}
destination = ask(
    "create_destination",
    name="hook",
    type="webhook",
    description="first",
    collect_failed_events=True,
    config=config,
)
for number in range(3):
    client.create_destination(INSTANCE, f"spare {number}", "webhook", config=config)
answers["destination"] = destination
answers["updated_destination"] = ask(
    "update_destination", id=destination["id"], name="hook", description="second", config=config
)
ask("get_destination", id=destination["id"])
answers["listed_destinations"] = ask("list_destinations", sdk.DestinationList, limit=1, search="hook")
answers["all_destinations"] = paged(sdk.DestinationsPager)
answers["unknown_type"] = refused("create_destination", name="x", type="push_ios", config={"params": {}})
test = ask("test_destination", id=destination["id"])
answers["test"] = test


def tried():
    status = ask("get_notifications_status", sdk.GetNotificationStatusResponse, id=test["notification_id"])
    return None if status["status"] == "pending" else status


answers["tried"] = until(tried, "the test of a destination")

# Subscriptions.
attributes = sdk.SubscriptionCreateAttributesWebhookAttributes(
    signing_enabled=True, template_id_notification=template["id"]
)
subscription = ask(
    "create_subscription",
    name="releases to hook",
    destination_id=destination["id"],
    topic_id=topic["id"],
    description="first",
    attributes=attributes,
)
for number in range(3):
    client.create_subscription(INSTANCE, f"spare {number}", destination["id"], topic["id"])
answers["subscription"] = subscription
answers["updated_subscription"] = ask(
    "update_subscription",
    id=subscription["id"],
    name="releases to hook",
    description="second",
    attributes=sdk.SubscriptionUpdateAttributesWebhookAttributes(
        signing_enabled=True, template_id_notification=template["id"]
    ),
)
ask("get_subscription", id=subscription["id"])
ask("list_subscriptions", sdk.SubscriptionList, limit=100)
answers["all_subscriptions"] = paged(sdk.SubscriptionsPager)

# An event, from the client to the webhook.
event = {
    "specversion": "1.0",
    "id": str(uuid.uuid4()),
    "source": "com.acme.deploys",
    "type": "com.acme.release:live",
    "ibmensourceid": source["id"],
    "ibmendefaultshort": "a release",
    "ibmendefaultlong": "a release is live",
    "ibmenseverity": "HIGH",
    "time": "2026-11-02T08:01:53.204Z",
    "data": {"message": "Release 118 is live", "severity": "high"},
    "datacontenttype": "application/json",
}
# The client's model serialises its time by itself.
sent = ask("send_notifications", sdk.NotificationResponse, body=sdk.NotificationCreate.from_dict(event))
answers["sent"] = sent


def delivered():
    try:
        status = client.get_notifications_status(INSTANCE, sent["notification_id"]).get_result()
    except ApiException:
        return None
    return None if status["status"] == "pending" else status


answers["delivered"] = until(delivered, "the delivery of an event")
answers["unknown_source"] = refused(
    "send_notifications", body=sdk.NotificationCreate.from_dict({**event, "ibmensourceid": "nobody"})
)

# What goes.
for name, made in [
    ("delete_subscription", subscription),
    ("delete_topic", topic),
    ("delete_template", template),
    ("delete_destination", destination),
    ("delete_source", source),
]:
    ask(name, id=made["id"])
answers["gone"] = [
    refused(name, id=made["id"])["code"]
    for name, made in [
        ("get_subscription", subscription),
        ("get_topic", topic),
        ("get_template", template),
        ("get_destination", destination),
        ("get_source", source),
    ]
]
answers["kept"] = refused("delete_source", id=predefined["id"])
unauthorised = sdk.EventNotificationsV1(authenticator=BearerTokenAuthenticator("wrong"))
unauthorised.set_service_url(os.environ["TIDINGS_URL"] + "/event-notifications")
try:
    unauthorised.list_topics(INSTANCE)
except ApiException as error:
    answers["unauthorised"] = error.code

# What this service does not have: each has to say so.
DESTINATION = {"id": str(uuid.uuid4())}
UNSUPPORTED = {
    "get_metrics": {"gte": "2026-11-01T00:00:00Z", "lte": "2026-11-02T00:00:00Z"},
    "get_bounce_metrics": {"gte": "2026-11-01T00:00:00Z", "lte": "2026-11-02T00:00:00Z"},
    "list_pre_defined_templates": {},
    "get_pre_defined_template": DESTINATION,
    "get_enabled_countries": DESTINATION,
    "update_email_sandbox_destination": {**DESTINATION, "domain": "example.org"},
    "update_verify_destination": {**DESTINATION, "type": "spf"},
    "create_tags_subscription": {**DESTINATION, "device_id": "d", "tag_name": "t"},
    "list_tags_subscription": DESTINATION,
    "delete_tags_subscription": {**DESTINATION, "device_id": "d", "tag_name": "t"},
    "create_integration": {"type": "kms", "metadata": {}},
    "list_integrations": {},
    "get_integration": DESTINATION,
    "replace_integration": {**DESTINATION, "type": "kms", "metadata": {}},
    "create_smtp_configuration": {"name": "n", "domain": "example.org"},
    "list_smtp_configurations": {},
    "get_smtp_configuration": DESTINATION,
    "update_smtp_configuration": {**DESTINATION, "name": "n"},
    "delete_smtp_configuration": DESTINATION,
    "create_smtp_user": DESTINATION,
    "list_smtp_users": DESTINATION,
    "get_smtp_user": {**DESTINATION, "user_id": str(uuid.uuid4())},
    "update_smtp_user": {**DESTINATION, "user_id": str(uuid.uuid4())},
    "delete_smtp_user": {**DESTINATION, "user_id": str(uuid.uuid4())},
    "get_smtp_allowed_ips": DESTINATION,
    "update_verify_smtp": {**DESTINATION, "type": "spf"},
}
answers["unsupported"] = {name: refused(name, **arguments) for name, arguments in UNSUPPORTED.items()}
answers["not_called"] = sorted(OPERATIONS - called)
print(json.dumps(answers))
