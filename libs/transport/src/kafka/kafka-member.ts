import type { Consumer, EachBatchPayload } from 'kafkajs';
import { BatchWork, type BatchOwner } from '../batch-work.js';
import { HandedBack } from '../handed-back.js';
import type { TransportLog } from '../log.js';
import type { BatchHandler } from '../port.js';
import type { RetryPauses } from '../retry-pauses.js';
import { createKafkaClient, withinLimit, type KafkaClient } from './kafka-client.js';
import { isMembershipLost, isRebalance, reasonOf } from './kafka-failure.js';
import { KAFKA_TIMING, type KafkaOptions } from './kafka-options.js';
import { OffsetCommits } from './offset-commits.js';
import { PartitionTroubles } from './partition-troubles.js';
import type { FetchRequest } from './reading/kafkajs-internals.js';
import { withoutMarkers, type FetchedRecord } from './reading/record-parser.js';
import { subscribedAssigner } from './subscribed-assigner.js';
import type { TopicIdentities } from './topic-identities.js';

export interface KafkaMemberOptions {
  readonly groupId: string;
  readonly kafkaTopics: readonly string[];
  readonly handle: BatchHandler;
  readonly concurrency: number;
  readonly maxBytesPerPartition: number;
  readonly maxBytes: number;
  readonly maxRecordBytes: number;
  readonly pauses: RetryPauses;
  /** Outlives the member, so that the next one knows what has been made anew. */
  readonly identities: TopicIdentities;
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
export class KafkaMember {
  private readonly client: KafkaClient;
  private readonly consumer: Consumer;
  private readonly crash: Promise<Error>;
  private readonly working = new Set<Promise<void>>();
  private readonly resumptions = new Set<NodeJS.Timeout>();
  private readonly troubles: PartitionTroubles;
  private readonly commits: OffsetCommits;
  /** How often the group was joined: what was begun before a join is not this membership's. */
  private generation = 0;
  private fetched: FetchRequest = { topics: [] };
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
    this.troubles = new PartitionTroubles(options.log);
    this.client.readFetches({
      maxRecordBytes: options.maxRecordBytes,
      onPartition: (...answer) => this.troubles.answered(...answer),
      beforeFetch: async (broker, request) => {
        this.fetched = request;
        await options.identities.compare(broker, Object.keys(this.assignment), (remade) => this.beginAnew(remade));
      },
    });
    this.commits = new OffsetCommits(() => this.joined && !this.rebalancing && this.isMember(), options.log);
    this.crash = this.listen();
  }

  isJoined(): boolean {
    return this.joined;
  }

  /** The partitions that are this member's at present, by kafkaTopic. */
  assigned(): Readonly<Record<string, readonly number[]>> {
    return this.assignment;
  }

  /** What keeps it from reading a partition; undefined when nothing does. */
  trouble(): string | undefined {
    return this.troubles.first();
  }

  /** What it asked the broker for last, for the report of a crash. */
  lastFetch(): string | undefined {
    const places = this.fetched.topics.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, fetchOffset }) => `${topic}, partition ${partition}, offset ${fetchOffset}`),
    );
    const [first, ...others] = places;
    return first === undefined || others.length === 0 ? first : `${first}, and ${others.length} more partitions`;
  }

  /** Where it is in a partition, where that is not committed yet. */
  positionOf(kafkaTopic: string, partition: number): bigint | undefined {
    return this.commits.positionOf(kafkaTopic, partition);
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
    this.commits.stop();
    const disconnected = this.consumer.disconnect();
    disconnected.catch(() => undefined);
    // A handler takes the time that it needs; kafkajs, once nothing is in hand, does not.
    while (this.working.size > 0) await Promise.allSettled(this.working);
    await withinLimit(disconnected, KAFKA_TIMING.disconnectLimitMs);
    this.client.destroy();
    this.joined = false;
    this.ended(new Error('stopped'));
  }

  /** What a batch that comes now may ask of this membership. */
  private owner(payload: EachBatchPayload): BatchOwner {
    const { generation } = this;
    return {
      ownsPartitions: () => !this.stopping && !payload.isStale() && this.isMember(generation),
      noteLife: () => this.options.onLife(),
    };
  }

  /** After the process stood still (stopped and continued, or busy), the clock tells before the broker does. */
  private isMember(generation: number = this.generation): boolean {
    return !this.lost && generation === this.generation && Date.now() - this.lastBeatAt < KAFKA_TIMING.sessionTimeoutMs;
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
      this.generation += 1;
      this.joined = true;
      this.lost = false;
      this.rebalancing = false;
      this.assignment = payload.memberAssignment;
      this.options.log('debug', 'joined the consumer group', {
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
    const owner = this.owner(payload);
    if (this.rebalancing || !payload.isRunning() || !owner.ownsPartitions()) return;
    const work = this.work(payload, owner);
    this.working.add(work);
    try {
      await work;
    } finally {
      this.working.delete(work);
    }
  }

  private async work(payload: EachBatchPayload, owner: BatchOwner): Promise<void> {
    const { topic: kafkaTopic, partition, messages } = payload.batch;
    const { generation } = this;
    const last = messages.at(-1);
    if (last === undefined) return;
    const control = new BatchWork(owner);
    const heart = setInterval(() => void this.beat(payload), KAFKA_TIMING.heartbeatEveryMs);
    try {
      const records = withoutMarkers(messages as readonly unknown[] as readonly FetchedRecord[]);
      if (records.length > 0) await this.options.handle({ kafkaTopic, partition, records }, control);
    } catch (error) {
      if (error instanceof HandedBack) await this.takeBack(payload, generation, error);
      else this.fail(payload, kafkaTopic, partition, error);
      return;
    } finally {
      clearInterval(heart);
      control.end();
    }
    this.options.pauses.succeeded(kafkaTopic, partition);
    // Somebody else may have the partition, or it was made anew: this is not where the position is to be.
    if (!this.isMember(generation) || payload.isStale()) return;
    payload.resolveOffset(last.offset);
    this.options.onFinished();
    await this.commits.commit(payload);
  }

  /** What was done of the batch is committed, if the partition is still ours. */
  private async takeBack(
    payload: EachBatchPayload,
    generation: number,
    { doneTo, pauseMs }: HandedBack,
  ): Promise<void> {
    if (pauseMs !== undefined) this.rest(payload, pauseMs);
    if (doneTo === undefined || !this.isMember(generation) || payload.isStale()) return;
    payload.resolveOffset(doneTo);
    this.options.onLife();
    await this.commits.commit(payload);
  }

  /** Positions in a kafkaTopic that is gone say nothing of the one that has its name now: it is read from its beginning. */
  private async beginAnew(kafkaTopic: string): Promise<void> {
    const places = (this.assignment[kafkaTopic] ?? []).map((partition) => ({
      topic: kafkaTopic,
      partition,
      offset: '0',
    }));
    this.options.log('warn', 'a kafkaTopic was deleted and made anew; it is read from its beginning', { kafkaTopic });
    for (const place of places) this.consumer.seek(place);
    // The broker has forgotten what was committed; kafkajs has not, and would take it for committed still.
    await this.consumer.commitOffsets(places);
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
      error: reasonOf(error),
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
