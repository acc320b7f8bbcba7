import { strict as assert } from 'node:assert';
import type { ConsumeOptions, RecordBatch } from '../port.js';
import {
  Collector,
  consuming,
  freshName,
  freshTopic,
  numbered,
  reader,
  send,
  textOf,
  totalLag,
  until,
  type ConformanceCase,
} from './conformance-world.js';

/** What the port promises of the members of a group. */
export const groupCases: readonly ConformanceCase[] = [
  {
    name: 'finds kafkaTopics that appear while it runs, whether it reads any yet or not',
    async run(world) {
      const family = freshName('family');
      const groupId = freshName('group');
      const collectors = [new Collector(), new Collector()];
      const members = collectors.map(({ handle }): ConsumeOptions => {
        return { groupId, matches: (name) => name.startsWith(family), handle };
      });
      await consuming(world, members, async (consumptions) => {
        for (const suffix of ['x', 'y', 'z']) {
          const kafkaTopic = `${family}.${suffix}`;
          await world.transport.ensureTopics([{ kafkaTopic, partitions: 2, replicationFactor: 1 }]);
          await send(
            world,
            numbered(kafkaTopic, 20, (n) => `k${n}`),
          );
          await until(world, `${suffix} is read`, () => {
            const seen = collectors
              .flatMap((collector) => collector.seen)
              .filter((one) => one.kafkaTopic === kafkaTopic);
            return new Set(seen.map(({ record }) => textOf(record.value))).size === 20;
          });
        }
        await until(world, 'the members rest', () => consumptions.every((one) => one.isJoined()));
        assert.equal((await consumptions[0]!.lag()).length, 6);
      });
    },
  },
  {
    name: 'reads everything once with several members in one consumer, and stops all of them',
    async run(world) {
      const kafkaTopic = await freshTopic(world, 'several', 4);
      const collector = new Collector();
      const options = { ...reader(kafkaTopic, collector.handle), members: 2 };
      await consuming(world, [options], async ([consumption]) => {
        await until(world, 'both have joined', () => consumption!.isJoined());
        await send(
          world,
          numbered(kafkaTopic, 80, (n) => `k${n}`),
        );
        await until(world, 'all are read', () => collector.seen.length >= 80);
        await until(world, 'the position follows', async () => (await totalLag(consumption!)) === 0n);
        await consumption!.stop();
        await send(world, numbered(kafkaTopic, 10));
        assert.equal(await totalLag(consumption!), 10n);
      });
      assert.equal(collector.seen.length, 80);
      assert.equal(new Set(collector.values()).size, 80);
    },
  },
  {
    name: 'shares the partitions among the members, and hands a leaving member’s share to the others',
    async run(world) {
      const kafkaTopic = await freshTopic(world, 'sharing', 4);
      const groupId = freshName('group');
      const collectors = [new Collector(), new Collector()];
      const members = collectors.map((collector) => reader(kafkaTopic, collector.handle, groupId));
      await consuming(world, members, async ([first]) => {
        let round = 0;
        await until(world, 'both have work', async () => {
          round += 1;
          await send(
            world,
            numbered(kafkaTopic, 40, (n) => `${round}-${n}`),
          );
          return collectors.every(({ seen }) => seen.length > 0);
        });
        await first!.stop();
        const [left, stays] = collectors.map(({ seen }) => seen.length);
        await send(
          world,
          numbered(kafkaTopic, 40, (n) => `last-${n}`),
        );
        await until(world, 'the other reads all partitions', () => {
          const own = collectors[1]!.seen.slice(stays).filter(({ record }) => textOf(record.key).startsWith('last-'));
          return new Set(own.map(({ record }) => textOf(record.key))).size === 40;
        });
        assert.equal(collectors[0]!.seen.length, left);
      });
    },
  },
  {
    name: 'handles several partitions at once, up to the concurrency asked for, and one partition never twice at once',
    async run(world) {
      const kafkaTopic = await freshTopic(world, 'concurrency', 4);
      await send(
        world,
        numbered(kafkaTopic, 80, (n) => `k${n}`),
      );
      const running = new Set<number>();
      let most = 0;
      let overlapped = false;
      const collector = new Collector();
      const handle = async (batch: RecordBatch): Promise<void> => {
        if (running.has(batch.partition)) overlapped = true;
        running.add(batch.partition);
        most = Math.max(most, running.size);
        await new Promise((resolve) => setTimeout(resolve, 30));
        running.delete(batch.partition);
        await collector.handle(batch);
      };
      await consuming(world, [{ ...reader(kafkaTopic, handle), concurrency: 2 }], async () => {
        await until(world, 'all are read', () => collector.seen.length >= 80);
      });
      assert.equal(overlapped, false);
      assert.equal(most, 2);
    },
  },
];
