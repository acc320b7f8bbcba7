import { decodeRecord, type IncomingRecord, type OutgoingRecord, type RecordPlace } from '@tidings/transport';

/** An event that was published in a test, as a consumer would see it. */
export interface RecordedEvent<Type extends string = string, Payload = unknown> {
  readonly type: Type;
  readonly payload: Payload;
  readonly id: string;
  readonly source: string;
  readonly time: string;
  readonly subject?: string;
  readonly extensions?: Readonly<Record<string, string>>;
  /** With the prefix. */
  readonly kafkaTopic: string;
  readonly partition: number;
  readonly offset: string;
}

/** @throws {TypeError} where it is no event; the publisher sends none such */
export function recordedEvent(record: OutgoingRecord, { partition, offset }: RecordPlace): RecordedEvent {
  const decoded = decodeRecord(incoming(record, offset));
  if (decoded.kind !== 'event') throw new TypeError(`a message in ${record.kafkaTopic} is no event`);
  const { type, id, source, time, subject, extensions } = decoded.event;
  return {
    type,
    payload: JSON.parse(decoded.data.toString()) as unknown,
    id,
    source,
    time,
    ...(subject !== undefined && { subject }),
    ...(extensions !== undefined && { extensions }),
    kafkaTopic: record.kafkaTopic,
    partition,
    offset,
  };
}

function incoming({ key, value, headers }: OutgoingRecord, offset: string): IncomingRecord {
  return { offset, key: bytes(key), value: bytes(value), headers, timestamp: String(Date.now()) };
}

function bytes(part: string | Buffer | null): Buffer | null {
  return part === null ? null : Buffer.from(part);
}
