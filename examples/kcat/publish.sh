#!/bin/sh
# Publishes one event with kcat: CloudEvents in binary mode, attributes as headers, data as the value.
# KAFKA_BROKERS, KAFKA_SASL_… and TIDINGS_PREFIX are the servers' own; a first argument becomes the customer's name.
set -eu

# What the embedded Kafka asks for; .tidings/kafka.env has all of these variables.
login=${KAFKA_SASL_USERNAME:+-X security.protocol=SASL_PLAINTEXT -X sasl.mechanism=PLAIN -X sasl.username=$KAFKA_SASL_USERNAME -X sasl.password=$KAFKA_SASL_PASSWORD}

name=${1:-Ada}
id=$(cat /proc/sys/kernel/random/uuid)
customer=$(tr -d - </proc/sys/kernel/random/uuid)

# The key is the entity acted on, and the partition the one that Kafka's own clients choose for it: order is kept.
printf '%s\t{"message":"Customer %s has been created.","context":{"customer_uuid":"%s","customer_name":"%s"}}' \
  "$customer" "$name" "$customer" "$name" |
  kcat $login -P -b "${KAFKA_BROKERS:-127.0.0.1:4192}" -t "${TIDINGS_PREFIX:-}lifecycle.waldur.customers" -K '\t' \
    -X acks=all -X partitioner=murmur2_random \
    -H content-type=application/json \
    -H ce_specversion=1.0 \
    -H "ce_id=$id" \
    -H ce_source=/waldur/kcat-example \
    -H ce_type=com.waldur.customer_creation_succeeded \
    -H "ce_time=$(date -u +%Y-%m-%dT%H:%M:%S.%NZ)" \
    -H "ce_subject=$customer"

echo "$id"
