#!/bin/sh
# Asks for the newest events whose message has a text in it. TIDINGS_URL and TIDINGS_TOKEN say where and who; the first
# argument is the text.
set -eu

curl --fail-with-body --silent --show-error --get "${TIDINGS_URL:-http://127.0.0.1:4100}/api/events/" \
  -H "Authorization: Bearer $TIDINGS_TOKEN" \
  --data-urlencode event_type=com.waldur.customer_creation_succeeded \
  --data-urlencode "message=${1:-}"
