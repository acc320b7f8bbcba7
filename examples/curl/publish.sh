#!/bin/sh
# Publishes one event over HTTP. TIDINGS_URL and TIDINGS_TOKEN say where and who; a first argument becomes the
# customer's name. The answer comes when Kafka has the event, and holds its id.
set -eu

name=${1:-Ada}
customer=$(tr -d - </proc/sys/kernel/random/uuid)

curl --fail-with-body --silent --show-error "${TIDINGS_URL:-http://127.0.0.1:4100}/v1/events" \
  -H "Authorization: Bearer $TIDINGS_TOKEN" \
  -H 'Content-Type: application/cloudevents+json' \
  --data-binary @- <<JSON
{
  "specversion": "1.0",
  "id": "$(cat /proc/sys/kernel/random/uuid)",
  "source": "/waldur/curl-example",
  "type": "com.waldur.customer_creation_succeeded",
  "time": "$(date -u +%Y-%m-%dT%H:%M:%S.%NZ)",
  "subject": "$customer",
  "data": {
    "message": "Customer $name has been created.",
    "context": { "customer_uuid": "$customer", "customer_name": "$name" }
  }
}
JSON
