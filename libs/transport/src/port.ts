/**
 * The port behind which a message broker stands. Two drivers implement it, Kafka's and an in-memory one,
 * and both pass the same conformance suite. Nothing outside this library knows which one is running.
 */

/** What a header may hold, as text or as its bytes; Kafka allows a name to come several times. */
export type HeaderValue = string | Buffer | readonly (string | Buffer)[];

/** One message on its way out. */
export interface OutgoingRecord {
  readonly kafkaTopic: string;
  /** Messages of one key keep their order within a kafkaTopic; null spreads them. */
  readonly key: string | Buffer | null;
  readonly headers: Readonly<Record<string, HeaderValue>>;
  readonly value: string | Buffer | null;
}

/** Where a message lies within its kafkaTopic. */
export interface RecordPlace {
  readonly partition: number;
  /** Decimal text: a number of 64 bits. */
  readonly offset: string;
}

/** One message as it was read. */
export interface IncomingRecord {
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, HeaderValue | undefined>>;
  /**
   * When the broker (or producer) stamped it, milliseconds since the epoch, as decimal text: any number of 64 bits, -1
   * where there is none.
   */
  readonly timestamp: string;
  /**
   * Why it could not be read from the broker's bytes; key, value and headers are then empty. It is the handler's to put
   * aside: it is acknowledged like any other.
   */
  readonly unreadable?: string;
}

/** Consecutive messages of one partition. */
export interface RecordBatch {
  readonly kafkaTopic: string;
  readonly partition: number;
  /** At least one, in the order of their offsets. */
  readonly records: readonly IncomingRecord[];
}

/** What a batch handler may ask of the consumer while it works. */
export interface BatchControl {
  /**
   * Says that the handler is alive and busy. The driver keeps the membership of the group by itself; this call is for
   * work of minutes, so that the watchdog does not take it for a hang. Never rejects.
   */
  heartbeat(): Promise<void>;
  /** True when the partition has been taken away or the consumer is stopping: give up without an effect. */
  isStale(): boolean;
}

/**
 * Handles one batch. When it resolves, every message of the batch is acknowledged and the position moves behind it.
 * When it throws, nothing is acknowledged, and the same messages come again after a pause, from the same position,
 * while other partitions go on. A handler that gives up because its control is stale, or because what is left has to wait,
 * throws `HandedBack` with the offset up to which it is done, so that the next one need not begin anew.
 */
export type BatchHandler = (batch: RecordBatch, control: BatchControl) => Promise<void>;

/** A kafkaTopic as it should be. An existing one is checked, never altered or shrunk. */
export interface TopicSpec {
  readonly kafkaTopic: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  /** Topic-level configuration, for example `retention.ms`. */
  readonly config?: Readonly<Record<string, string>>;
}

/** Something about an existing kafkaTopic that is not as it was asked for; for a person to decide. */
export interface TopicFinding {
  readonly kafkaTopic: string;
  readonly finding: string;
}

export interface TopicReport {
  readonly created: readonly string[];
  readonly findings: readonly TopicFinding[];
}

/** A kafkaTopic as it is. */
export interface TopicDescription {
  readonly kafkaTopic: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  /** Its effective configuration; undefined when this account may not read it. */
  readonly config: Readonly<Record<string, string>> | undefined;
}

export interface PublishOptions {
  /** Give up and reject with a retriable error after this long, milliseconds; default 10,000. */
  readonly deadlineMs?: number;
}

/** Sends records; one single-flight queue a publisher, so that the order of calls is kept per key. */
export interface RecordPublisher {
  /**
   * Resolves when every replica in sync has acknowledged every record (acks=all). After a rejection some of the
   * records may have been sent nevertheless.
   * @returns where each of them lies, in the order of the records
   * @throws {TransportError} `retriable` tells whether the same records may be sent again. On `TOO_LARGE` its `records`
   *   lists the indexes that the broker refuses; the others of that call were sent.
   */
  publish(records: readonly OutgoingRecord[], options?: PublishOptions): Promise<readonly RecordPlace[]>;
  /** Sends what is queued, within the deadlines given, and lets go of the broker. */
  close(): Promise<void>;
}

export interface ConsumeOptions {
  readonly groupId: string;
  /** Chooses the kafkaTopics to read, also among those that appear later. */
  readonly matches: (kafkaTopic: string) => boolean;
  readonly handle: BatchHandler;
  /**
   * How many members of the group this process is; default 1. Two overlap fetching and handling: worth it where both
   * cost much.
   */
  readonly members?: number;
  /** How many partitions a member handles at once; default 3. */
  readonly concurrency?: number;
  /** How often the list of kafkaTopics is read again, milliseconds; default 10,000. */
  readonly discoverEveryMs?: number;
  /** Largest fetch a partition, bytes; default 1 MiB. */
  readonly maxBytesPerPartition?: number;
  /** Largest fetch of a member altogether, bytes: with what it is decoded into, it bounds the memory; default 8 MiB. */
  readonly maxBytes?: number;
  /** Larger records, measured after unpacking, come as `unreadable`; default 16 MiB. */
  readonly maxRecordBytes?: number;
  /** Called once when the consumer cannot go on; the process should end. */
  readonly onFatal?: (error: Error) => void;
  /** Lag and no progress for this long is fatal, milliseconds; default 120,000; 0 switches the watchdog off. */
  readonly stallAfterMs?: number;
  /** True while the handler waits for something outside (its database is away): standing still is then no fault. */
  readonly isWaiting?: () => boolean;
}

export interface ConsumerLag {
  readonly kafkaTopic: string;
  readonly partition: number;
  /** Messages between the group's position and the end of the partition. */
  readonly lag: bigint;
  /** The offset that is read next. */
  readonly position: bigint;
}

/** A running consumer. */
export interface Consumption {
  /** True once the group has been joined and partitions (possibly none) are assigned. */
  isJoined(): boolean;
  /** What keeps it from reading a partition, with its place, as a sentence for an operator; undefined when nothing does. */
  trouble(): string | undefined;
  /** The whole group's, over the kafkaTopics that match. @throws {TransportError} when the broker does not answer */
  lag(): Promise<readonly ConsumerLag[]>;
  /** Finishes the batches in hand, commits and leaves the group. */
  stop(): Promise<void>;
}

export interface Transport {
  /** Resolves when the broker answers within the deadline (default 5,000 ms). @throws {TransportError} when it does not. */
  ping(deadlineMs?: number): Promise<void>;
  /** Creates what is missing and checks what is there. @throws {TransportError} naming the missing ones it may not create. */
  ensureTopics(specs: readonly TopicSpec[]): Promise<TopicReport>;
  /** What is known of these kafkaTopics; those that do not exist are left out. */
  describeTopics(kafkaTopics: readonly string[]): Promise<readonly TopicDescription[]>;
  listTopics(): Promise<readonly string[]>;
  /** Returns at once, whether the broker is there or not. */
  createPublisher(): Promise<RecordPublisher>;
  /** Returns at once; `isJoined` tells when the group has been joined. */
  consume(options: ConsumeOptions): Promise<Consumption>;
  /** Closes every publisher and consumer made here. */
  close(): Promise<void>;
}
