"""Follows events with pylxd and prints them, one JSON document a line, behind a line that says how it is trusted.

usage: pylxd_events.py ENDPOINT [--types TYPES] [--cert CERT --key KEY --verify SERVER_CERT]
"""

import argparse
import json

import pylxd
from pylxd.client import EventType, _WebsocketClient

parser = argparse.ArgumentParser()
parser.add_argument("endpoint")
parser.add_argument("--types", default="all")
parser.add_argument("--cert")
parser.add_argument("--key")
parser.add_argument("--verify")
arguments = parser.parse_args()


class Printer(_WebsocketClient):
    """Prints what arrives as it arrives; the bytes as they came."""

    def received_message(self, message):
        print(message.data.decode("utf-8"), flush=True)


client = pylxd.Client(
    endpoint=arguments.endpoint,
    cert=(arguments.cert, arguments.key) if arguments.cert else None,
    verify=arguments.verify or True,
)
print(json.dumps({"trusted": client.trusted}), flush=True)
types = {EventType(name) for name in arguments.types.split(",")}
events = client.events(websocket_client=Printer, event_types=types)
events.connect()
print(json.dumps({"connected": True}), flush=True)
events.run()
