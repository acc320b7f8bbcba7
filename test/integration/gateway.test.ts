import { readFileSync, rmSync } from 'node:fs';
import { DataDirectory, EmbeddedKafka } from '@tidings/standalone';
import {
  decodeRecord,
  isLifecycleTopic,
  KafkaTransport,
  type Consumption,
  type IncomingRecord,
} from '@tidings/transport';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startApp, type AppProcess } from '../harness/app-process.js';
import { cacheDirectory, temporaryFolder } from '../harness/embedded-servers.js';
import { freshName, freshPrefix } from '../harness/fresh-names.js';
import { until } from '../harness/until.js';

const TOKEN = 'a-token-for-tests-that-is-long-enough';
const AUTHORIZED = { authorization: `Bearer ${TOKEN}` };
const NDJSON = { ...AUTHORIZED, 'content-type': 'application/x-ndjson' };

const SAMPLES = [
  ['waldur', 'waldur-webhook.ndjson', 41],
  ['lxd', 'lxd-events.ndjson', 38],
  ['cds', 'cds-webhook.ndjson', 33],
  ['ibm', 'ibm-cloudevents.ndjson', 11],
] as const;

const sample = (file: string): string => readFileSync(new URL(`../samples/${file}`, import.meta.url), 'utf8');

const cdsEvent = (id: string, payload: unknown = {}): string =>
  JSON.stringify({
    id,
    type: 'ProjectCreated',
    project_key: 'GENOME',
    payload,
    username: 'bruno',
    timestamp: '2026-11-02T10:43:54.567742Z',
  });

interface Answer {
  readonly accepted: number;
  readonly rejected: number;
  readonly code?: string;
  readonly events?: readonly { id: string; code?: string; status: string }[];
}

async function post(url: string, body: string, headers: Record<string, string> = NDJSON) {
  const response = await fetch(url, { method: 'POST', headers, body });
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    body: (await response.json()) as Answer,
  };
}

describe('with the real Kafka', () => {
  const prefix = freshPrefix();
  const read: IncomingRecord[] = [];
  let gateway: AppProcess;
  let transport: KafkaTransport;
  let consumption: Consumption;

  beforeAll(async () => {
    const brokers = inject('brokers');
    gateway = await startApp('gateway', {
      KAFKA_BROKERS: brokers,
      KAFKA_PARTITIONS: '1',
      TIDINGS_PREFIX: prefix,
      TIDINGS_ADMIN_TOKEN: TOKEN,
    });
    transport = new KafkaTransport({ brokers: brokers.split(','), clientId: 'test' });
    consumption = await transport.consume({
      groupId: freshName(),
      matches: (kafkaTopic) => isLifecycleTopic(prefix, kafkaTopic),
      handle: async ({ records }) => void read.push(...records),
    });
  });
  afterAll(async () => {
    await consumption.stop();
    await transport.close();
    await gateway.stop();
  });

  const idsRead = (): Set<string> =>
    new Set(
      read.map((record) => {
        const decoded = decodeRecord(record);
        return decoded.kind === 'event' ? decoded.event.id : '';
      }),
    );

  it.each(SAMPLES)('every event of %s that was acknowledged can be read from it', async (system, file, amount) => {
    const { status, body } = await post(`${gateway.url}/v1/ingest/${system}`, sample(file));
    expect({ status, accepted: body.accepted, rejected: body.rejected }).toEqual({
      status: 202,
      accepted: amount,
      rejected: 0,
    });
    const ids = body.events?.map(({ id }) => id) ?? [];
    expect(new Set(ids).size).toBe(amount);
    await until(() => ids.every((id) => idsRead().has(id)), { what: 'all events to be read' });
  });

  it('a long stream keeps its order', async () => {
    const amount = 5_000;
    const stream = freshName();
    const body = Array.from({ length: amount }, (_, index) => cdsEvent(`${stream}-${index}`)).join('\n');
    expect((await post(`${gateway.url}/v1/ingest/cds`, body)).body).toMatchObject({ accepted: amount });
    const ofStream = (): string[] =>
      read
        .map((record) => decodeRecord(record))
        .flatMap((decoded) =>
          decoded.kind === 'event' && decoded.event.id.startsWith(stream) ? [decoded.event.id] : [],
        );
    await until(() => ofStream().length >= amount, { what: 'the stream to be read' });
    expect(ofStream()).toEqual(Array.from({ length: amount }, (_, index) => `${stream}-${index}`));
  });

  it('the largest event that the gateway takes is taken by Kafka, too', async () => {
    const room = 1_048_576 - cdsEvent('largest', '').length;
    const answer = await post(`${gateway.url}/v1/ingest/cds`, cdsEvent('largest', 'x'.repeat(room)));
    expect(answer).toMatchObject({ status: 202, body: { accepted: 1 } });
  });

  it('stops in order on SIGTERM, and answers what it had in hand', async () => {
    const own = await startApp('gateway', {
      KAFKA_BROKERS: inject('brokers'),
      KAFKA_PARTITIONS: '1',
      TIDINGS_PREFIX: prefix,
      TIDINGS_ADMIN_TOKEN: TOKEN,
    });
    const stream = freshName();
    const body = Array.from({ length: 2_000 }, (_, index) => cdsEvent(`${stream}-${index}`)).join('\n');
    const inHand = post(`${own.url}/v1/ingest/cds`, body);
    await until(() => [...idsRead()].some((id) => id.startsWith(stream)), { what: 'the stream to begin' });
    const end = own.stop('SIGTERM');
    expect(await inHand).toMatchObject({ status: 202, body: { accepted: 2_000 } });
    expect(await end).toEqual({ code: 0, signal: null });
  });
});

describe('when Kafka goes away', () => {
  let folder: string;
  let directory: DataDirectory;
  let kafka: EmbeddedKafka;
  let gateway: AppProcess;

  beforeAll(async () => {
    folder = temporaryFolder();
    directory = DataDirectory.open(folder);
    kafka = new EmbeddedKafka({ directory, cacheDirectory: cacheDirectory(), port: 0 });
    await kafka.start();
    gateway = await startApp('gateway', {
      KAFKA_BROKERS: kafka.brokers.join(','),
      KAFKA_SASL_MECHANISM: 'plain',
      KAFKA_SASL_USERNAME: kafka.login?.username,
      KAFKA_SASL_PASSWORD: kafka.login?.password,
      KAFKA_PARTITIONS: '1',
      TIDINGS_ADMIN_TOKEN: TOKEN,
      TIDINGS_PUBLISH_DEADLINE_MS: '1500',
    });
  });
  afterAll(async () => {
    await gateway.stop();
    await kafka.stop();
    directory.release();
    rmSync(folder, { recursive: true, force: true });
  });

  const url = (): string => `${gateway.url}/v1/ingest/cds`;
  const isBack = async () => {
    const ready = await fetch(`${gateway.url}/health/ready`);
    return ready.ok && (await post(url(), cdsEvent(freshName()))).status === 202;
  };

  it('answers 503 while the broker is dead, and goes on by itself when it is back', async () => {
    expect((await post(url(), cdsEvent('before'))).status).toBe(202);
    await kafka.kill();
    expect(await post(url(), cdsEvent('dead'))).toMatchObject({
      status: 503,
      retryAfter: expect.any(String) as string,
      body: { code: 'broker_unavailable', accepted: 0 },
    });
    await until(async () => !(await fetch(`${gateway.url}/health/ready`)).ok, { what: 'readiness to be taken back' });
    await kafka.start();
    await until(isBack, { what: 'the gateway to take events again', timeout: 50_000 });
  });

  it('answers 503 while the broker hangs, never 202 and never nothing', async () => {
    await until(isBack, { what: 'the gateway to take events', timeout: 50_000 });
    const { pid } = kafka;
    if (pid === undefined) throw new Error('the broker does not run');
    process.kill(pid, 'SIGSTOP');
    try {
      const lines = Array.from({ length: 3_000 }, (_, index) => cdsEvent(`hanging-${index}`)).join('\n');
      const answers = await Promise.all([post(url(), cdsEvent('hanging')), post(url(), lines)]);
      expect(answers.map(({ status }) => status)).toEqual([503, 503]);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await until(isBack, { what: 'the gateway to take events again', timeout: 50_000 });
  });
});

describe('a start that cannot work', () => {
  it('names what is wrong with Kafka and ends', async () => {
    const started = startApp('gateway', { KAFKA_BROKERS: '127.0.0.1:1', TIDINGS_ADMIN_TOKEN: TOKEN });
    await expect(started).rejects.toThrow(/ended while starting.*KAFKA_BROKERS/s);
    const unconfigured = startApp('gateway', { TIDINGS_ADMIN_TOKEN: TOKEN });
    await expect(unconfigured).rejects.toThrow(/ended while starting.*KAFKA_BROKERS/s);
  });
});
