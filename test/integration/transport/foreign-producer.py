"""Writes messages as a team's own producer on librdkafka would: compressed, in transactions, with odd timestamps."""

import json
import sys
import uuid

from confluent_kafka import Producer

order = json.loads(sys.argv[1])
settings = {"bootstrap.servers": order["brokers"], "message.max.bytes": 200_000_000, "linger.ms": 200}
settings |= order.get("settings", {})
settings |= {"batch.size": 200_000_000, "batch.num.messages": 1_000_000, "queue.buffering.max.kbytes": 1_000_000}
settings |= {"queue.buffering.max.messages": 2_000_000}
transactions = order.get("transactions", [])
if transactions:
    settings.setdefault("transactional.id", uuid.uuid4().hex)
producer = Producer(settings)
failures = []


def report(error, _message):
    if error is not None:
        failures.append(str(error))


def write(message):
    for number in range(message.get("times", 1)):
        producer.produce(
            order["kafkaTopic"],
            key=message.get("key"),
            value=message.get("value", "x" * message.get("bytes", 0)).replace("#", str(number)),
            headers=[tuple(header) for header in message.get("headers", [])]
            + [(f"h{count}", "x") for count in range(message.get("manyHeaders", 0))],
            timestamp=message.get("timestamp", 0),
            partition=0,
            on_delivery=report,
        )
        producer.poll(0)


for message in order.get("messages", []):
    write(message)
producer.flush(60)
for index, transaction in enumerate(transactions):
    if index == 0:
        producer.init_transactions()
    producer.begin_transaction()
    for message in transaction["messages"]:
        write(message)
    producer.flush(60)
    if transaction["end"] == "commit":
        producer.commit_transaction()
    elif transaction["end"] == "abort":
        producer.abort_transaction()
if failures:
    sys.exit("\n".join(failures[:3]))
