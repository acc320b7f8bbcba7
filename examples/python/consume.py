"""Prints events as they come, one JSON line each. What was printed is committed; a new start goes on behind it.

KAFKA_BROKERS, KAFKA_SASL_… and TIDINGS_PREFIX are the servers' own; GROUP is the consumer group. A first argument is after how many
events to end; without it, Ctrl-C does.
"""

import json
import os
import sys

from confluent_kafka import Consumer, KafkaException

most = int(sys.argv[1]) if len(sys.argv) > 1 else sys.maxsize
prefix = os.environ.get("TIDINGS_PREFIX", "")
# What the embedded Kafka asks for; .tidings/kafka.env has all of these variables.
login = (
    {
        "security.protocol": "SASL_PLAINTEXT",
        "sasl.mechanism": os.environ.get("KAFKA_SASL_MECHANISM", "plain").upper(),
        "sasl.username": os.environ["KAFKA_SASL_USERNAME"],
        "sasl.password": os.environ["KAFKA_SASL_PASSWORD"],
    }
    if "KAFKA_SASL_USERNAME" in os.environ
    else {}
)
consumer = Consumer(
    {
        **login,
        "bootstrap.servers": os.environ.get("KAFKA_BROKERS", "127.0.0.1:4192"),
        "group.id": prefix + os.environ.get("GROUP", "python-example"),
        "auto.offset.reset": "earliest",
        # At least once: the position moves when an event has been handled, not when it has been fetched.
        "enable.auto.commit": False,
    }
)
consumer.subscribe([prefix + "lifecycle.waldur.customers"])
seen = 0
try:
    while seen < most:
        message = consumer.poll(1.0)
        if message is None:
            continue
        if message.error():
            raise KafkaException(message.error())
        headers = {name: value.decode() for name, value in message.headers() or []}
        if "ce_type" not in headers:
            continue  # A whole event in the value (structured mode), or none of ours.
        event = {name[3:]: value for name, value in headers.items() if name.startswith("ce_")}
        event["data"] = json.loads(message.value())
        # The same event can come twice: source and id tell.
        print(json.dumps(event), flush=True)
        consumer.commit(message, asynchronous=False)
        seen += 1
except KeyboardInterrupt:
    pass
finally:
    consumer.close()
