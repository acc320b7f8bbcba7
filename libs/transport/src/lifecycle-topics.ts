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

const HOUR_MS = 3_600_000;
const MAX_SEGMENT_MS = 24 * HOUR_MS;
/** With so many replicas one may be away without a loss of safety, and without standing still. */
export const SAFE_REPLICAS = 3;

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
      'retention.ms': String(settings.retentionHours * HOUR_MS),
      'max.message.bytes': String(maxRecordBytes(settings)),
      // As their producers packed them: every compression that Kafka has is read here.
      'compression.type': 'producer',
      // Kafka removes a segment when its newest message is old enough: a quiet topic would keep messages for twice as long.
      'segment.ms': String(Math.min(MAX_SEGMENT_MS, settings.retentionHours * HOUR_MS)),
      // With acks=all and one replica in sync, an acknowledged event would lie on a single disk.
      ...(settings.replicationFactor >= SAFE_REPLICAS && { 'min.insync.replicas': String(SAFE_REPLICAS - 1) }),
    },
  };
}

/** The largest record on a kafkaTopic with these settings: the broker's limit while packed, the consumers' once unpacked. */
export function maxRecordBytes({ maxEventBytes }: Pick<TopicSettings, 'maxEventBytes'>): number {
  return maxEventBytes * ROOM_AROUND_AN_EVENT;
}
