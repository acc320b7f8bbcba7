#!/bin/sh
# Prints all events of Waldur's customers: attributes, a tab, data. It ends when there are no more.
# KAFKA_BROKERS, KAFKA_SASL_… and TIDINGS_PREFIX are the servers' own. Take `-e` away to go on for ever.
set -eu

# What the embedded Kafka asks for; .tidings/kafka.env has all of these variables.
login=${KAFKA_SASL_USERNAME:+-X security.protocol=SASL_PLAINTEXT -X sasl.mechanism=PLAIN -X sasl.username=$KAFKA_SASL_USERNAME -X sasl.password=$KAFKA_SASL_PASSWORD}

exec kcat $login -C -e -q -b "${KAFKA_BROKERS:-127.0.0.1:4192}" -t "${TIDINGS_PREFIX:-}lifecycle.waldur.customers" \
  -o beginning -f '%h\t%s\n'
