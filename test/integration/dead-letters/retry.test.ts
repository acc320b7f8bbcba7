import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { encodeRawNative, KafkaTransport, type OutgoingRecord, type RecordPublisher } from '@tidings/transport';
import { until } from '../../harness/until.js';
import { ApiWorld, type Answer, type ShownEvent } from '../api-world.js';

let world: ApiWorld;
let transport: KafkaTransport;
let publisher: RecordPublisher;

beforeAll(async () => {
  const servers = { databaseUrl: inject('databaseUrl'), brokers: inject('brokers') };
  world = await ApiWorld.create(servers, 'ingest,api');
  transport = new KafkaTransport({ brokers: servers.brokers.split(','), clientId: 'test' });
  publisher = await transport.createPublisher();
});

afterAll(async () => {
  await transport.close();
  await world.close();
});

interface Letter {
  readonly id: number;
  readonly reason: string;
  readonly retried: string | null;
}

const topic = (name: string): string => `${world.environment.kafka.prefix}lifecycle.${name}`;

/** Sends a message through Kafka and waits until the ingest has made a dead letter of it. */
async function deadLetterOf(record: OutgoingRecord): Promise<Letter> {
  const before = await letterCount();
  await publisher.publish([record]);
  await until(async () => (await letterCount()) === before + 1, { what: 'the dead letter' });
  return newestLetter();
}

async function newestLetter(): Promise<Letter> {
  const [letter] = (await world.request('/api/dead-letters/?page_size=1')).json<Letter[]>();
  if (letter === undefined) throw new Error('there is no dead letter');
  return letter;
}

async function letterCount(): Promise<number> {
  return Number((await world.request('/api/dead-letters/')).headers['x-result-count']);
}

async function retry(letter: Letter, body?: string, contentType = 'application/json'): Promise<Answer> {
  return world.request(`/api/dead-letters/${letter.id}/retry/`, {
    method: 'POST',
    ...(body !== undefined && { body, headers: { 'content-type': contentType } }),
  });
}

async function eventSaying(message: string): Promise<string> {
  return until(async () => {
    const answer = await world.request(`/api/events/?message=${encodeURIComponent(message)}`);
    return answer.headers['x-result-count'] === '1' ? answer.text : undefined;
  });
}

const cloudEvent = (id: string, type: string): Record<string, string> => ({
  'content-type': 'application/json',
  ce_specversion: '1.0',
  ce_id: id,
  ce_source: '/waldur/main',
  ce_type: type,
  ce_time: '2026-11-02T08:00:00Z',
});

describe('a native event without a time', () => {
  it('comes out as an event once it has been given one', async () => {
    const context = '{"customer_uuid": "47eaa0992cb6416d86dc283cf0480ff9", "exact": 12345678901234567890}';
    const native = `"message": "Customer Tartu was repaired.", "event_type": "customer_update_succeeded", "context": ${context}`;
    const letter = await deadLetterOf(
      encodeRawNative(
        topic('waldur.uncatalogued'),
        { system: 'waldur', site: 'rack1', problem: 'created: is required' },
        `{${native}}`,
      ),
    );
    expect(letter).toMatchObject({ reason: 'unusable_native_event', retried: null });

    const answer = await retry(letter, `{"value": {"created": "2026-11-02T08:00:00.000001Z", ${native}}}`);
    expect(answer.status).toBe(202);
    expect(answer.json<Letter>().retried).toMatch(/^\d{4}-/);
    const text = await eventSaying('was repaired');
    const [event] = JSON.parse(text) as ShownEvent[];
    expect(event).toMatchObject({ created: '2026-11-02T08:00:00.000001Z', event_type: 'customer_update_succeeded' });
    // On the kafkaTopic of its type, as an event that subscribers read.
    const kafkaTopics = await world.pool.query<{ name: string }>('SELECT kafka_topic AS name FROM events.kafka_topic');
    expect(kafkaTopics.rows).toEqual([{ name: topic('waldur.customers') }]);
    expect(text).toContain('"exact":12345678901234567890');
    const retried = (await world.request('/api/dead-letters/?retried=true')).json<Letter[]>();
    expect(retried.map(({ id }) => id)).toContain(letter.id);
  });
});

describe('a CloudEvent of a mistaken type', () => {
  it('comes out as an event once its header is another', async () => {
    const data = {
      message: 'Customer Polar was repaired by its header.',
      context: { customer_uuid: '1509bb0a9bf143318a118783593942a4', customer_name: 'Polar' },
    };
    const letter = await deadLetterOf({
      kafkaTopic: topic('waldur.customers'),
      key: 'polar',
      headers: cloudEvent('by-header', 'com.waldur.customer_creation_suceeded'),
      value: JSON.stringify(data),
    });
    expect(letter.reason).toBe('unknown_type');
    const headers = { ce_type: 'com.waldur.customer_creation_succeeded' };
    expect((await retry(letter, JSON.stringify({ headers }))).status).toBe(202);
    const [event] = JSON.parse(await eventSaying('repaired by its header')) as ShownEvent[];
    expect(event?.event_type).toBe('customer_creation_succeeded');
  });
});

describe('a repair', () => {
  const retryAs = async (letter: Letter, token: string, body: object): Promise<Answer> =>
    world.request(`/api/dead-letters/${letter.id}/retry/`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    });
  const event = (source: string): string =>
    JSON.stringify({
      ...{ specversion: '1.0', id: 'forged', type: 'com.waldur.customer_creation_succeeded', source },
      ...{ time: '2026-11-02T08:00:00Z', data: { message: 'Forged.', context: {} } },
    });

  it('speaks for nobody for whom the message did not speak, unless its caller may', async () => {
    const letter = await deadLetterOf({
      kafkaTopic: topic('waldur.customers'),
      key: null,
      headers: cloudEvent('forged', 'com.waldur.customer_creation_suceeded'),
      value: '{"message":"Forged.","context":{}}',
    });
    const token = await world.makeToken(['waldur:*'], ['dead-letters']);
    const before = await letterCount();
    const structured = { 'content-type': 'application/cloudevents+json' };
    for (const body of [
      { headers: { ce_source: '/waldur/rack1' } },
      { headers: structured, value: event('/waldur/rack1') },
    ]) {
      const answer = await retryAs(letter, token, body);
      expect(answer.status, answer.text).toBe(403);
      expect(answer.text).toContain('/waldur/rack1');
      expect((await retry(letter, JSON.stringify(body))).status).toBe(202);
    }
    expect((await retryAs(letter, token, { headers: { 'tidings-origin': 'native' } })).status).toBe(400);
    expect((await retryAs(letter, token, { headers: structured, value: event('/waldur/main') })).status).toBe(202);
    const audit = await world.request(`/api/audit/?action=dead_letter.retry&subject=dead_letter:${letter.id}`);
    expect(audit.json<unknown[]>()).toHaveLength(3);
    expect(audit.json<unknown[]>()[0]).toMatchObject({
      actor: { name: 'a reader' },
      after: { source: '/waldur/main', repaired: ['value', 'headers'] },
    });
    // None of them is an event yet.
    await until(async () => (await letterCount()) === before + 3);
  });
});

describe('a retry', () => {
  let letter: Letter;
  beforeAll(async () => {
    letter = await deadLetterOf({
      kafkaTopic: topic('lxd.instance'),
      key: 'k',
      headers: { x: ['1', '2'] },
      value: Buffer.from([0xff, 0x00]),
    });
  });

  it.each([undefined, '', '{}'])('with the body %j sends the very message, which fails again', async (body) => {
    const before = await letterCount();
    expect((await retry(letter, body)).status).toBe(202);
    await until(async () => (await letterCount()) === before + 1);
    const again = await newestLetter();
    const details = async ({ id }: Letter): Promise<object> => {
      const { headers, key, key_base64, value, value_base64, reason } = (
        await world.request(`/api/dead-letters/${id}/`)
      ).json<Record<string, unknown>>();
      return { headers, key, key_base64, value, value_base64, reason };
    };
    expect(await details(again)).toEqual(await details(letter));
  });

  it.each([
    ['{"value":', 400],
    ['[]', 400],
    ['{"value":null}', 400],
    ['{"headers":{"a":1}}', 400],
    ['{"valeu":{}}', 400],
    [`{"value":"${'x'.repeat(1024 * 1024 + 1)}"}`, 413],
    [`{"value":"${'x'.repeat(5 * 1024 * 1024)}"}`, 413],
  ])('with a bad body is refused and nothing is sent: %.20s', async (body, status) => {
    const before = await newestLetter();
    const answer = await retry(letter, body);
    expect(answer.status, answer.text).toBe(status);
    expect(await newestLetter()).toEqual(before);
  });

  it('takes JSON only', async () => {
    expect((await retry(letter, 'value=1', 'application/x-www-form-urlencoded')).status).toBe(415);
  });
});

describe('while Kafka is away', () => {
  it('a retry is refused, and the letter is as it was', async () => {
    const away = await ApiWorld.create({ databaseUrl: inject('databaseUrl'), brokers: '127.0.0.1:1' });
    try {
      await away.store([{ kafkaTopic: 'lifecycle.lxd.instance', key: null, headers: {}, value: 'x' }]);
      const [letter] = (await away.request('/api/dead-letters/')).json<Letter[]>();
      const answer = await away.request(`/api/dead-letters/${letter?.id}/retry/`, { method: 'POST' });
      expect(answer.status).toBe(503);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      expect((await away.request('/api/dead-letters/?retried=false')).headers['x-result-count']).toBe('1');
    } finally {
      await away.close();
    }
  });
});
