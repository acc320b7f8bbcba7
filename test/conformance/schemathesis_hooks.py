"""What JSON Schema cannot say of Tidings' requests, for schemathesis' generators; its checks are as they are."""

import base64
import datetime
import hashlib
import json
import os
import re
import urllib.request

import schemathesis

import admin_bodies

URL = os.environ["TIDINGS_URL"]
INSTANCES = "/event-notifications/v1/instances"
FINGERPRINT = re.compile("[0-9A-Fa-f]{64}")


def ask(path):
    headers = {"Authorization": f"Bearer {os.environ['TIDINGS_TOKEN']}"}
    with urllib.request.urlopen(urllib.request.Request(URL + path, headers=headers)) as answer:
        return json.load(answer)


def _types():
    """The first declared types of the catalogue, each with an example of its payload."""
    return [ask(f"/api/catalogue/{entry['type']}/") for entry in ask("/api/catalogue/")[:20]]


TYPES = _types()


@schemathesis.serializer("application/x-ndjson")
def lines(ctx, value):
    """One line; schemathesis knows how to send JSON only."""
    if isinstance(value, bytes):
        return value
    return (value if isinstance(value, str) else f"{json.dumps(value)}\n").encode("utf-8", "surrogatepass")


@schemathesis.hook
def before_call(ctx, case, kwargs):
    """Good requests keep to the rules that the document's texts add to its schemas. Bad ones stay as they are."""
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if case.path.startswith("/v1/events"):
        if isinstance(case.body, str):
            case.body = _line(case.body)
        events = case.body if isinstance(case.body, list) else [case.body]
        for event in events:
            _declare(event)
    elif case.path.startswith("/api/dead-letters") and case.method == "POST":
        _mend_repair(case)
    elif case.path.startswith("/api/events/histogram"):
        _bound(case.query)
    elif case.path.startswith("/api/tokens") and isinstance(case.body, dict):
        _mend_token(case.body)
    elif case.path.startswith(INSTANCES) and isinstance(case.body, dict):
        admin_bodies.mend(case.method, case.path, case.path_parameters.get("instance_id"), case.body)


def _line(text):
    """A CloudEvent a line: lines have no schema."""
    declared = TYPES[_number(text) % len(TYPES)]
    event = {"specversion": "1.0", "id": str(_number(text)), "source": "/waldur/main", "type": declared["type"]}
    return json.dumps({**event, "data": declared["example"]}) + "\n"


def _declare(event):
    """"As the catalogue has it", and "as the type's schema demands"."""
    if not isinstance(event, dict) or "type" not in event:
        return
    declared = TYPES[_number(event["type"]) % len(TYPES)]
    event["type"] = declared["type"]
    if event.get("data_base64") is not None:
        event["data_base64"] = base64.b64encode(json.dumps(declared["example"]).encode()).decode()
    else:
        event["data"] = declared["example"]


#: An event of each system that a native dead letter can be repaired with.
NATIVE = {
    "waldur": {"created": "2026-11-02T08:01:53Z", "event_type": "x_y", "message": "m", "context": {}},
    "lxd": {"type": "logging", "timestamp": "2026-11-02T08:01:53Z", "metadata": {"message": "m", "level": "info"}},
    "cds": {"id": "c-1", "type": "ProjectCreated", "timestamp": "2026-11-02T08:01:53Z", "project_key": "P"},
}


def _mend_repair(case):
    """A native event is repaired by its value alone, and only by one that is an event of its system."""
    try:
        letter = ask(f"/api/dead-letters/{case.path_parameters['id']}/")
    except (OSError, ValueError):
        return
    if "tidings-native" in (letter.get("headers") or {}):
        native = NATIVE.get(letter.get("system"), NATIVE["waldur"])
        case.body = {"value": json.dumps(native)}


def _bound(query):
    """No more buckets than an answer may have."""
    for name in ("created_from", "created_to"):
        (query or {}).pop(name, None)


def _mend_token(body):
    """"A time in the future", and certificates, each of which one token can have."""
    if isinstance(body.get("expires_at"), str):
        body["expires_at"] = f"{datetime.date.today().year + 1}{body['expires_at'][4:]}"
    if isinstance(body.get("certificate"), str) and not FINGERPRINT.fullmatch(body["certificate"]):
        body["certificate"] = hashlib.sha256(body["certificate"].encode("utf-8", "surrogatepass")).hexdigest()


def _number(text):
    return int(hashlib.sha256(str(text).encode("utf-8", "surrogatepass")).hexdigest()[:8], 16)
