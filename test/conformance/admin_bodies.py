"""Bodies of the Event Notifications API that are good by their schemas, made good by what stands in its texts: ids of what
there is, filters that can be read, and what a destination's type asks of its configuration."""

import base64
import json
import os
import urllib.error
import urllib.parse
import urllib.request

URL = os.environ["TIDINGS_URL"]
ROOT = "/event-notifications/v1/instances"
WEBHOOK = {"url": "https://hooks.example.org/in", "verb": "post"}
PARAMS = {
    "webhook": WEBHOOK,
    "event_streams": {"endpoint": "kafka.example.org:9093", "topic": "copies"},
    "smtp_custom": {"domain": "notify.example.org"},
    "slack": {"url": "https://hooks.slack.example.org/services/a"},
}
TEMPLATE = base64.b64encode(b'{"text": "{{type}}"}').decode()
FILTER = "$.type == 'a'"


def mend(method, path, instance, body):
    """Changes a body in place. `path` is the operation's, with its parameters' names."""
    resource = path.removeprefix(ROOT).split("/")[2:]
    if not resource:
        body["scopes"] = ["lxd:rack1"]
    elif resource[0] == "topics":
        _mend_rules(body.get("rules"))
        _mend_sources(instance, body)
    elif resource[0] == "destinations" and len(resource) <= 2:
        _mend_destination(body, method == "POST")
    elif resource[0] == "templates":
        if isinstance(body.get("params"), dict):
            body["params"] = {"body": TEMPLATE}
    elif resource[0] == "subscriptions":
        _mend_subscription(instance, resource, body)
    elif resource[0] == "filters":
        body["filter"] = FILTER
        body.pop("source_id", None)
        if body.get("event") is not None:
            body.pop("last", None)
    elif resource[0] == "notifications":
        body["ibmensourceid"] = _source_in_topic(instance)
        # Those of the catalogue belong to systems, which send them themselves.
        body["type"] = "com.example.release"


def _mend_rules(rules):
    for rule in rules if isinstance(rules, list) else []:
        rule.pop("id", None)
        for name in ("event_type_filter", "notification_filter"):
            if isinstance(rule.get(name), str):
                rule[name] = FILTER


def _mend_sources(instance, body):
    if not isinstance(body.get("sources"), list):
        return
    body["sources"] = body["sources"][:1]
    for source in body["sources"]:
        source["id"] = _made(instance, "sources", {"name": "fuzzed"})
        _mend_rules(source.get("rules"))


def _mend_destination(body, is_new):
    if is_new or body.get("config") is not None:
        body["config"] = {"params": PARAMS[body.get("type", "webhook")]}


def _mend_subscription(instance, resource, body):
    if resource[-1] == "replay":
        body["query"] = {"event_type": "instance-created"}
        return
    if body.get("filter") is not None:
        body["filter"] = FILTER
    if body.get("attributes") is not None:
        body["attributes"] = {"signing_enabled": True}
    if "topic_id" in body:
        destination = {"name": "fuzzed", "type": "webhook", "config": {"params": WEBHOOK}}
        body["topic_id"] = _made(instance, "topics", {"name": "fuzzed"})
        body["destination_id"] = _made(instance, "destinations", destination, lambda one: one["type"] == "webhook")


def _source_in_topic(instance):
    """What a source of no topic sends is refused."""
    source = _made(instance, "sources", {"name": "fuzzed"}, lambda one: one["type"] == "api")
    topic = _made(instance, "topics", {"name": "fuzzed"})
    try:
        path = [ROOT, urllib.parse.quote(str(instance), safe=""), "topics", topic, "sources", urllib.parse.quote(source)]
        _ask("PUT", "/".join(path), {})
    except urllib.error.HTTPError:
        pass
    return source


def _made(instance, plural, draft, is_fit=lambda one: True):
    """The id of something of an instance; where there is none, it is made. Any id where there is no such instance."""
    path = f"{ROOT}/{urllib.parse.quote(str(instance), safe='')}/{plural}"
    try:
        fit = [one["id"] for one in _ask("GET", f"{path}?limit=100")[plural] if is_fit(one)]
        return fit[0] if fit else _ask("POST", path, draft)["id"]
    except urllib.error.HTTPError:
        return "0b0e2a4e-6f0f-4f0c-9c39-0d8b8e1a4f5d"


def _ask(method, path, body=None):
    headers = {"Authorization": f"Bearer {os.environ['TIDINGS_TOKEN']}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(URL + path, data, headers, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)
