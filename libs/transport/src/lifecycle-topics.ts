import type { Catalogue } from '@tidings/catalogue';
import type { TopicSpec } from './port.js';
import { prefixed, unprefixed } from './topic-prefix.js';

/** How kafkaTopics are made where they are missing. */
export interface TopicSettings {
  readonly prefix: string;
  readonly partitions: number;
  /** -1 leaves it to the broker. */
  readonly replicationFactor: number;
  readonly retentionHours: number;
  /** The largest event accepted, bytes of its JSON text. */
  readonly maxEventBytes: number;
}

const LIFECYCLE = 'lifecycle.';

/** Headers and the batch around it come on top of an event's text; the broker must not refuse what the door let in. */
const ROOM_AROUND_AN_EVENT = 2;

/** Is it one of ours that carries events? */
export function isLifecycleTopic(prefix: string, kafkaTopic: string): boolean {
  return unprefixed(prefix, kafkaTopic)?.startsWith(LIFECYCLE) === true;
}

/** Every kafkaTopic that the catalogue's events travel on, as it should be. */
export function lifecycleTopics(catalogue: Catalogue, settings: TopicSettings): readonly TopicSpec[] {
  return catalogue.kafkaTopics().map((kafkaTopic) => topicSpec(kafkaTopic, settings));
}

/** @param kafkaTopic without the prefix */
export function topicSpec(kafkaTopic: string, settings: TopicSettings): TopicSpec {
  return {
    kafkaTopic: prefixed(settings.prefix, kafkaTopic),
    partitions: settings.partitions,
    replicationFactor: settings.replicationFactor,
    config: {
      'retention.ms': String(settings.retentionHours * 3_600_000),
      'max.message.bytes': String(settings.maxEventBytes * ROOM_AROUND_AN_EVENT),
    },
  };
}
