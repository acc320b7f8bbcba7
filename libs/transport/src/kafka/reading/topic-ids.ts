import { ByteReader } from './byte-reader.js';
import type { KafkajsBroker } from './kafkajs-internals.js';

const METADATA = 3;
/** The first version that tells the ids; kafkajs speaks up to 6. */
const VERSION = 10;

/**
 * Asks a broker for the ids of kafkaTopics: one that was deleted and made anew has the same name and another id.
 * @returns those that exist; undefined from a broker that knows no ids (before Kafka 2.8)
 */
export async function topicIds(
  broker: KafkajsBroker,
  kafkaTopics: readonly string[],
): Promise<ReadonlyMap<string, string> | undefined> {
  if ((broker.versions?.[METADATA]?.maxVersion ?? 0) < VERSION) return undefined;
  const bytes = requestBytes(kafkaTopics);
  return broker.connectionPool.send<ReadonlyMap<string, string>>({
    request: {
      apiKey: METADATA,
      apiVersion: VERSION,
      apiName: 'Metadata',
      encode: () => Promise.resolve({ buf: bytes, buffer: bytes }),
    },
    response: {
      decode: (answer) => Promise.resolve(readTopicIds(answer)),
      parse: (ids) => Promise.resolve(ids),
    },
  });
}

function requestBytes(kafkaTopics: readonly string[]): Buffer {
  const parts = [NO_TAGS, unsignedVarint(kafkaTopics.length + 1)];
  for (const kafkaTopic of kafkaTopics) {
    const name = Buffer.from(kafkaTopic);
    parts.push(NO_ID, unsignedVarint(name.length + 1), name, NO_TAGS);
  }
  // None is to be created, and nothing is asked about rights.
  parts.push(Buffer.from([0, 0, 0]), NO_TAGS);
  return Buffer.concat(parts);
}

const NO_TAGS = Buffer.from([0]);
const NO_ID = Buffer.alloc(16);

function unsignedVarint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left > 0x7f; left >>>= 7) bytes.push((left & 0x7f) | 0x80);
  return Buffer.from([...bytes, left]);
}

function readTopicIds(answer: Buffer): ReadonlyMap<string, string> {
  const reader = new ByteReader(answer);
  reader.skipTags();
  // How long the broker wants us to wait.
  reader.skip(4);
  reader.compactList(() => {
    reader.skip(4);
    reader.compactText();
    reader.skip(4);
    reader.compactText();
    reader.skipTags();
  });
  // The cluster's id and its controller.
  reader.compactText();
  reader.skip(4);
  const ids = new Map<string, string>();
  reader.compactList(() => {
    const errorCode = reader.int16();
    const name = reader.compactText();
    const id = reader.slice(16)?.toString('hex') ?? '';
    if (errorCode === 0) ids.set(name, id);
    reader.skip(1);
    reader.compactList(() => skipPartition(reader));
    reader.skip(4);
    reader.skipTags();
  });
  return ids;
}

function skipPartition(reader: ByteReader): void {
  // Its error, number, leader and the leader's epoch.
  reader.skip(2 + 4 + 4 + 4);
  // Replicas, those in sync, those offline.
  for (let lists = 3; lists > 0; lists -= 1) reader.compactList(() => reader.skip(4));
  reader.skipTags();
}
