import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { claimPool, completionPool, DeliveryStore } from '@tidings/notifications';
import { REPOSITORY } from '../harness/repository.js';
import { until } from '../harness/until.js';
import type { KafkaTransport } from '@tidings/transport';
import { DeliveryWorld, type Recipient } from './delivery-world.js';
import { type BenchEvent, benchEvents, PAYLOAD_BYTES } from './events.js';
import { type Figure, percentile, progress } from './figures.js';
import { recordOf } from './publish.js';
import { WebhookSinks } from './webhook-sinks.js';
import type { BenchWorld } from './world.js';

const PREFIX = 'deliver.';
const DELIVERED = 30_000;
const PER_SECOND = 500;
/** The first ones warm the processes up. */
const WARM_SECONDS = 12;
const SECONDS = 10;
/** As many as one destination may have under way. */
const AT_ONCE = 64;
const EACH = 2_000;
const WAITING = 1_000_000;
const CLAIMS = 200;
const CLAIMED = 64;
/** Of an event with its envelope. */
const BODY_BYTES = PAYLOAD_BYTES + 250;

/** From the table, and from the bus, to receivers in this process. */
export async function deliveryFigures(world: BenchWorld): Promise<readonly Figure[]> {
  const transport = await world.topics(PREFIX);
  const sinks = await WebhookSinks.open();
  const env = {
    TIDINGS_PREFIX: PREFIX,
    TIDINGS_OUTBOUND_ALLOW: '127.0.0.0/8',
    TIDINGS_SECRET_KEY: Buffer.alloc(32, 1).toString('base64'),
  };
  const publisher = await transport.createPublisher();
  try {
    const figures = await world.withApp('notifications', 'notifications', env, async ({ url }) => {
      const delivery = new DeliveryWorld(url, world.databaseUrl);
      try {
        const topicId = await delivery.emptyTopic();
        return [
          // First, while nothing else is being cleaned up after.
          ...(await latency(delivery, sinks, async (index, event) =>
            publisher.publish([recordOf(event, index, PREFIX)]),
          )),
          await webhookThroughput(delivery, sinks, topicId),
          await kafkaThroughput(delivery, world, transport, topicId),
          ...(await fairness(delivery, sinks, topicId)),
        ];
      } finally {
        await delivery.close();
      }
    });
    return [...figures, await claims(world)];
  } finally {
    await transport.close();
    await sinks.close();
  }
}

/** @returns deliveries a second to one recipient, from a table where they wait */
async function throughput(delivery: DeliveryWorld, recipient: Recipient): Promise<number> {
  await delivery.enable([recipient], false);
  await delivery.queue([recipient], DELIVERED, BODY_BYTES);
  const already = await delivery.count('delivered');
  const begin = performance.now();
  await delivery.enable([recipient], true);
  await until(async () => (await delivery.count('delivered')) - already >= DELIVERED, {
    timeout: 600_000,
    interval: 100,
  });
  return (DELIVERED / (performance.now() - begin)) * 1000;
}

async function kafkaThroughput(
  delivery: DeliveryWorld,
  { brokers }: BenchWorld,
  transport: KafkaTransport,
  topicId: string,
): Promise<Figure> {
  const [copies, bareCopies] = ['bench-copies', 'bench-bare-copies'];
  const specs = [copies, bareCopies].map((kafkaTopic) => ({ kafkaTopic, partitions: 1, replicationFactor: 1 }));
  await transport.ensureTopics(specs);
  progress(`delivering ${DELIVERED} waiting events to a Kafka topic, every attempt logged`);
  const rate = await throughput(delivery, await delivery.kafkaRecipient(topicId, brokers.join(','), copies));
  progress('publishing the same bytes, as many at once');
  const publisher = await transport.createPublisher();
  const value = 'x'.repeat(BODY_BYTES);
  let left = DELIVERED;
  const publishAll = async (): Promise<void> => {
    while (left-- > 0) await publisher.publish([{ kafkaTopic: bareCopies, key: null, value, headers: {} }]);
  };
  const begin = performance.now();
  await Promise.all(Array.from({ length: AT_ONCE }, publishAll));
  const bare = (DELIVERED / (performance.now() - begin)) * 1000;
  await publisher.close();
  return {
    name: 'deliveries to a Kafka topic, attempts logged',
    unit: 'deliveries/s',
    value: rate,
    limit: { of: `publishing alone, ${AT_ONCE} at once`, value: bare },
    aim: { text: '≥ 8,000 deliveries/s', reached: rate >= 8_000 },
  };
}

async function webhookThroughput(delivery: DeliveryWorld, sinks: WebhookSinks, topicId: string): Promise<Figure> {
  progress(`delivering ${DELIVERED} waiting events to one webhook, signed, every attempt logged`);
  const rate = await throughput(delivery, await delivery.recipient(topicId, sinks.url('/all')));
  progress('posting the same bytes with the HTTP client alone');
  const bare = await promisify(execFile)(process.execPath, [
    join(REPOSITORY, 'test', 'dist', 'bench', 'bare-webhooks.js'),
    sinks.url('/bare'),
    String(DELIVERED),
    String(AT_ONCE),
    String(BODY_BYTES),
  ]);
  return {
    name: 'webhooks delivered, attempts logged',
    unit: 'deliveries/s',
    value: rate,
    limit: { of: 'the HTTP client alone, the same bytes', value: Number(bare.stdout) },
    aim: { text: '≥ 2,500 deliveries/s', reached: rate >= 2_500 },
  };
}

/** Eight healthy receivers, beside two more healthy ones, and beside one that hangs and one that answers 500. */
async function fairness(delivery: DeliveryWorld, sinks: WebhookSinks, topicId: string): Promise<readonly Figure[]> {
  sinks.behave('/bad-hangs', () => undefined);
  sinks.behave('/bad-fails', (response) => response.writeHead(500).end());
  const healthyRate = async (name: string, others: readonly string[]): Promise<number> => {
    const paths = Array.from({ length: 8 }, (_, index) => `/${name}-${index}`);
    const recipients = [];
    for (const path of [...paths, ...others]) recipients.push(await delivery.recipient(topicId, sinks.url(path)));
    await delivery.enable(recipients, false);
    await delivery.queue(recipients, EACH, BODY_BYTES);
    await delivery.enable(recipients.slice(8), true);
    const begin = performance.now();
    await delivery.enable(recipients.slice(0, 8), true);
    await until(() => sinks.received(paths) >= 8 * EACH, { timeout: 600_000, interval: 20 });
    const rate = ((8 * EACH) / (performance.now() - begin)) * 1000;
    for (const { destinationId } of recipients)
      await delivery.ask('PATCH', `/destinations/${destinationId}`, { enabled: false });
    return rate;
  };
  progress(`delivering to ten webhooks, ${EACH} each: all of them healthy; then one hangs and one answers 500`);
  const healthy = await healthyRate('good', ['/more-0', '/more-1']);
  const beside = await healthyRate('beside', ['/bad-hangs', '/bad-fails']);
  return [
    {
      name: 'eight webhooks beside one that hangs and one that answers 500',
      unit: 'deliveries/s',
      value: beside,
      limit: { of: 'the same eight beside two healthy ones', value: healthy },
      aim: { text: 'they lose < 5 %', reached: beside >= 0.95 * healthy },
    },
  ];
}

async function latency(
  delivery: DeliveryWorld,
  sinks: WebhookSinks,
  publish: (index: number, event: BenchEvent) => Promise<unknown>,
): Promise<readonly Figure[]> {
  const topicId = await delivery.topic('waldur');
  await delivery.recipient(topicId, sinks.url('/fast'));
  // So that every process has seen it.
  await delay(1_500);
  progress(`publishing ${PER_SECOND} events a second, from the acknowledgement to the receiver`);
  const events = benchEvents(PER_SECOND * (WARM_SECONDS + SECONDS));
  await latencies(sinks, events.slice(0, PER_SECOND * WARM_SECONDS), 0, publish);
  const measured = await latencies(sinks, events.slice(PER_SECOND * WARM_SECONDS), PER_SECOND * WARM_SECONDS, publish);
  const p50 = percentile(measured, 0.5);
  const p99 = percentile(measured, 0.99);
  const name = `acknowledged publish to webhook at ${PER_SECOND}/s`;
  return [
    { name: `${name}, p50`, unit: 'ms', value: p50, aim: { text: '< 20 ms', reached: p50 < 20 } },
    { name: `${name}, p99`, unit: 'ms', value: p99, aim: { text: '< 80 ms', reached: p99 < 80 } },
  ];
}

/** Publishes at the rate, and waits until all have arrived. @param first the number of the first event. @returns milliseconds */
async function latencies(
  sinks: WebhookSinks,
  events: readonly BenchEvent[],
  first: number,
  publish: (index: number, event: BenchEvent) => Promise<unknown>,
): Promise<readonly number[]> {
  const acknowledged = new Array<number>(events.length).fill(0);
  const arrived = new Map<number, number>();
  sinks.onRequest = (path, body) => {
    const index = Number(/"id":"bench-(\d+)"/.exec(body)?.[1]) - first;
    if (path === '/fast' && index >= 0 && !arrived.has(index)) arrived.set(index, performance.now());
  };
  const begin = performance.now();
  const calls: Promise<unknown>[] = [];
  for (const [index, event] of events.entries()) {
    const wait = begin + (index * 1_000) / PER_SECOND - performance.now();
    if (wait > 1) await delay(wait);
    calls.push(publish(first + index, event).then(() => void (acknowledged[index] = performance.now())));
  }
  await Promise.all(calls);
  await until(() => arrived.size === events.length, { timeout: 120_000 });
  return acknowledged.map((at, index) => Math.max(0, (arrived.get(index) ?? NaN) - at));
}

/** Claims beside the same claims where next to nothing waits. */
async function claims(world: BenchWorld): Promise<Figure> {
  const delivery = new DeliveryWorld('', world.databaseUrl);
  const pools = [claimPool(delivery.pool), completionPool(delivery.pool)] as const;
  const store = new DeliveryStore(...pools, delivery.pool);
  const claimTime = async (count: number): Promise<number> => {
    // Nobody dispatches any more: a destination that no configuration knows.
    const { rows } = await delivery.pool.query<{ id: string }>('SELECT gen_random_uuid() AS id');
    const id = rows[0]?.id ?? '';
    await delivery.queue([{ destinationId: id, subscriptionId: id, topicId: id }], count, BODY_BYTES);
    const times: number[] = [];
    const bytes = 2 * CLAIMED * BODY_BYTES;
    for (let claim = 0; claim < CLAIMS; claim += 1) {
      const begin = performance.now();
      await store.claim([{ destinationId: id, room: CLAIMED, bytes, isOrdered: false }], { rows: CLAIMED, bytes });
      times.push(performance.now() - begin);
    }
    return percentile(times.slice(CLAIMS / 10), 0.5);
  };
  progress(`claiming ${CLAIMED} at a time of ${CLAIMS * CLAIMED} waiting deliveries, then of ${WAITING}`);
  const few = await claimTime(CLAIMS * CLAIMED);
  const many = await claimTime(WAITING);
  await Promise.all(pools.map((pool) => pool.end()));
  await delivery.close();
  return {
    name: `claim of ${CLAIMED} where a million wait, p50`,
    unit: 'ms',
    value: many,
    limit: { of: 'the same where a few thousand wait', value: few },
    aim: { text: '< 1.5 × as long', reached: many < 1.5 * few },
  };
}
