import {
  KafkaTransport,
  type ConsumeOptions,
  type Consumption,
  type IncomingRecord,
  type TopicSpec,
} from '@tidings/transport';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { freshPrefix } from '../../harness/fresh-names.js';
import { until } from '../../harness/until.js';
import { foreignProducer, type ForeignProducer } from './foreign-producer.js';

const producer = await foreignProducer();

let transport: KafkaTransport;

beforeAll(() => {
  transport = new KafkaTransport({ brokers: inject('brokers').split(','), clientId: 'test' });
});

afterAll(async () => {
  await transport.close();
});

/** A kafkaTopic of one partition and a group that reads it. */
class Reading {
  readonly records: IncomingRecord[] = [];
  readonly fatal: Error[] = [];
  private consumption: Consumption | undefined;

  private constructor(readonly kafkaTopic: string) {}

  static async start(config: TopicSpec['config'] = {}, options: Partial<ConsumeOptions> = {}): Promise<Reading> {
    const reading = new Reading(`${freshPrefix()}records`);
    const { kafkaTopic } = reading;
    await transport.ensureTopics([{ kafkaTopic, partitions: 1, replicationFactor: 1, config }]);
    reading.consumption = await transport.consume({
      groupId: `${kafkaTopic}.group`,
      matches: (name) => name === kafkaTopic,
      handle: async ({ records }) => void reading.records.push(...records),
      onFatal: (error) => reading.fatal.push(error),
      stallAfterMs: 6_000,
      ...options,
    });
    await until(() => reading.consumption?.isJoined() === true);
    return reading;
  }

  values(): readonly (string | undefined)[] {
    return this.records.map(({ value }) => value?.toString());
  }

  async lag(): Promise<bigint> {
    return ((await this.consumption?.lag()) ?? []).reduce((sum, { lag }) => sum + lag, 0n);
  }

  /** Until nothing is left to read, and that is committed. */
  async settled(): Promise<void> {
    await until(async () => (await this.lag()) === 0n, { timeout: 60_000 });
  }

  async stop(): Promise<void> {
    await this.consumption?.stop();
    expect(this.fatal).toEqual([]);
  }
}

describe.skipIf('missing' in producer)('what a producer on librdkafka writes', () => {
  const { write } = producer as ForeignProducer;

  it.each(['gzip', 'snappy', 'lz4', 'zstd'])(
    'is read when it is compressed by %s, and what follows it',
    async (codec) => {
      const reading = await Reading.start();
      const { kafkaTopic } = reading;
      const value = `{"n":#,"text":"${'some words '.repeat(40)}"}`;
      await write({ kafkaTopic, settings: { 'compression.type': codec }, messages: [{ value, times: 300 }] });
      await write({ kafkaTopic, messages: [{ value: 'plain', headers: [['trace', null]] }] });
      await until(() => reading.records.length >= 301, { timeout: 60_000 });
      expect(reading.values()).toEqual([
        ...Array.from({ length: 300 }, (_, n) => value.replace('#', String(n))),
        'plain',
      ]);
      await reading.stop();
    },
  );

  it.each(['gzip', 'snappy', 'lz4', 'zstd'])(
    'is read where the kafkaTopic itself is compressed by %s',
    async (codec) => {
      const reading = await Reading.start({ 'compression.type': codec });
      const publisher = await transport.createPublisher();
      const values = Array.from({ length: 50 }, (_, n) => `${n} ${'of our own '.repeat(30)}`);
      await publisher.publish(
        values.map((value) => ({ kafkaTopic: reading.kafkaTopic, key: null, headers: {}, value })),
      );
      await until(() => reading.records.length >= 50, { timeout: 60_000 });
      expect(reading.values()).toEqual(values);
      await publisher.close();
      await reading.stop();
    },
  );

  it('is acknowledged up to the end when transactions are aborted, or large, and nothing follows', async () => {
    const reading = await Reading.start({ 'max.message.bytes': '4000000' });
    const { kafkaTopic } = reading;
    await write({
      kafkaTopic,
      transactions: [
        { messages: [{ value: 'kept' }], end: 'commit' },
        { messages: [{ value: 'dropped', times: 3 }], end: 'abort' },
      ],
    });
    await reading.settled();
    expect(reading.values()).toEqual(['kept']);
    // More than a fetch of a partition: the marker comes alone.
    await write({ kafkaTopic, transactions: [{ messages: [{ bytes: 1_200_000 }], end: 'commit' }] });
    await reading.settled();
    await write({ kafkaTopic, transactions: [{ messages: [{ value: 'dropped' }], end: 'abort' }] });
    await reading.settled();
    expect(reading.records).toHaveLength(2);
    await reading.stop();
  });

  it('is no lag while its transaction is open, for nobody may read it', async () => {
    const reading = await Reading.start();
    const { kafkaTopic } = reading;
    const settings = { 'transactional.id': kafkaTopic };
    await write({ kafkaTopic, settings, transactions: [{ messages: [{ value: 'open' }], end: 'leave' }] });
    expect(await reading.lag()).toBe(0n);
    // The same producer, started again: what it had left open is aborted.
    await write({ kafkaTopic, settings, transactions: [{ messages: [{ value: 'behind it' }], end: 'commit' }] });
    await until(() => reading.records.length > 0, { timeout: 60_000 });
    await reading.settled();
    expect(reading.values()).toEqual(['behind it']);
    await reading.stop();
  });

  it('is put aside where it is too large once unpacked, and its neighbours are read', async () => {
    const reading = await Reading.start({}, { maxRecordBytes: 3_000_000 });
    const { kafkaTopic } = reading;
    const messages = [{ value: 'a' }, { bytes: 2_999_900 }, { bytes: 40_000_000 }, { value: 'z' }];
    await write({ kafkaTopic, settings: { 'compression.type': 'gzip' }, messages });
    await until(() => reading.records.length >= 4, { timeout: 60_000 });
    expect(reading.records.map(({ value, unreadable }) => value?.length ?? unreadable)).toEqual([
      1,
      2_999_900,
      expect.stringMatching(/^is 4000\d{4} bytes long when unpacked; at most 3000000 are read$/),
      1,
    ]);
    await reading.settled();
    await reading.stop();
  });

  it('is read in parts where one batch holds very many messages', async () => {
    const sizes: number[] = [];
    let count = 0;
    const handle: ConsumeOptions['handle'] = async ({ records }) => {
      sizes.push(records.length);
      count += records.length;
    };
    const reading = await Reading.start({}, { handle });
    const { kafkaTopic } = reading;
    await write({ kafkaTopic, settings: { 'compression.type': 'gzip' }, messages: [{ value: 't', times: 300_000 }] });
    await until(() => count >= 300_000, { timeout: 100_000 });
    expect(count).toBe(300_000);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(20_000);
    await reading.settled();
    await reading.stop();
  });

  it('is put aside with a reason where it has more headers than are read', async () => {
    const reading = await Reading.start();
    const messages = [{ manyHeaders: 1_024 }, { manyHeaders: 20_000 }, { value: 'behind' }];
    await write({ kafkaTopic: reading.kafkaTopic, messages });
    await until(() => reading.records.length >= 3, { timeout: 60_000 });
    expect(reading.records.map((record) => record.unreadable)).toEqual([
      undefined,
      'has 20000 headers; at most 1024 are read',
      undefined,
    ]);
    await reading.stop();
  });
});
