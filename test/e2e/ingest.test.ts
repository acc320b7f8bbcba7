import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { startApp, type AppProcess } from '../harness/app-process.js';
import { freshDatabase, type FreshDatabase } from '../harness/fresh-database.js';
import { freshPrefix } from '../harness/fresh-names.js';
import { until } from '../harness/until.js';

const TOKEN = 'a-token-for-tests-that-is-long-enough';
const AUTHORIZED = { authorization: `Token ${TOKEN}` };

const SAMPLES = [
  ['waldur', 'waldur-webhook.ndjson', 41],
  ['lxd', 'lxd-events.ndjson', 38],
  ['cds', 'cds-webhook.ndjson', 33],
  ['ibm', 'ibm-cloudevents.ndjson', 11],
] as const;
const TOTAL = 123;

let database: FreshDatabase;
let gateway: AppProcess;
let events: AppProcess;

beforeAll(async () => {
  database = await freshDatabase(inject('databaseUrl'));
  const env = {
    KAFKA_BROKERS: inject('brokers'),
    KAFKA_PARTITIONS: '2',
    DATABASE_URL: database.url,
    TIDINGS_PREFIX: freshPrefix(),
    TIDINGS_ADMIN_TOKEN: TOKEN,
  };
  // One after the other would do as well: whoever comes first makes the kafkaTopics.
  [gateway, events] = await Promise.all([startApp('gateway', env), startApp('events', env)]);
});
afterAll(async () => {
  await Promise.all([gateway.stop(), events.stop()]);
  await database.drop();
});

const sample = (file: string): string => readFileSync(new URL(`../samples/${file}`, import.meta.url), 'utf8');

async function count(query = ''): Promise<number> {
  const response = await fetch(`${events.url}/api/events/count/${query}`, { headers: AUTHORIZED });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return ((await response.json()) as { count: number }).count;
}

/** How many messages the ingest found to be copies. */
async function doubled(): Promise<number> {
  const response = await fetch(`${events.url}/metrics`, { headers: AUTHORIZED });
  return Number(/^tidings_ingest_events\{result="doubled"\} (\d+)$/m.exec(await response.text())?.[1] ?? 0);
}

async function deadLetters(): Promise<number> {
  const response = await fetch(`${events.url}/api/dead-letters/`, { headers: AUTHORIZED });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return ((await response.json()) as unknown[]).length;
}

async function ingest(system: string, body: string): Promise<{ events: { uuid: string; status: string }[] }> {
  const response = await fetch(`${gateway.url}/v1/ingest/${system}`, {
    method: 'POST',
    headers: { ...AUTHORIZED, 'content-type': 'application/x-ndjson' },
    body,
  });
  if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as { events: { uuid: string; status: string }[] };
}

it('native events of all systems are stored once, however often they are sent', async () => {
  for (const [system, file] of SAMPLES) await ingest(system, sample(file));
  await until(async () => (await count()) >= TOTAL, { what: 'all events to be stored' });
  for (const [system, file] of SAMPLES) await ingest(system, sample(file));
  await until(async () => (await doubled()) >= TOTAL, { what: 'all copies to be recognised' });
  expect(await count()).toBe(TOTAL);
  for (const [system, , amount] of SAMPLES) {
    expect(await count(`?system=${system}`)).toBe(amount);
  }
  expect(await deadLetters()).toBe(0);
});

it('an answered uuid leads to the event', async () => {
  for (const [system, file] of SAMPLES) {
    const [line = ''] = sample(file).split('\n');
    const { events: answered } = await ingest(system, line);
    const response = await fetch(`${events.url}/api/events/${answered[0]?.uuid}/`, { headers: AUTHORIZED });
    expect(response.status).toBe(200);
  }
});

it('what has no usable time becomes a dead letter', async () => {
  const before = await deadLetters();
  const { events: answered } = await ingest('lxd', '{"type":"lifecycle","metadata":{"action":"instance-created"}}');
  expect(answered[0]?.status).toBe('dead_letter');
  await until(async () => (await deadLetters()) === before + 1, { what: 'the dead letter to be listed' });
});
