import { destinationType } from '@tidings/notifications';
import { OutboundGuard } from '@tidings/outbound';
import { decodeRecord, type IncomingRecord, KafkaTransport } from '@tidings/transport';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { freshPrefix } from '../../harness/fresh-names.js';
import { until } from '../../harness/until.js';

/** Numbers beyond a double's precision, and an order of keys, that must arrive as they were sent. */
const DATA = '{"b":12345678901234567890.10,"a":"naïve"}';
const EVENT = `{"specversion":"1.0","id":"7","source":"/lxd/rack1","type":"com.canonical.lxd.operation","time":"2026-11-02T08:01:53.204000001Z","subject":"c1","traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","data":${DATA}}`;
const HERE = new OutboundGuard(['127.0.0.0/8', '::1/128']);

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function open(endpoint: string, topic: string, outbound = HERE) {
  const type = destinationType('event_streams');
  if (type === undefined) throw new Error('there is no such kind of destination');
  const { config, secrets } = type.readConfig({ endpoint, topic });
  const destination = type.open({ config, secrets: secrets ?? {}, signingSecrets: [], outbound });
  closing.push(() => destination.close());
  return (kafkaKey: string | null, messageId = 'msg_1') =>
    destination.deliver(
      { messageId, attempt: 1, notificationId: 'n', eventText: EVENT, kafkaKey, attributes: {}, rendered: undefined },
      AbortSignal.timeout(30_000),
    );
}

async function topicOf(
  brokers: string,
): Promise<{ kafkaTopic: string; read: (count: number) => Promise<IncomingRecord[]> }> {
  const transport = new KafkaTransport({ brokers: brokers.split(','), clientId: 'test' });
  closing.push(() => transport.close());
  const kafkaTopic = `${freshPrefix()}taken`;
  await transport.ensureTopics([{ kafkaTopic, partitions: 1, replicationFactor: 1 }]);
  const records: IncomingRecord[] = [];
  const read = async (count: number): Promise<IncomingRecord[]> => {
    await transport.consume({
      groupId: freshPrefix(),
      matches: (name) => name === kafkaTopic,
      handle: (batch) => Promise.resolve(void records.push(...batch.records)),
    });
    await until(() => records.length >= count);
    return records;
  };
  return { kafkaTopic, read };
}

describe('a Kafka destination', () => {
  it('gets exactly the event, under the key that it came with', async () => {
    const { kafkaTopic, read } = await topicOf(inject('brokers'));
    const deliver = open(inject('brokers'), kafkaTopic);
    expect(await deliver('instance/c1', 'msg_a')).toEqual({ outcome: 'delivered', status: 'acknowledged' });
    expect(await deliver(null, 'msg_b')).toMatchObject({ outcome: 'delivered' });
    const [first, second] = await read(2);
    expect(first?.key?.toString()).toBe('instance/c1');
    expect(second?.key).toBeNull();
    expect(first?.value?.toString()).toBe(DATA);
    expect(first?.headers['webhook-id']?.toString()).toBe('msg_a');
    expect(first && decodeRecord(first)).toMatchObject({
      kind: 'event',
      event: {
        id: '7',
        source: '/lxd/rack1',
        type: 'com.canonical.lxd.operation',
        time: '2026-11-02T08:01:53.204000001Z',
        subject: 'c1',
        extensions: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
      },
    });
  });

  it('keeps the order of what is delivered one after the other', async () => {
    const { kafkaTopic, read } = await topicOf(inject('brokers'));
    const deliver = open(inject('brokers'), kafkaTopic);
    await Promise.all(Array.from({ length: 50 }, (_, index) => deliver('one', `msg_${index}`)));
    const ids = (await read(50)).map(({ headers }) => headers['webhook-id']?.toString());
    expect(ids).toEqual(Array.from({ length: 50 }, (_, index) => `msg_${index}`));
  });

  it('that does not exist, or where nobody listens, is tried again', async () => {
    expect(await open(inject('brokers'), `${freshPrefix()}missing`)('k')).toMatchObject({
      outcome: 'failed',
      status: 'unknown_topic',
    });
    expect(await open('127.0.0.1:1', 'any')('k')).toMatchObject({ outcome: 'failed', status: 'unavailable' });
  });

  it('is not dialled where it may not be', async () => {
    const { kafkaTopic, read } = await topicOf(inject('brokers'));
    const port = inject('brokers').split(':').at(-1) ?? '';
    for (const host of ['127.0.0.1', 'localhost', '2130706433']) {
      expect(await open(`${host}:${port}`, kafkaTopic, new OutboundGuard())('k')).toMatchObject({
        outcome: 'refused',
        status: 'blocked',
      });
    }
    expect(await open(inject('brokers'), kafkaTopic)('k', 'msg_last')).toMatchObject({ outcome: 'delivered' });
    const records = await read(1);
    expect(records.map(({ headers }) => headers['webhook-id']?.toString())).toEqual(['msg_last']);
  });
});

describe('its configuration', () => {
  const type = destinationType('event_streams');

  it('is read, and shown without the password', () => {
    const kept = type?.readConfig({
      endpoint: 'kafka-1:9093, kafka-2:9093',
      topic: 'taken',
      tls: true,
      sasl_mechanism: 'scram-sha-512',
      username: 'app',
      password: 'the-password',
    });
    expect(kept && JSON.stringify(type?.viewConfig(kept))).not.toContain('the-password');
    expect(kept?.config).not.toHaveProperty('password');
  });

  it.each([
    [{ topic: 't' }, 'endpoint'],
    [{ endpoint: 'kafka', topic: 't' }, 'endpoint'],
    [{ endpoint: 'kafka:9092' }, 'topic'],
    [{ endpoint: 'kafka:9092', topic: 'a/b' }, 'topic'],
    [{ endpoint: 'kafka:9092', topic: 't', username: 'u' }, 'password'],
    [{ endpoint: 'kafka:9092', topic: 't', sasl_mechanism: 'gssapi' }, 'sasl_mechanism'],
  ])('%j is refused by the field %s', (params, field) => {
    expect(() => type?.readConfig(params)).toThrow(
      expect.objectContaining({
        details: {
          fields: expect.objectContaining({ [`config.params.${field}`]: expect.anything() as unknown }) as object,
        },
      }) as Error,
    );
  });
});
