import { setTimeout as delay } from 'node:timers/promises';
import type { Admin, DescribeConfigResponse } from 'kafkajs';
import { TransportError } from '../errors.js';
import type { ConsumerLag, TopicDescription, TopicReport, TopicSpec } from '../port.js';
import { topicFindings } from '../topic-check.js';
import { createKafkaClient, withinLimit, type KafkaClient } from './kafka-client.js';
import { rootOf, transportErrorOf } from './kafka-failure.js';
import { KAFKA_TIMING, type KafkaOptions } from './kafka-options.js';

/** Creating a hundred partitions takes a small broker several seconds. */
const SLOW_REQUEST_MS = 15_000;
const TOPICS_PER_REQUEST = 10;
/** A new kafkaTopic has its leaders in a moment, but not at once. */
const LEADERS_WITHIN_MS = 15_000;
const LEADERS_ASKED_EVERY_MS = 50;
/** kafkajs's number of that resource type in DescribeConfigs. */
const TOPIC_RESOURCE = 2;
/** What a broker answers that was made a partition's leader and has not noticed yet. */
const NOT_LEADING_YET = new Set<unknown>(['NOT_LEADER_FOR_PARTITION', 'LEADER_NOT_AVAILABLE', 'REPLICA_NOT_AVAILABLE']);

interface Connection {
  readonly client: KafkaClient;
  readonly admin: Admin;
  readonly ready: Promise<void>;
}

/** What is asked of the cluster itself. One connection, made at the first question and again after it broke. */
export class KafkaAdmin {
  private connection: Connection | undefined;
  private closed = false;

  constructor(private readonly options: KafkaOptions) {}

  async ping(deadlineMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new TransportError('UNAVAILABLE', { detail: `${deadlineMs} ms` })), deadlineMs);
    });
    const answer = this.ask((admin) => admin.describeCluster());
    answer.catch(() => undefined);
    try {
      await Promise.race([answer, deadline]);
    } finally {
      clearTimeout(timer);
    }
  }

  async listTopics(): Promise<readonly string[]> {
    return this.ask((admin) => admin.listTopics());
  }

  async ensureTopics(specs: readonly TopicSpec[]): Promise<TopicReport> {
    const present = new Set(await this.listTopics());
    const missing = specs.filter(({ kafkaTopic }) => !present.has(kafkaTopic));
    for (let at = 0; at < missing.length; at += TOPICS_PER_REQUEST) {
      await this.create(missing.slice(at, at + TOPICS_PER_REQUEST), missing.slice(at));
    }
    const existing = specs.filter(({ kafkaTopic }) => present.has(kafkaTopic));
    const descriptions = await this.describeTopics(existing.map(({ kafkaTopic }) => kafkaTopic));
    const byName = new Map(descriptions.map((description) => [description.kafkaTopic, description]));
    return {
      created: missing.map(({ kafkaTopic }) => kafkaTopic),
      findings: existing.flatMap((spec) => topicFindings(spec, byName.get(spec.kafkaTopic))),
    };
  }

  async describeTopics(kafkaTopics: readonly string[]): Promise<readonly TopicDescription[]> {
    const present = new Set(await this.listTopics());
    const topics = kafkaTopics.filter((kafkaTopic) => present.has(kafkaTopic));
    if (topics.length === 0) return [];
    const metadata = await this.ask((admin) => admin.fetchTopicMetadata({ topics }));
    const configs = await this.configsOf(topics);
    return metadata.topics.map(({ name, partitions }) => ({
      kafkaTopic: name,
      partitions: partitions.length,
      replicationFactor: Math.min(...partitions.map(({ replicas }) => replicas.length)),
      config: configs.get(name),
    }));
  }

  /** @param positionOf where this process is, as far as that is not committed yet */
  async lag(
    groupId: string,
    kafkaTopics: readonly string[],
    positionOf: (kafkaTopic: string, partition: number) => bigint | undefined,
  ): Promise<readonly ConsumerLag[]> {
    if (kafkaTopics.length === 0) return [];
    return this.ask(async (admin) => {
      const committed = await admin.fetchOffsets({ groupId, topics: [...kafkaTopics] });
      const lags = await Promise.all(
        committed.map(async ({ topic, partitions }) => {
          const positions = new Map(partitions.map(({ partition, offset }) => [partition, BigInt(offset)]));
          const ends = await admin.fetchTopicOffsets(topic);
          return ends.map(({ partition, high, low }) => {
            const position = positionOf(topic, partition) ?? positions.get(partition) ?? -1n;
            // Without a position reading begins with the oldest message, and what retention removed is not waited for.
            const from = position < BigInt(low) ? BigInt(low) : position;
            return {
              kafkaTopic: topic,
              partition,
              position: from,
              lag: BigInt(high) > from ? BigInt(high) - from : 0n,
            };
          });
        }),
      );
      return lags.flat();
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.discard(false);
  }

  private async create(specs: readonly TopicSpec[], missing: readonly TopicSpec[]): Promise<void> {
    const names = (those: readonly TopicSpec[]) => those.map(({ kafkaTopic }) => kafkaTopic);
    try {
      await this.ask((admin) =>
        admin.createTopics({
          // kafkajs's own waiting gives up at the first broker that has not heard of the kafkaTopic yet.
          waitForLeaders: false,
          timeout: SLOW_REQUEST_MS - 1_000,
          topics: specs.map(({ kafkaTopic, partitions, replicationFactor, config }) => ({
            topic: kafkaTopic,
            numPartitions: partitions,
            replicationFactor,
            configEntries: Object.entries(config ?? {}).map(([name, value]) => ({ name, value })),
          })),
        }),
      );
    } catch (error) {
      const refusals = refusalsOf(error);
      if (refusals.length === 0) throw error;
      const reasons = new Set(refusals.map((refusal) => refusal.message));
      const kafkaTopics = names(missing);
      throw new TransportError('TOPICS_MISSING', {
        detail: `${kafkaTopics.join(', ')} (${[...reasons].join('; ')})`,
        kafkaTopics,
        cause: error,
      });
    }
    await this.leadersOf(names(specs));
  }

  /** Resolves when every partition has a leader that serves it, so that the next publisher or consumer finds it. */
  private async leadersOf(topics: readonly string[]): Promise<void> {
    const deadline = performance.now() + LEADERS_WITHIN_MS;
    for (;;) {
      try {
        if (await this.ask((admin) => areServed(admin, topics))) return;
      } catch (error) {
        const unheardOf = error instanceof TransportError && error.code === 'UNKNOWN_TOPIC';
        if (!unheardOf || performance.now() >= deadline) throw error;
      }
      if (performance.now() >= deadline) {
        throw new TransportError('UNAVAILABLE', { detail: 'kafkaTopics have no leader', kafkaTopics: topics });
      }
      await delay(LEADERS_ASKED_EVERY_MS);
    }
  }

  private async configsOf(topics: readonly string[]): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> {
    try {
      const { resources }: DescribeConfigResponse = await this.ask((admin) =>
        admin.describeConfigs({
          includeSynonyms: false,
          resources: topics.map((name) => ({ type: TOPIC_RESOURCE, name })),
        }),
      );
      return new Map(
        resources
          .filter(({ errorCode }) => errorCode === 0)
          .map(({ resourceName, configEntries }) => [
            resourceName,
            Object.fromEntries(configEntries.map(({ configName, configValue }) => [configName, configValue])),
          ]),
      );
    } catch (error) {
      // To write and to read does not need the right to see the configuration.
      if (error instanceof TransportError && error.code === 'FORBIDDEN') return new Map();
      throw error;
    }
  }

  private async ask<T>(question: (admin: Admin) => Promise<T>): Promise<T> {
    if (this.closed) throw new TransportError('CLOSED');
    const isFresh = this.connection === undefined;
    const connection = this.connect();
    let isConnected = false;
    try {
      await connection.ready;
      isConnected = true;
      return await question(connection.admin);
    } catch (error) {
      const failure = transportErrorOf(error);
      // kafkajs asks for everything that it was ever asked for: a kafkaTopic that is gone spoils every later question.
      const isSpoilt = failure.code === 'UNKNOWN_TOPIC' && !isFresh;
      // The next question begins anew; unless another has done so meanwhile.
      const isBroken = !isConnected || failure.code === 'UNAVAILABLE';
      if ((isBroken || isSpoilt) && this.connection === connection) await this.discard(isBroken);
      if (isSpoilt) return this.ask(question);
      throw failure;
    }
  }

  private connect(): Connection {
    if (this.connection === undefined) {
      const client = createKafkaClient(this.options, SLOW_REQUEST_MS);
      const admin = client.kafka.admin({ retry: { retries: 2 } });
      this.connection = { client, admin, ready: admin.connect() };
    }
    return this.connection;
  }

  private async discard(broken: boolean): Promise<void> {
    const { connection } = this;
    this.connection = undefined;
    if (connection === undefined) return;
    connection.ready.catch(() => undefined);
    if (broken) connection.client.destroy();
    await withinLimit(connection.admin.disconnect(), KAFKA_TIMING.disconnectLimitMs);
    connection.client.destroy();
  }
}

/**
 * Metadata names a leader before that broker serves the partition. What is sent in between is taken for some partitions
 * and refused for others, and the retry writes the former twice; so each leader is asked for its offsets.
 */
async function areServed(admin: Admin, topics: readonly string[]): Promise<boolean> {
  const metadata = await admin.fetchTopicMetadata({ topics: [...topics] });
  if (metadata.topics.some(({ partitions }) => partitions.some(({ leader }) => leader < 0))) return false;
  try {
    await Promise.all(topics.map((topic) => admin.fetchTopicOffsets(topic)));
    return true;
  } catch (error) {
    if (NOT_LEADING_YET.has(rootOf(error).type)) return false;
    throw error;
  }
}

/** What CreateTopics said of single kafkaTopics; one that another process made meanwhile is no refusal. */
function refusalsOf(error: unknown): readonly Error[] {
  const cause = error instanceof TransportError ? error.cause : error;
  for (let current: unknown = cause; current instanceof Error; current = current.cause) {
    if (!('errors' in current) || !Array.isArray(current.errors)) continue;
    return (current.errors as unknown[]).filter(
      (one): one is Error => one instanceof Error && rootOf(one).type !== 'TOPIC_ALREADY_EXISTS',
    );
  }
  return [];
}
