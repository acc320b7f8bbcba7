import { strict as assert } from 'node:assert';
import { randomBytes } from 'node:crypto';
import type { ConsumeOptions, Consumption, IncomingRecord, OutgoingRecord, RecordBatch, Transport } from '../port.js';

/** What a driver brings to the conformance suite. */
export interface ConformanceWorld {
  readonly transport: Transport;
  /** The same driver, in front of a broker that is not there. */
  unreachable(): Transport;
  /** How long a driver may take for anything before it counts as never, milliseconds. */
  readonly patienceMs: number;
}

/** One promise of the port. */
export interface ConformanceCase {
  readonly name: string;
  run(world: ConformanceWorld): Promise<void>;
}

/** A message as the suite compares it. */
export interface SeenRecord {
  readonly kafkaTopic: string;
  readonly partition: number;
  readonly record: IncomingRecord;
}

/** Remembers what its handler was given. */
export class Collector {
  readonly seen: SeenRecord[] = [];

  readonly handle = async (batch: RecordBatch): Promise<void> => {
    for (const record of batch.records) {
      this.seen.push({ kafkaTopic: batch.kafkaTopic, partition: batch.partition, record });
    }
  };

  values(): string[] {
    return this.seen.map(({ record }) => textOf(record.value));
  }

  valuesOfKey(key: string): string[] {
    return this.seen.filter(({ record }) => textOf(record.key) === key).map(({ record }) => textOf(record.value));
  }
}

export function textOf(bytes: Buffer | null): string {
  return bytes === null ? 'null' : bytes.toString();
}

/** Waits for a condition instead of for a time. @throws {AssertionError} when it does not come true in time */
export async function until(
  world: ConformanceWorld,
  what: string,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const end = Date.now() + world.patienceMs;
  while (!(await condition())) {
    assert.ok(Date.now() < end, `waited ${world.patienceMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export function freshName(what: string): string {
  return `conformance.${what}.${randomBytes(5).toString('hex')}`;
}

/** A new kafkaTopic of its own for one case. */
export async function freshTopic(world: ConformanceWorld, what: string, partitions = 2): Promise<string> {
  const kafkaTopic = freshName(what);
  await world.transport.ensureTopics([{ kafkaTopic, partitions, replicationFactor: 1 }]);
  return kafkaTopic;
}

export function text(kafkaTopic: string, key: string | null, value: string): OutgoingRecord {
  return { kafkaTopic, key, value, headers: {} };
}

/** Publishes through a publisher of its own. */
export async function send(world: ConformanceWorld, records: readonly OutgoingRecord[]): Promise<void> {
  const publisher = await world.transport.createPublisher();
  try {
    await publisher.publish(records, { deadlineMs: world.patienceMs });
  } finally {
    await publisher.close();
  }
}

/** Runs consumers for as long as `work` takes. */
export async function consuming(
  world: ConformanceWorld,
  consumers: readonly ConsumeOptions[],
  work: (consumptions: readonly Consumption[]) => Promise<void>,
): Promise<void> {
  const consumptions: Consumption[] = [];
  try {
    for (const options of consumers) {
      consumptions.push(
        await world.transport.consume({
          discoverEveryMs: 200,
          onFatal: (error) => assert.fail(`the consumer gave up: ${error.message}`),
          ...options,
        }),
      );
    }
    await until(world, 'the consumers join', () => consumptions.every((consumption) => consumption.isJoined()));
    await work(consumptions);
  } finally {
    await Promise.all(consumptions.map((consumption) => consumption.stop()));
  }
}

/** Reads one kafkaTopic, in a group of its own unless told otherwise. */
export function reader(
  kafkaTopic: string,
  handle: ConsumeOptions['handle'],
  groupId = freshName('group'),
): ConsumeOptions {
  return { groupId, matches: (name) => name === kafkaTopic, handle };
}

/** Messages whose values are 0, 1, 2 … */
export function numbered(kafkaTopic: string, count: number, key: (n: number) => string = () => 'k') {
  return Array.from({ length: count }, (_, n) => text(kafkaTopic, key(n), String(n)));
}

/** The whole lag of a consumer's group. */
export async function totalLag(consumption: { lag(): Promise<readonly { lag: bigint }[]> }): Promise<bigint> {
  return (await consumption.lag()).reduce((sum, { lag }) => sum + lag, 0n);
}
