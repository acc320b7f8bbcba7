"""Publishes one event straight to Kafka: CloudEvents in binary mode, attributes as headers, data as the value.

KAFKA_BROKERS, KAFKA_SASL_… and TIDINGS_PREFIX are the servers' own; a first argument becomes the customer's name.
"""

import json
import os
import sys
import uuid
from datetime import datetime, timezone

from confluent_kafka import Producer

TYPE = "com.waldur.customer_creation_succeeded"
TOPIC = os.environ.get("TIDINGS_PREFIX", "") + "lifecycle.waldur.customers"

customer = uuid.uuid4().hex
data = {
    "message": "Customer {} has been created.".format(sys.argv[1] if len(sys.argv) > 1 else "Ada"),
    "context": {"customer_uuid": customer, "customer_name": sys.argv[1] if len(sys.argv) > 1 else "Ada"},
}
headers = {
    "content-type": "application/json",
    "ce_specversion": "1.0",
    "ce_id": str(uuid.uuid4()),
    "ce_source": "/waldur/python-example",
    "ce_type": TYPE,
    "ce_time": datetime.now(timezone.utc).isoformat(),
    # The entity acted on. It is the message key as well: its events keep their order.
    "ce_subject": customer,
}

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
failures = []
producer = Producer(
    {
        **login,
        "bootstrap.servers": os.environ.get("KAFKA_BROKERS", "127.0.0.1:4192"),
        # Nothing is lost when a broker is, nothing is doubled by a retry, and order is kept.
        "enable.idempotence": True,
        # The partition that Kafka's own clients choose for a key; librdkafka's default is another.
        "partitioner": "murmur2_random",
        "delivery.timeout.ms": 20_000,
    }
)
producer.produce(
    TOPIC,
    key=customer,
    value=json.dumps(data),
    headers=headers,
    on_delivery=lambda error, _message: error and failures.append(error),
)
if producer.flush(30) > 0 or failures:
    sys.exit(f"The event was not sent: {failures or 'Kafka did not answer in time'}")
print(headers["ce_id"])
