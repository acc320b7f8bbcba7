import { connect as connectTcp, type Socket } from 'node:net';
import { KafkaTransport, type KafkaAddress } from '@tidings/transport';
import { Kafka, logLevel } from 'kafkajs';
import { describe, expect, inject, it } from 'vitest';
import { freshPrefix } from '../../harness/fresh-names.js';
import { until } from '../../harness/until.js';

const OFFSET_COMMIT = 8;

/** Connections of which the next commits break, as when a broker is restarted in that moment. */
class BreakingDial {
  breaks = 0;

  readonly dial = ({ host, port, onConnect }: KafkaAddress): Socket => {
    const socket = connectTcp({ host, port }, onConnect);
    const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
    socket.write = (bytes: unknown, ...rest: unknown[]) => {
      const isCommit = Buffer.isBuffer(bytes) && bytes.length > 6 && bytes.readInt16BE(4) === OFFSET_COMMIT;
      if (!isCommit || this.breaks === 0) return write(bytes, ...rest);
      this.breaks -= 1;
      socket.destroy(new Error('read ECONNRESET'));
      return false;
    };
    return socket;
  };
}

describe('the position in a kafkaTopic', () => {
  it('is committed although the connection broke in the commit and nothing else comes', async () => {
    const kafkaTopic = `${freshPrefix()}quiet`;
    const dialling = new BreakingDial();
    const brokers = inject('brokers').split(',');
    const transport = new KafkaTransport({ brokers, clientId: 'test', dial: dialling.dial });
    await transport.ensureTopics([{ kafkaTopic, partitions: 1, replicationFactor: 1 }]);
    const handled: string[] = [];
    const fatal: Error[] = [];
    await transport.consume({
      groupId: `${kafkaTopic}.group`,
      matches: (name) => name === kafkaTopic,
      handle: async ({ records }) => void handled.push(...records.map(({ value }) => String(value))),
      onFatal: (error) => fatal.push(error),
    });
    const publisher = await transport.createPublisher();
    const send = (value: string) => publisher.publish([{ kafkaTopic, key: null, headers: {}, value }]);
    await send('one');
    const onlooker = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
    await onlooker.connect();
    const committed = async () => {
      const [offsets] = await onlooker.fetchOffsets({ groupId: `${kafkaTopic}.group`, topics: [kafkaTopic] });
      return offsets?.partitions[0]?.offset;
    };
    await until(async () => (await committed()) === '1');
    dialling.breaks = 1;
    await send('two');
    await until(() => handled.includes('two'));
    await until(async () => (await committed()) === '2', { timeout: 30_000 });
    expect(dialling.breaks).toBe(0);
    expect(fatal).toEqual([]);
    await onlooker.disconnect();
    await transport.close();
  });

  it('begins anew where the kafkaTopic was deleted and made anew, also behind where it was', async () => {
    const kafkaTopic = `${freshPrefix()}remade`;
    const spec = { kafkaTopic, partitions: 2, replicationFactor: 1 };
    const brokers = inject('brokers').split(',');
    const transport = new KafkaTransport({ brokers, clientId: 'test' });
    const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await transport.ensureTopics([spec]);
    const handled = new Set<string>();
    const seen = (name: string, count: number) =>
      Array.from({ length: count }, (_, n) => `${name} ${n}`).every((value) => handled.has(value));
    const consumption = await transport.consume({
      groupId: `${kafkaTopic}.group`,
      matches: (name) => name === kafkaTopic,
      handle: async ({ records }) => void records.forEach(({ value }) => handled.add(String(value))),
      discoverEveryMs: 2_000,
    });
    const publisher = await transport.createPublisher();
    const send = (name: string, count: number) =>
      publisher.publish(
        Array.from({ length: count }, (_, n) => ({ kafkaTopic, key: 'k', headers: {}, value: `${name} ${n}` })),
        { deadlineMs: 60_000 },
      );
    await send('old', 5);
    await until(() => seen('old', 5));
    await until(async () => (await consumption.lag()).every(({ lag }) => lag === 0n));
    for (const name of ['second', 'third']) {
      await admin.deleteTopics({ topics: [kafkaTopic] });
      // Until the broker has forgotten the name, it cannot be given again.
      await until(async () => {
        await transport.ensureTopics([spec]);
        return (await transport.describeTopics([kafkaTopic])).length === 1;
      });
      await send(name, 8);
      await until(() => seen(name, 8), { timeout: 60_000 });
    }
    await until(async () => (await consumption.lag()).every(({ lag }) => lag === 0n), { timeout: 30_000 });
    await admin.disconnect();
    await transport.close();
  });
});
