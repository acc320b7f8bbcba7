import { strict as assert } from 'node:assert';
import { TransportError, type TransportErrorCode } from '../errors.js';
import type { OutgoingRecord } from '../port.js';
import {
  Collector,
  consuming,
  freshName,
  freshTopic,
  send,
  text,
  until,
  type ConformanceCase,
  type ConformanceWorld,
} from './conformance-world.js';

async function rejection(work: Promise<unknown>, code: TransportErrorCode): Promise<TransportError> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof TransportError, `expected a TransportError, not ${String(error)}`);
    assert.equal(error.code, code);
    return error;
  }
  return assert.fail(`expected ${code}, but it resolved`);
}

async function readAll(world: ConformanceWorld, kafkaTopic: string, expected: number): Promise<Collector> {
  const collector = new Collector();
  const options = {
    groupId: freshName('reader'),
    matches: (name: string) => name === kafkaTopic,
    handle: collector.handle,
  };
  await consuming(world, [options], async () => {
    await until(world, `${expected} messages arrive`, () => collector.seen.length >= expected);
  });
  return collector;
}

/** What the port promises to those who send. */
export const publishingCases: readonly ConformanceCase[] = [
  {
    name: 'keeps the order of calls that do not wait for each other, per key',
    async run(world) {
      const kafkaTopic = await freshTopic(world, 'order');
      const publisher = await world.transport.createPublisher();
      const keys = ['a', 'b', 'c', 'd'];
      const calls = Array.from({ length: 200 }, (_, n) =>
        publisher.publish(keys.map((key) => text(kafkaTopic, key, String(n)))),
      );
      await Promise.all(calls);
      await publisher.close();
      const collector = await readAll(world, kafkaTopic, 800);
      const expected = Array.from({ length: 200 }, (_, n) => String(n));
      for (const key of keys) assert.deepEqual(collector.valuesOfKey(key), expected);
      assert.equal(collector.seen.length, 800);
    },
  },
  {
    name: 'puts a key always into the same partition, and messages without a key into several',
    async run(world) {
      const kafkaTopic = await freshTopic(world, 'partitions', 3);
      const keyed = Array.from({ length: 60 }, (_, n) => text(kafkaTopic, `k${n % 6}`, String(n)));
      const unkeyed = Array.from({ length: 60 }, (_, n) => text(kafkaTopic, null, String(n)));
      await send(world, [...keyed, ...unkeyed]);
      const { seen } = await readAll(world, kafkaTopic, 120);
      for (let n = 0; n < 6; n += 1) {
        const own = seen.filter(({ record }) => record.key?.toString() === `k${n}`);
        assert.equal(new Set(own.map(({ partition }) => partition)).size, 1);
      }
      const spread = seen.filter(({ record }) => record.key === null);
      assert.equal(new Set(spread.map(({ partition }) => partition)).size, 3);
    },
  },
  {
    name: 'says where each message lies, in the order of the call, over several kafkaTopics and partitions',
    async run(world) {
      const kafkaTopics = [await freshTopic(world, 'places', 3), await freshTopic(world, 'places', 2)];
      const records = Array.from({ length: 60 }, (_, n) =>
        text(kafkaTopics[n % 2] ?? '', n % 5 === 0 ? null : `k${n % 7}`, String(n)),
      );
      const publisher = await world.transport.createPublisher();
      const calls = await Promise.all([publisher.publish(records.slice(0, 25)), publisher.publish(records.slice(25))]);
      await publisher.close();
      const told = calls.flat().map(({ partition, offset }, n) => `${n}: ${kafkaTopics[n % 2]} ${partition} ${offset}`);
      const collectors = [
        await readAll(world, kafkaTopics[0] ?? '', 30),
        await readAll(world, kafkaTopics[1] ?? '', 30),
      ];
      const found = collectors.flatMap(({ seen }) =>
        seen.map(
          ({ kafkaTopic, partition, record }) => `${String(record.value)}: ${kafkaTopic} ${partition} ${record.offset}`,
        ),
      );
      assert.deepEqual([...told].sort(), found.sort());
    },
  },
  {
    name: 'carries bytes as they are: keys, values, headers, repeated headers, and the absence of them',
    async run(world) {
      const kafkaTopic = await freshTopic(world, 'bytes', 1);
      const odd = Buffer.from([0, 255, 254, 10, 195, 40]);
      const records: OutgoingRecord[] = [
        { kafkaTopic, key: odd, value: odd, headers: { odd, text: 'grüße', twice: ['one', odd], empty: '' } },
        { kafkaTopic, key: null, value: null, headers: {} },
        { kafkaTopic, key: '', value: '', headers: {} },
      ];
      await send(world, records);
      const { seen } = await readAll(world, kafkaTopic, 3);
      const [first, second, third] = seen.map(({ record }) => record);
      assert.deepEqual(first?.key, odd);
      assert.deepEqual(first?.value, odd);
      const bytesOf = (name: string): Buffer[] =>
        [first?.headers[name] ?? []].flat().map((value) => Buffer.from(value));
      assert.deepEqual(bytesOf('odd'), [odd]);
      assert.deepEqual(bytesOf('text'), [Buffer.from('grüße')]);
      assert.deepEqual(bytesOf('twice'), [Buffer.from('one'), odd]);
      assert.deepEqual(bytesOf('empty'), [Buffer.alloc(0)]);
      assert.equal(second?.key, null);
      assert.equal(second?.value, null);
      assert.deepEqual(Object.keys(second?.headers ?? { no: 1 }), []);
      assert.deepEqual(third?.key, Buffer.alloc(0));
      assert.deepEqual(third?.value, Buffer.alloc(0));
      assert.deepEqual(
        seen.map(({ record }) => record.offset),
        ['0', '1', '2'],
      );
      assert.match(first?.timestamp ?? '', /^\d{13}$/);
    },
  },
  {
    name: 'names the records that are too large and sends the others, in order',
    async run(world) {
      const kafkaTopic = await freshTopic(world, 'large', 1);
      const large = 'x'.repeat(1_200_000);
      const values = ['0', large, '2', '3', large, '5'];
      const publisher = await world.transport.createPublisher();
      const error = await rejection(
        publisher.publish(values.map((value) => text(kafkaTopic, 'k', value))),
        'TOO_LARGE',
      );
      assert.equal(error.retriable, false);
      assert.deepEqual(error.records, [1, 4]);
      await publisher.publish([text(kafkaTopic, 'k', '6')]);
      await publisher.close();
      const collector = await readAll(world, kafkaTopic, 5);
      assert.deepEqual(collector.values(), ['0', '2', '3', '5', '6']);
    },
  },
  {
    name: 'finds a record that only its kafkaTopic finds too large, and sends its neighbours',
    async run(world) {
      const kafkaTopic = freshName('narrow');
      const config = { 'max.message.bytes': '20000' };
      await world.transport.ensureTopics([{ kafkaTopic, partitions: 1, replicationFactor: 1, config }]);
      const values = Array.from({ length: 30 }, (_, n) => `${n}:${'y'.repeat(n === 17 ? 30_000 : 3_000)}`);
      const publisher = await world.transport.createPublisher();
      const error = await rejection(
        publisher.publish(values.map((value) => text(kafkaTopic, 'k', value))),
        'TOO_LARGE',
      );
      assert.deepEqual(error.records, [17]);
      await publisher.close();
      const collector = await readAll(world, kafkaTopic, 29);
      assert.deepEqual(
        collector.values(),
        values.filter((_, n) => n !== 17),
      );
    },
  },
  {
    name: 'refuses what cannot be encoded before anything of the call is sent',
    async run(world) {
      const kafkaTopic = await freshTopic(world, 'unfit', 1);
      const publisher = await world.transport.createPublisher();
      const unfit = { kafkaTopic, key: null, value: 'v', headers: { number: 7 as unknown as string } };
      const error = await rejection(publisher.publish([text(kafkaTopic, null, 'good'), unfit]), 'INVALID_RECORD');
      assert.deepEqual(error.records, [1]);
      await publisher.publish([text(kafkaTopic, null, 'after')]);
      await publisher.close();
      assert.deepEqual((await readAll(world, kafkaTopic, 1)).values(), ['after']);
    },
  },
  {
    name: 'does not let a kafkaTopic that is missing hold up the others',
    async run(world) {
      const kafkaTopic = await freshTopic(world, 'present', 1);
      const missing = freshName('missing');
      const publisher = await world.transport.createPublisher();
      const lost = rejection(
        publisher.publish([text(missing, 'k', 'v')], { deadlineMs: world.patienceMs }),
        'UNKNOWN_TOPIC',
      );
      const began = Date.now();
      let others = 0;
      for (; others < 5; others += 1) await publisher.publish([text(kafkaTopic, 'k', String(others))]);
      assert.ok(Date.now() - began < world.patienceMs);
      const error = await lost;
      assert.equal(error.retriable, true);
      assert.deepEqual(error.kafkaTopics, [missing]);
      await publisher.close();
      assert.equal((await readAll(world, kafkaTopic, 5)).seen.length, 5);
    },
  },
  {
    name: 'rejects at the deadline when the broker is away, as retriable, and neither making nor closing a publisher hangs',
    async run(world) {
      const transport = world.unreachable();
      const publisher = await transport.createPublisher();
      const began = Date.now();
      const error = await rejection(
        publisher.publish([text('anywhere', 'k', 'v')], { deadlineMs: 300 }),
        'UNAVAILABLE',
      );
      const took = Date.now() - began;
      assert.equal(error.retriable, true);
      assert.ok(took >= 290, `rejected before its deadline, after ${took} ms`);
      assert.ok(took < world.patienceMs, `rejected only after ${took} ms`);
      await rejection(transport.ping(300), 'UNAVAILABLE');
      await transport.close();
    },
  },
  {
    name: 'sends what is queued before it closes, and takes nothing afterwards',
    async run(world) {
      const kafkaTopic = await freshTopic(world, 'closing', 1);
      const publisher = await world.transport.createPublisher();
      const calls = Array.from({ length: 20 }, (_, n) => publisher.publish([text(kafkaTopic, 'k', String(n))]));
      await publisher.close();
      await Promise.all(calls);
      const error = await rejection(publisher.publish([text(kafkaTopic, 'k', 'late')]), 'CLOSED');
      assert.equal(error.retriable, true);
      assert.equal((await readAll(world, kafkaTopic, 20)).seen.length, 20);
    },
  },
  {
    name: 'resolves at once when there is nothing to send',
    async run(world) {
      const publisher = await world.transport.createPublisher();
      await publisher.publish([]);
      await publisher.close();
    },
  },
];
