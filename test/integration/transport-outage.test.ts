import { rmSync } from 'node:fs';
import { DataDirectory, EmbeddedKafka } from '@tidings/standalone';
import { KafkaTransport, TransportError, type Consumption, type RecordBatch, type Transport } from '@tidings/transport';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { cacheDirectory, temporaryFolder } from '../harness/embedded-servers.js';
import { freshName } from '../harness/fresh-names.js';
import { until } from '../harness/until.js';

/** A broker of our own, because it is frozen and killed here. */
const directory = DataDirectory.open(temporaryFolder());
const kafka = new EmbeddedKafka({
  directory,
  cacheDirectory: cacheDirectory(),
  port: 0,
  ...(process.env['JAVA_HOME'] !== undefined && { javaHome: process.env['JAVA_HOME'] }),
});
const transports: Transport[] = [];

function connect(): KafkaTransport {
  const { brokers, login } = kafka;
  const sasl = login && { mechanism: 'plain' as const, ...login };
  const transport = new KafkaTransport({ brokers, clientId: 'outage', ...(sasl && { sasl }) });
  transports.push(transport);
  return transport;
}

async function freshTopic(transport: Transport): Promise<string> {
  const kafkaTopic = freshName();
  await transport.ensureTopics([{ kafkaTopic, partitions: 2, replicationFactor: 1 }]);
  return kafkaTopic;
}

function message(kafkaTopic: string, value: string, key = 'k') {
  return { kafkaTopic, key, value, headers: {} };
}

/** Reads a kafkaTopic and remembers every value, and in which order those of a key came first. */
class Reader {
  readonly values = new Set<string>();
  readonly byKey = new Map<string, string[]>();
  readonly fatal: Error[] = [];

  async start(transport: Transport, kafkaTopic: string): Promise<Consumption> {
    return transport.consume({
      groupId: freshName(),
      matches: (name) => name === kafkaTopic,
      discoverEveryMs: 500,
      handle: async (batch) => this.take(batch),
      onFatal: (error) => this.fatal.push(error),
    });
  }

  private take(batch: RecordBatch): void {
    for (const record of batch.records) {
      const [key, value] = [String(record.key), String(record.value)];
      if (this.values.has(value)) continue;
      this.values.add(value);
      const those = this.byKey.get(key);
      if (those === undefined) this.byKey.set(key, [value]);
      else those.push(value);
    }
  }
}

beforeAll(async () => {
  await kafka.start();
});

afterEach(async () => {
  await Promise.all(transports.splice(0).map((transport) => transport.close()));
});

afterAll(async () => {
  await kafka.stop();
  directory.release();
  rmSync(directory.path, { recursive: true, force: true });
});

describe('the Kafka driver, when its broker', () => {
  it('stands still, rejects at the deadline, and sends what may still wait once it goes on', async () => {
    const transport = connect();
    const kafkaTopic = await freshTopic(transport);
    const publisher = await transport.createPublisher();
    await publisher.publish([message(kafkaTopic, 'before')]);
    const pid = kafka.pid!;
    process.kill(pid, 'SIGSTOP');
    try {
      const began = Date.now();
      const patient = publisher.publish([message(kafkaTopic, 'patient')], { deadlineMs: 50_000 });
      const error: unknown = await publisher
        .publish([message(kafkaTopic, 'hasty')], { deadlineMs: 1_500 })
        .catch((rejection: unknown) => rejection);
      expect(error).toBeInstanceOf(TransportError);
      expect(error).toMatchObject({ code: 'UNAVAILABLE', retriable: true });
      expect(Date.now() - began).toBeGreaterThanOrEqual(1_490);
      await expect(transport.ping(500)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      process.kill(pid, 'SIGCONT');
      await patient;
      await transport.ping();
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    const reader = new Reader();
    await reader.start(transport, kafkaTopic);
    await until(() => reader.values.has('patient'));
  }, 90_000);

  it('is killed and comes back, loses nothing that it acknowledged and keeps the order per key', async () => {
    const transport = connect();
    const kafkaTopic = await freshTopic(transport);
    const reader = new Reader();
    const consumption = await reader.start(transport, kafkaTopic);
    const publisher = await transport.createPublisher();
    const acknowledged: string[] = [];
    let sending = true;
    const sender = async (key: string): Promise<void> => {
      for (let n = 0; sending; n += 1) {
        const value = `${key}-${n}`;
        // As every producer must: what may be sent again is sent again, and nothing after it before.
        await until(() => publisher.publish([message(kafkaTopic, value, key)], { deadlineMs: 2_000 }).then(() => true));
        acknowledged.push(value);
      }
    };
    const senders = ['a', 'b', 'c'].map((key) => sender(key));
    await until(() => acknowledged.length > 100 && reader.values.size > 50);
    await kafka.kill();
    await kafka.start();
    const before = acknowledged.length;
    await until(() => acknowledged.length > before + 100);
    sending = false;
    await Promise.all(senders);
    await until(() => acknowledged.every((value) => reader.values.has(value)), { timeout: 60_000 });
    for (const [key, values] of reader.byKey) expect(values).toEqual(values.map((_, n) => `${key}-${n}`));
    await until(async () => (await consumption.lag()).every(({ lag }) => lag === 0n));
    expect(reader.fatal).toEqual([]);
  }, 180_000);

  it('is not there yet, waits for it with what it has to send and to read', async () => {
    const before = connect();
    const kafkaTopic = await freshTopic(before);
    await before.close();
    await kafka.kill();
    const transport = connect();
    const reader = new Reader();
    const consumption = await reader.start(transport, kafkaTopic);
    const publisher = await transport.createPublisher();
    const sent = publisher.publish([message(kafkaTopic, 'early')], { deadlineMs: 60_000 });
    await expect(transport.ping(500)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(consumption.isJoined()).toBe(false);
    await kafka.start();
    await sent;
    await until(() => reader.values.has('early'), { timeout: 60_000 });
    expect(consumption.isJoined()).toBe(true);
    expect(reader.fatal).toEqual([]);
  }, 120_000);
});
