/**
 * One broker can serve several installations: each puts its own prefix before its kafkaTopics and consumer groups.
 * @param prefix as configured, with whatever punctuation it ends in; may be empty
 */
export function prefixed(prefix: string, kafkaTopic: string): string {
  return prefix + kafkaTopic;
}

/** The name without the prefix; undefined when the kafkaTopic belongs to another installation. */
export function unprefixed(prefix: string, kafkaTopic: string): string | undefined {
  return kafkaTopic.startsWith(prefix) ? kafkaTopic.slice(prefix.length) : undefined;
}
