import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshPrefix } from '../../harness/fresh-names.js';
import { startOwnStandalone, type OwnStandalone } from '../../harness/own-standalone.js';
import { until } from '../../harness/until.js';
import { foreignProducer, type ForeignMessage, type ForeignProducer } from './foreign-producer.js';

const producer = await foreignProducer();
const prefix = freshPrefix();
const kafkaTopic = `${prefix}lifecycle.cds.project`;

let own: OwnStandalone;

beforeAll(async () => {
  own = await startOwnStandalone({ TIDINGS_PREFIX: prefix, TIDINGS_WATCHDOG_SECONDS: '10' });
});

afterAll(async () => {
  await own.stop();
});

/** An event in structured mode. */
function event(id: string, members: Readonly<Record<string, unknown>> = {}): string {
  const data = { project_key: 'DEMO' };
  const time = '2026-11-02T12:00:00Z';
  return JSON.stringify({
    specversion: '1.0',
    id,
    source: '/cds/main',
    type: 'com.ovh.cds.ProjectCreated',
    time,
    data,
    ...members,
  });
}

async function countOf(path: string): Promise<number> {
  const headers = { authorization: `Bearer ${own.token}` };
  const answer = await fetch(`${own.app.url}${path}?page_size=1`, { headers });
  return Number(answer.headers.get('x-result-count'));
}

it.skipIf('missing' in producer)('stores what can be read and puts the rest aside, whatever comes', async () => {
  const { write } = producer as ForeignProducer;
  const headers = [['content-type', 'application/cloudevents+json']] as const;
  const good = (id: string, more: Partial<ForeignMessage> = {}): ForeignMessage => ({
    headers,
    value: event(id),
    ...more,
  });
  for (const codec of ['gzip', 'snappy', 'lz4', 'zstd']) {
    const settings = { 'compression.type': codec };
    await write({ kafkaTopic, settings, messages: [good(`${codec}-#`, { times: 100 })] });
  }
  await write({
    kafkaTopic,
    settings: { 'compression.type': 'gzip' },
    messages: [
      { value: 'no event', headers: [['trace', null]] },
      { value: 'no event', timestamp: -300_000_000_000_000 },
      { bytes: 30_000_000 },
      { manyHeaders: 5_000 },
      { headers, value: event('bad').replace('/cds/main', '/cds/\\ud800') },
      { headers, value: event('deep').replace('"DEMO"', '['.repeat(600) + ']'.repeat(600)) },
      good('beside them'),
    ],
  });
  await write({
    kafkaTopic,
    transactions: [
      { messages: [good('committed')], end: 'commit' },
      { messages: [good('aborted')], end: 'abort' },
    ],
  });
  await until(async () => (await countOf('/api/dead-letters/')) === 6 && (await countOf('/api/events/')) === 402, {
    timeout: 60_000,
  });
  expect((await fetch(`${own.app.url}/health/ready`)).status).toBe(200);
});
