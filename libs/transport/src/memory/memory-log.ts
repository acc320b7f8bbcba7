import { TransportError } from '../errors.js';
import { partitionOfKey } from '../partitioning.js';
import type { HeaderValue, IncomingRecord, OutgoingRecord, RecordPlace, TopicSpec } from '../port.js';
import { recordSizes } from '../record-size.js';

/** What a broker takes unless its topic says otherwise. */
const DEFAULT_MAX_RECORD_BYTES = 1_048_588;

export interface MemoryPartition {
  readonly kafkaTopic: string;
  readonly partition: number;
  readonly records: IncomingRecord[];
}

interface MemoryTopic {
  readonly spec: TopicSpec;
  readonly partitions: readonly MemoryPartition[];
  nextUnkeyed: number;
}

/** The kafkaTopics of the in-memory driver and everything that was ever written to them. */
export class MemoryLog {
  private readonly topics = new Map<string, MemoryTopic>();
  private readonly listeners = new Set<() => void>();

  /** @returns whether it was missing */
  create(spec: TopicSpec): boolean {
    if (this.topics.has(spec.kafkaTopic)) return false;
    const partitions = Array.from({ length: spec.partitions }, (_, partition) => ({
      kafkaTopic: spec.kafkaTopic,
      partition,
      records: [],
    }));
    this.topics.set(spec.kafkaTopic, { spec, partitions, nextUnkeyed: 0 });
    this.tell();
    return true;
  }

  names(): readonly string[] {
    return [...this.topics.keys()];
  }

  spec(kafkaTopic: string): TopicSpec | undefined {
    return this.topics.get(kafkaTopic)?.spec;
  }

  partitions(kafkaTopic: string): readonly MemoryPartition[] {
    return this.topics.get(kafkaTopic)?.partitions ?? [];
  }

  /** Appends all or none. @returns where each lies @throws {TransportError} UNKNOWN_TOPIC, TOO_LARGE */
  append(kafkaTopic: string, records: readonly OutgoingRecord[]): readonly RecordPlace[] {
    const topic = this.topics.get(kafkaTopic);
    if (topic === undefined) throw new TransportError('UNKNOWN_TOPIC', { kafkaTopics: [kafkaTopic] });
    const limit = Number(topic.spec.config?.['max.message.bytes'] ?? DEFAULT_MAX_RECORD_BYTES);
    if (recordSizes(records).some((size) => size > limit)) throw new TransportError('TOO_LARGE');
    const places = records.map((record) => {
      const { partition, records: own } = this.partitionFor(topic, record);
      const offset = own.length;
      own.push(stored(record, offset));
      return { partition, offset: String(offset) };
    });
    this.tell();
    return places;
  }

  /** Calls back whenever there is something new to read. @returns how to stop that */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private partitionFor(topic: MemoryTopic, { key }: OutgoingRecord): MemoryPartition {
    const { partitions, spec } = topic;
    if (key === null) topic.nextUnkeyed += 1;
    const number = key === null ? topic.nextUnkeyed % partitions.length : partitionOfKey(key, partitions.length);
    const partition = partitions[number];
    if (partition === undefined) throw new RangeError(`${spec.kafkaTopic} was made without partitions`);
    return partition;
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

function stored(record: OutgoingRecord, offset: number): IncomingRecord {
  return {
    offset: String(offset),
    key: bytes(record.key),
    value: bytes(record.value),
    headers: Object.fromEntries(Object.entries(record.headers).map(([name, value]) => [name, headerBytes(value)])),
    timestamp: String(Date.now()),
  };
}

/** A header that comes once is no list when it is read, as with Kafka; one that never comes is none. */
function headerBytes(value: HeaderValue): HeaderValue | undefined {
  if (typeof value === 'string' || Buffer.isBuffer(value)) return Buffer.from(value);
  const all = value.map((one) => Buffer.from(one));
  return all.length > 1 ? all : all[0];
}

function bytes(value: string | Buffer | null): Buffer | null {
  return value === null ? null : Buffer.from(value);
}
