import { ByteReader } from './byte-reader.js';
import { readBatches, type AbortedTransaction } from './record-batches.js';
import type { FetchedRecord, Room } from './record-parser.js';

/** What kafkajs makes of the answer to a fetch. */
export interface FetchResponse {
  readonly throttleTime: number;
  readonly clientSideThrottleTime?: number;
  readonly responses: readonly TopicResponse[];
}

interface TopicResponse {
  readonly topicName: string;
  readonly partitions: readonly PartitionResponse[];
}

interface PartitionResponse {
  readonly partition: number;
  readonly errorCode: number;
  readonly highWatermark: string;
  /** None: their records have been left out already. */
  readonly abortedTransactions: readonly never[];
  readonly preferredReadReplica: number;
  readonly messages: readonly FetchedRecord[];
}

export interface FetchReading {
  readonly maxRecordBytes: number;
  /** Told of each partition. With an error the broker does not hand it out, and the others go on; 0 is none. */
  onPartition(kafkaTopic: string, partition: number, offset: string, errorCode: number): void;
  /** Where the fetch asked to begin. */
  fromOf(kafkaTopic: string, partition: number): string;
}

interface PartitionPart {
  readonly partition: number;
  readonly errorCode: number;
  readonly highWatermark: string;
  readonly aborted: readonly AbortedTransaction[];
  readonly preferredReadReplica: number;
  readonly bytes: Buffer;
}

/**
 * What one fetch hands on, with what it is made into, bounds the memory; what it unpacks bounds the time, in which no
 * heartbeat is sent.
 */
const ROOM_OF_A_FETCH: Readonly<Room> = { bytes: 16 * 1_048_576, records: 20_000, unpacked: 64 * 1_048_576 };

/**
 * What kafkajs itself recovers from: the position is out of range, or the leader has moved. Anything else would end the
 * consumer, all of its partitions included.
 */
const KAFKAJS_RECOVERS_FROM = new Set([1, 3, 5, 6, 74, 75]);

/** Reads the answer to a fetch, version 4 to 11. */
export async function readFetchResponse(bytes: Buffer, version: number, reading: FetchReading): Promise<FetchResponse> {
  const reader = new ByteReader(bytes);
  const throttleTime = reader.int32();
  // The whole answer's error, and the session's number.
  if (version >= 7) reader.skip(2 + 4);
  const parts = reader.list(() => ({
    topicName: reader.text(),
    partitions: reader.list(() => partitionPart(reader, version)),
  }));
  const room: Room = { ...ROOM_OF_A_FETCH };
  const responses: TopicResponse[] = [];
  for (const { topicName, partitions } of parts) {
    const read: PartitionResponse[] = [];
    for (const part of partitions) read.push(await partitionResponse(topicName, part, reading, room));
    responses.push({ topicName, partitions: read });
  }
  // From version 8 on it is the client that waits.
  return version >= 8
    ? { throttleTime: 0, clientSideThrottleTime: throttleTime, responses }
    : { throttleTime, responses };
}

function partitionPart(reader: ByteReader, version: number): PartitionPart {
  const partition = reader.int32();
  const errorCode = reader.int16();
  const highWatermark = String(reader.int64());
  // The last stable offset, and where the log begins.
  reader.skip(version >= 5 ? 16 : 8);
  const aborted = reader.list(() => ({ producerId: reader.int64(), firstOffset: reader.int64() }));
  const preferredReadReplica = version >= 11 ? reader.int32() : -1;
  const bytes = reader.slice(reader.int32()) ?? Buffer.alloc(0);
  return { partition, errorCode, highWatermark, aborted, preferredReadReplica, bytes };
}

async function partitionResponse(
  kafkaTopic: string,
  { partition, errorCode, highWatermark, aborted, preferredReadReplica, bytes }: PartitionPart,
  reading: FetchReading,
  room: Room,
): Promise<PartitionResponse> {
  const isRefused = errorCode !== 0 && !KAFKAJS_RECOVERS_FROM.has(errorCode);
  const from = reading.fromOf(kafkaTopic, partition);
  reading.onPartition(kafkaTopic, partition, from, isRefused ? errorCode : 0);
  return {
    partition,
    errorCode: isRefused ? 0 : errorCode,
    highWatermark,
    abortedTransactions: [],
    preferredReadReplica,
    messages:
      errorCode === 0 ? await readBatches({ bytes, from: Number(from), aborted }, reading.maxRecordBytes, room) : [],
  };
}
