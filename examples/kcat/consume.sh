#!/bin/sh
# Prints all events of Waldur's customers: attributes, a tab, data. It ends when there are no more.
# KAFKA_BROKERS and TIDINGS_PREFIX are the servers' own. Take `-e` away to go on for ever.
set -eu

exec kcat -C -e -q -b "${KAFKA_BROKERS:-127.0.0.1:4192}" -t "${TIDINGS_PREFIX:-}lifecycle.waldur.customers" \
  -o beginning -f '%h\t%s\n'
