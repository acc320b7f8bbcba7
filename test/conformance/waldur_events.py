"""Asks a running Tidings what Waldur's own client can ask, and prints the answers as one JSON object."""

import json
import os
import sys
from uuid import UUID

from waldur_api_client import AuthenticatedClient
from waldur_api_client.api.events import (
    events_count,
    events_count_count,
    events_count_retrieve,
    events_event_groups_retrieve,
    events_list,
    events_retrieve,
    events_scope_types_retrieve,
)
from waldur_api_client.api.events_stats import events_stats_list
from waldur_api_client.errors import UnexpectedStatus

asked = json.loads(sys.argv[1])
url, token = os.environ["TIDINGS_URL"], os.environ["TIDINGS_TOKEN"]
client = AuthenticatedClient(base_url=url, token=token)


def uuids(events):
    return [UUID(str(event.uuid)).hex for event in events]


def status_of(call):
    try:
        call()
        return 200
    except UnexpectedStatus as error:
        return error.status_code


def plain(value):
    return value.to_dict() if hasattr(value, "to_dict") else value


def filtered(arguments):
    return {
        name: UUID(value) if name in ("customer_uuid", "project_uuid", "user_uuid") else value
        for name, value in arguments.items()
    }


answers = {}
if "all" in asked:
    answers["all"] = uuids(events_list.sync_all(client=client, **filtered(asked["all"])))
else:
    page = events_list.sync(client=client, page_size=5)
    answers["list"] = [event.to_dict() for event in page]
    answers["count"] = plain(events_count_retrieve.sync(client=client))
    answers["head"] = events_count.sync(client=client)
    answers["head_of_count"] = events_count_count.sync(client=client)
    groups = events_event_groups_retrieve.sync(client=client)
    answers["groups"] = plain(groups)
    answers["scope_types"] = plain(events_scope_types_retrieve.sync(client=client))
    answers["stats"] = [plain(month) for month in events_stats_list.sync(client=client)]
    answers["by_number"] = UUID(str(events_retrieve.sync(asked["number"], client=client).uuid)).hex
    # The client means a number, but puts whatever it is given into the path.
    by_uuid = events_retrieve.sync(answers["list"][0]["uuid"], client=client)
    answers["by_uuid"] = UUID(str(by_uuid.uuid)).hex
    stranger = AuthenticatedClient(base_url=url, token="wrong")
    answers["with_wrong_token"] = status_of(lambda: events_list.sync(client=stranger))
    answers["unknown_number"] = status_of(lambda: events_retrieve.sync(987654321, client=client))
    answers["page_past_the_end"] = status_of(lambda: events_list.sync(client=client, page=99999))
    answers["filters"] = [
        len(events_list.sync_all(client=client, **filtered(arguments))) for arguments in asked["filters"]
    ]
    answers["heads"] = [events_count.sync(client=client, **filtered(arguments)) for arguments in asked["filters"]]
print(json.dumps(answers, default=str))
