import { strict as assert } from 'node:assert';
import type { BatchControl, ConsumeOptions, RecordBatch } from '../port.js';
import {
  Collector,
  consuming,
  freshName,
  freshTopic,
  send,
  text,
  textOf,
  until,
  type ConformanceCase,
} from './conformance-world.js';

function reader(kafkaTopic: string, handle: ConsumeOptions['handle'], groupId = freshName('group')): ConsumeOptions {
  return { groupId, matches: (name) => name === kafkaTopic, handle };
}

function numbered(kafkaTopic: string, count: number, key: (n: number) => string = () => 'k') {
  return Array.from({ length: count }, (_, n) => text(kafkaTopic, key(n), String(n)));
}

async function totalLag(consumption: { lag(): Promise<readonly { lag: bigint }[]> }): Promise<bigint> {
  return (await consumption.lag()).reduce((sum, { lag }) => sum + lag, 0n);
}

/** What the port promises to those who read. */
export const consumingCases: readonly ConformanceCase[] = [
  {
    name: 'gives a new group everything from the oldest message, and every group everything',
    async run(world) {
      const kafkaTopic = await freshTopic(world, 'groups');
      await send(
        world,
        numbered(kafkaTopic, 40, (n) => `k${n}`),
      );
      const [one, other] = [new Collector(), new Collector()];
      await consuming(world, [reader(kafkaTopic, one.handle), reader(kafkaTopic, other.handle)], async () => {
        await until(world, 'both read all', () => one.seen.length >= 40 && other.seen.length >= 40);
      });
      assert.equal(new Set(one.values()).size, 40);
      assert.equal(new Set(other.values()).size, 40);
    },
  },
  {
    name: 'brings a batch again after its handler failed, skipping nothing, in order',
    async run(world) {
      const kafkaTopic = await freshTopic(world, 'again', 1);
      await send(world, numbered(kafkaTopic, 50));
      const collector = new Collector();
      const firsts: string[] = [];
      const handle = async (batch: RecordBatch): Promise<void> => {
        firsts.push(textOf(batch.records[0]?.value ?? null));
        if (firsts.length <= 3) throw new Error('not yet');
        await collector.handle(batch);
      };
      await consuming(world, [reader(kafkaTopic, handle)], async ([consumption]) => {
        await until(world, 'all are read', () => collector.seen.length >= 50);
        await until(world, 'the position follows', async () => (await totalLag(consumption!)) === 0n);
      });
      assert.deepEqual(firsts.slice(0, 4), ['0', '0', '0', '0']);
      assert.deepEqual(
        collector.values(),
        numbered(kafkaTopic, 50).map(({ value }) => value),
      );
    },
  },
  {
    name: 'lets a partition whose handler keeps failing hold up no other',
    async run(world) {
      const [bad, good] = [await freshTopic(world, 'bad', 1), await freshTopic(world, 'good', 1)];
      await send(world, [text(bad, 'k', 'poison'), ...numbered(good, 10)]);
      const collector = new Collector();
      let failures = 0;
      const handle = async (batch: RecordBatch): Promise<void> => {
        if (batch.kafkaTopic !== bad) return collector.handle(batch);
        failures += 1;
        throw new Error('poison');
      };
      const options = {
        ...reader(bad, handle),
        matches: (name: string) => name === bad || name === good,
        concurrency: 1,
      };
      await consuming(world, [options], async () => {
        await until(
          world,
          'the poison was tried twice and the rest is read',
          () => failures >= 2 && collector.seen.length >= 10,
        );
        const tried = failures;
        await send(world, [text(good, 'k', 'later')]);
        await until(world, 'new messages still come', () => collector.values().includes('later'));
        await until(world, 'the poison is tried again', () => failures > tried);
      });
    },
  },
  {
    name: 'goes on from its position with the next consumer of the group',
    async run(world) {
      const kafkaTopic = await freshTopic(world, 'positions');
      const groupId = freshName('group');
      const [first, second] = [new Collector(), new Collector()];
      await send(
        world,
        numbered(kafkaTopic, 30, (n) => `k${n}`),
      );
      await consuming(world, [reader(kafkaTopic, first.handle, groupId)], async () => {
        await until(world, 'the first reads', () => first.seen.length >= 30);
      });
      await send(world, [text(kafkaTopic, 'k', 'new')]);
      await consuming(world, [reader(kafkaTopic, second.handle, groupId)], async () => {
        await until(world, 'the second reads', () => second.seen.length >= 1);
      });
      assert.deepEqual(second.values(), ['new']);
    },
  },
  {
    name: 'finishes the batch in hand when it is stopped, and keeps its position',
    async run(world) {
      const kafkaTopic = await freshTopic(world, 'stopping', 1);
      const groupId = freshName('group');
      await send(world, numbered(kafkaTopic, 5));
      const finished: string[] = [];
      let control: BatchControl | undefined;
      let release: () => void = () => undefined;
      const gate = new Promise<void>((resolve) => {
        release = resolve;
      });
      const slow = async (batch: RecordBatch, given: BatchControl): Promise<void> => {
        control = given;
        await gate;
        finished.push(...batch.records.map(({ value }) => textOf(value)));
      };
      let stopped = false;
      const consumption = await world.transport.consume({ ...reader(kafkaTopic, slow, groupId), discoverEveryMs: 200 });
      await until(world, 'the batch is in hand', () => control !== undefined);
      assert.equal(control?.isStale(), false);
      const stop = consumption.stop().then(() => {
        stopped = true;
      });
      await until(world, 'the handler is told', () => control?.isStale() === true);
      assert.equal(stopped, false);
      release();
      await stop;
      assert.equal(finished.length, 5);
      await send(world, [text(kafkaTopic, 'k', 'next')]);
      const collector = new Collector();
      await consuming(world, [reader(kafkaTopic, collector.handle, groupId)], async () => {
        await until(world, 'the next is read', () => collector.values().includes('next'));
      });
      assert.deepEqual(collector.values(), ['next']);
    },
  },
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
  {
    name: 'tells the lag of every partition, before and after reading',
    async run(world) {
      const kafkaTopic = await freshTopic(world, 'lag');
      await send(
        world,
        numbered(kafkaTopic, 25, (n) => `k${n}`),
      );
      let open = false;
      const handle = async (): Promise<void> => {
        if (!open) throw new Error('closed');
      };
      await consuming(world, [reader(kafkaTopic, handle)], async ([consumption]) => {
        const before = await consumption!.lag();
        assert.deepEqual(before.map(({ partition }) => partition).sort(), [0, 1]);
        assert.ok(before.every((one) => one.kafkaTopic === kafkaTopic));
        assert.equal(await totalLag(consumption!), 25n);
        open = true;
        await until(world, 'nothing is left', async () => (await totalLag(consumption!)) === 0n);
      });
    },
  },
  {
    name: 'ends by onFatal when there is lag and nothing moves, unless the handler says that it waits',
    async run(world) {
      const kafkaTopic = await freshTopic(world, 'stall', 1);
      await send(world, numbered(kafkaTopic, 3));
      let release: () => void = () => undefined;
      const gate = new Promise<void>((resolve) => {
        release = resolve;
      });
      const fatal: Error[] = [];
      let waiting = true;
      const options: ConsumeOptions = {
        ...reader(kafkaTopic, () => gate),
        stallAfterMs: 400,
        isWaiting: () => waiting,
        onFatal: (error) => fatal.push(error),
      };
      await consuming(world, [options], async () => {
        const end = Date.now() + 1_200;
        await until(world, 'the excuse holds', () => Date.now() > end);
        assert.equal(fatal.length, 0);
        waiting = false;
        await until(world, 'the watchdog barks', () => fatal.length > 0);
        release();
      });
      assert.equal(fatal.length, 1);
      assert.match(fatal[0]?.message ?? '', /makes no progress/);
    },
  },
];
