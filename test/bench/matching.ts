import { setTimeout as delay } from 'node:timers/promises';
import { createDataSource } from '@tidings/database';
import { NOTIFICATIONS_MIGRATIONS, NOTIFICATIONS_SCHEMA } from '@tidings/notifications';
import { isLifecycleTopic, KafkaTransport } from '@tidings/transport';
import { Client } from 'pg';
import { benchEvents, type BenchEvent } from './events.js';
import { type Figure, progress } from './figures.js';
import { configure, RULES, TOPICS, unindexableRules, usualRules } from './matching-rules.js';
import { recordOf } from './publish.js';
import type { BenchWorld } from './world.js';

const EVENTS = 200_000;
/** Of the worst case. */
const FEW_EVENTS = 20_000;
const PRELOAD_BATCH = 1_000;
const AIM = 20_000;
/** As the matcher fetches. */
const FETCH = { concurrency: 3, maxBytesPerPartition: 512 * 1024, maxBytes: 2048 * 1024 } as const;

/** From preloaded kafkaTopics to committed deliveries, beside consuming the same messages and nothing else. */
export async function matchingFigures(world: BenchWorld): Promise<readonly Figure[]> {
  const events = benchEvents(EVENTS);
  await preload(world, 'match.', events);
  await preload(world, 'worst.', events.slice(0, FEW_EVENTS));
  await migrate(world);
  const client = new Client(world.databaseUrl);
  await client.connect();
  try {
    progress(`consuming ${EVENTS} events and nothing else`);
    const bare = await bareRate(world, 'match.', EVENTS);
    progress(`matching ${EVENTS} events against ${RULES} rules`);
    const usual = await matchedRate(world, client, 'match.', EVENTS, usualRules(events));
    progress(`matching ${FEW_EVENTS} events against ${RULES} rules that no index finds`);
    const worst = await matchedRate(world, client, 'worst.', FEW_EVENTS, unindexableRules());
    return [
      {
        name: `matching, ${RULES} rules over ${TOPICS} topics, 95 % fix the type, ${usual.deliveries.toFixed(2)} deliveries an event`,
        unit: 'events/s',
        value: usual.rate,
        limit: { of: 'consuming the same messages', value: bare },
        aim: { text: `≥ ${AIM.toLocaleString('en-US')}`, reached: usual.rate >= AIM },
      },
      { name: `matching, ${RULES} rules, none of them indexed`, unit: 'events/s', value: worst.rate },
    ];
  } finally {
    await client.end();
  }
}

async function preload(world: BenchWorld, prefix: string, events: readonly BenchEvent[]): Promise<void> {
  progress(`loading ${events.length} events into Kafka`);
  const transport = await world.topics(prefix);
  const publisher = await transport.createPublisher();
  for (let at = 0; at < events.length; at += PRELOAD_BATCH) {
    const batch = events.slice(at, at + PRELOAD_BATCH);
    await publisher.publish(batch.map((event, index) => recordOf(event, at + index, prefix)));
  }
  await transport.close();
}

async function migrate({ databaseUrl }: BenchWorld): Promise<void> {
  const dataSource = await createDataSource({
    url: databaseUrl,
    applicationName: 'bench',
    poolSize: 2,
    schema: NOTIFICATIONS_SCHEMA,
    migrations: NOTIFICATIONS_MIGRATIONS,
  });
  await dataSource.destroy();
}

/** From the first message to the last. */
async function bareRate(world: BenchWorld, prefix: string, count: number): Promise<number> {
  const transport = new KafkaTransport({ brokers: world.brokers, clientId: 'bench' });
  let seen = 0;
  let first = 0;
  try {
    return await new Promise<number>((resolve, reject) => {
      transport
        .consume({
          groupId: `${prefix}bare`,
          matches: (kafkaTopic) => isLifecycleTopic(prefix, kafkaTopic),
          ...FETCH,
          handle: ({ records }) => {
            if (seen === 0) first = performance.now();
            seen += records.length;
            if (seen >= count) resolve((count / (performance.now() - first)) * 1000);
            return Promise.resolve();
          },
          onFatal: reject,
        })
        .catch(reject);
    });
  } finally {
    await transport.close();
  }
}

interface Matched {
  /** Events a second. */
  readonly rate: number;
  /** An event. */
  readonly deliveries: number;
}

async function matchedRate(
  world: BenchWorld,
  client: Client,
  prefix: string,
  count: number,
  rules: ReturnType<typeof usualRules>,
): Promise<Matched> {
  await configure(client, rules);
  await client.query('CHECKPOINT');
  const env = { TIDINGS_PREFIX: prefix, TIDINGS_ROLES: 'match' };
  const rate = await world.withApp('notifications (match)', 'notifications', env, () => countedRate(client, count));
  const { rows } = await client.query<{ count: string }>('SELECT count(*) AS count FROM notifications.delivery');
  return { rate, deliveries: Number(rows[0]?.count) / count };
}

/** From the first event seen to the last: how fast it runs, not how long it takes to start. */
async function countedRate(client: Client, count: number): Promise<number> {
  let first: { at: number; received: number } | undefined;
  for (;;) {
    const { rows } = await client.query<{ received: string }>(
      'SELECT coalesce(sum(received), 0) AS received FROM notifications.source_count',
    );
    const at = performance.now();
    const received = Number(rows[0]?.received);
    if (first === undefined && received > 0) first = { at, received };
    if (first !== undefined && received >= count) return ((received - first.received) / (at - first.at)) * 1000;
    await delay(20);
  }
}
