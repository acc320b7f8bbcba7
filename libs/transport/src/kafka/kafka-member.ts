import { setImmediate as breathe } from 'node:timers/promises';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import { BatchWork, type BatchOwner } from '../batch-work.js';
import { HandedBack } from '../handed-back.js';
import type { TransportLog } from '../log.js';
import type { BatchHandler, IncomingRecord } from '../port.js';
import type { RetryPauses } from '../retry-pauses.js';
import { createKafkaClient, withinLimit, type KafkaClient } from './kafka-client.js';
import { isMembershipLost, isRebalance } from './kafka-failure.js';
import { KAFKA_TIMING, type KafkaOptions } from './kafka-options.js';
import { subscribedAssigner } from './subscribed-assigner.js';

export interface KafkaMemberOptions {
  readonly groupId: string;
  readonly kafkaTopics: readonly string[];
  readonly handle: BatchHandler;
  readonly concurrency: number;
  readonly maxBytesPerPartition: number;
  readonly maxBytes: number;
  readonly pauses: RetryPauses;
  readonly log: TransportLog;
  /** A batch was finished, or a busy handler said that it lives. */
  onLife(): void;
  onFinished(): void;
  /** The leader gave us kafkaTopics that we do not know yet. */
  onUnknownTopics(): void;
}

/**
 * One membership of the group, with a fixed set of kafkaTopics: kafkajs can subscribe only while it stands still. It
 * ends when it is stopped or when kafkajs crashes; its owner then makes the next one.
 */
export class KafkaMember implements BatchOwner {
  private readonly client: KafkaClient;
  private readonly consumer: Consumer;
  private readonly crash: Promise<Error>;
  private readonly working = new Set<Promise<void>>();
  private readonly resumptions = new Set<NodeJS.Timeout>();
  /** Not begun yet: whatever finishes until then goes with it. */
  private nextCommit: Promise<void> | undefined;
  private lastCommit: Promise<void> = Promise.resolve();
  private joined = false;
  private stopping = false;
  private lost = false;
  private rebalancing = false;
  private lastBeatAt = 0;
  private assignment: Readonly<Record<string, readonly number[]>> = {};

  constructor(
    kafka: KafkaOptions,
    private readonly options: KafkaMemberOptions,
  ) {
    this.client = createKafkaClient(kafka);
    this.consumer = this.client.kafka.consumer({
      groupId: options.groupId,
      allowAutoTopicCreation: false,
      partitionAssigners: [subscribedAssigner],
      sessionTimeout: KAFKA_TIMING.sessionTimeoutMs,
      heartbeatInterval: KAFKA_TIMING.heartbeatEveryMs,
      rebalanceTimeout: KAFKA_TIMING.rebalanceTimeoutMs,
      metadataMaxAge: KAFKA_TIMING.metadataMaxAgeMs,
      maxWaitTimeInMs: KAFKA_TIMING.fetchWaitMs,
      maxBytesPerPartition: options.maxBytesPerPartition,
      maxBytes: options.maxBytes,
      // kafkajs's own restart knows nothing of new kafkaTopics; the owner restarts.
      retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 5, restartOnFailure: async () => false },
    });
    this.crash = this.listen();
  }

  isJoined(): boolean {
    return this.joined;
  }

  /** The partitions that are this member's at present, by kafkaTopic. */
  assigned(): Readonly<Record<string, readonly number[]>> {
    return this.assignment;
  }

  /** Joins and works until it crashes. @returns why it ended; undefined when it was stopped */
  async run(): Promise<Error | undefined> {
    try {
      await this.consumer.connect();
      await this.consumer.subscribe({ topics: [...this.options.kafkaTopics], fromBeginning: true });
      await this.consumer.run({
        eachBatchAutoResolve: false,
        // By `commit`.
        autoCommit: false,
        partitionsConsumedConcurrently: this.options.concurrency,
        eachBatch: (payload) => this.eachBatch(payload),
      });
    } catch (error) {
      return this.stopping ? undefined : error instanceof Error ? error : new Error(String(error));
    }
    const error = await this.crash;
    return this.stopping ? undefined : error;
  }

  /** Finishes what is in hand, commits and leaves the group; then whoever waits for `run` is told. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const timer of this.resumptions) clearTimeout(timer);
    const disconnected = this.consumer.disconnect();
    disconnected.catch(() => undefined);
    // A handler takes the time that it needs; kafkajs, once nothing is in hand, does not.
    while (this.working.size > 0) await Promise.allSettled(this.working);
    await withinLimit(disconnected, KAFKA_TIMING.disconnectLimitMs);
    this.client.destroy();
    this.joined = false;
    this.ended(new Error('stopped'));
  }

  ownsPartitions(): boolean {
    return !this.stopping && this.isMember();
  }

  /** After the process stood still (stopped and continued, or busy), the clock tells before the broker does. */
  private isMember(): boolean {
    return !this.lost && Date.now() - this.lastBeatAt < KAFKA_TIMING.sessionTimeoutMs;
  }

  noteLife(): void {
    this.options.onLife();
  }

  private ended: (error: Error) => void = () => undefined;

  private listen(): Promise<Error> {
    const { events } = this.consumer;
    const beat = () => {
      this.lastBeatAt = Date.now();
    };
    this.consumer.on(events.HEARTBEAT, beat);
    this.consumer.on(events.COMMIT_OFFSETS, beat);
    this.consumer.on(events.GROUP_JOIN, ({ payload }) => {
      beat();
      this.joined = true;
      this.lost = false;
      this.rebalancing = false;
      this.assignment = payload.memberAssignment;
      this.options.log('info', 'joined the consumer group', {
        groupId: this.options.groupId,
        partitions: Object.values(payload.memberAssignment).flat().length,
      });
    });
    this.consumer.on(events.REBALANCING, () => {
      this.rebalancing = true;
    });
    this.consumer.on(events.RECEIVED_UNSUBSCRIBED_TOPICS, () => this.options.onUnknownTopics());
    return new Promise((resolve) => {
      this.ended = resolve;
      this.consumer.on(events.CRASH, ({ payload }) => {
        this.joined = false;
        resolve(payload.error);
      });
    });
  }

  private async eachBatch(payload: EachBatchPayload): Promise<void> {
    // Given back untouched: the others wait for us to join again.
    if (this.rebalancing || !payload.isRunning() || payload.isStale() || !this.ownsPartitions()) return;
    const work = this.work(payload);
    this.working.add(work);
    try {
      await work;
    } finally {
      this.working.delete(work);
    }
  }

  private async work(payload: EachBatchPayload): Promise<void> {
    const { topic: kafkaTopic, partition, messages } = payload.batch;
    const last = messages.at(-1);
    if (last === undefined) return;
    const control = new BatchWork(this);
    const heart = setInterval(() => void this.beat(payload), KAFKA_TIMING.heartbeatEveryMs);
    try {
      // Kafka 4 knows only the format in which every message has headers, so kafkajs's own objects serve as they are.
      const records = messages as readonly IncomingRecord[];
      await this.options.handle({ kafkaTopic, partition, records }, control);
    } catch (error) {
      if (error instanceof HandedBack) await this.takeBack(payload, error);
      else this.fail(payload, kafkaTopic, partition, error);
      return;
    } finally {
      clearInterval(heart);
      control.end();
    }
    this.options.pauses.succeeded(kafkaTopic, partition);
    // Somebody else may have the partition: the position is theirs to move.
    if (!this.isMember()) return;
    payload.resolveOffset(last.offset);
    this.options.onFinished();
    await this.commit(payload);
  }

  /**
   * Commits all that is finished. Batches that finish side by side share a commit: the coordinator of a group takes some
   * milliseconds for each, and takes those of one connection one after another.
   */
  private async commit(payload: EachBatchPayload): Promise<void> {
    if (this.nextCommit === undefined) {
      const next = this.lastCommit
        .catch(() => undefined)
        .then(() => breathe())
        .then(() => {
          this.nextCommit = undefined;
          return payload.commitOffsetsIfNecessary(payload.uncommittedOffsets());
        });
      this.nextCommit = next;
      this.lastCommit = next;
    }
    return this.nextCommit;
  }

  /** What was done of the batch is committed, if the partition is still ours. */
  private async takeBack(payload: EachBatchPayload, { doneTo, pauseMs }: HandedBack): Promise<void> {
    if (pauseMs !== undefined) this.rest(payload, pauseMs);
    if (doneTo === undefined || !this.isMember()) return;
    payload.resolveOffset(doneTo);
    this.options.onLife();
    await this.commit(payload);
  }

  private async beat(payload: EachBatchPayload): Promise<void> {
    try {
      await payload.heartbeat();
    } catch (error) {
      if (isMembershipLost(error)) this.lost = true;
      else if (isRebalance(error)) this.rebalancing = true;
    }
  }

  private fail(payload: EachBatchPayload, kafkaTopic: string, partition: number, error: unknown): void {
    const pauseMs = this.options.pauses.next(kafkaTopic, partition);
    this.options.log('warn', 'a batch failed and will come again', {
      kafkaTopic,
      partition,
      offset: payload.batch.firstOffset(),
      failures: this.options.pauses.failuresOf(kafkaTopic, partition),
      pauseMs,
      error: error instanceof Error ? error.message : String(error),
    });
    this.rest(payload, pauseMs);
  }

  /** The partition pauses and is then read from its position; kafkajs serves the others meanwhile. */
  private rest(payload: EachBatchPayload, pauseMs: number): void {
    if (this.stopping) return;
    const resume = payload.pause();
    const timer = setTimeout(() => {
      this.resumptions.delete(timer);
      resume();
    }, pauseMs);
    this.resumptions.add(timer);
  }
}
