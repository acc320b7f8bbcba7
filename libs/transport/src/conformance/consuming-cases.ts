import { strict as assert } from 'node:assert';
import { HandedBack } from '../handed-back.js';
import type { BatchControl, ConsumeOptions, RecordBatch } from '../port.js';
import {
  Collector,
  consuming,
  freshName,
  freshTopic,
  numbered,
  reader,
  send,
  text,
  textOf,
  totalLag,
  until,
  type ConformanceCase,
} from './conformance-world.js';

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
    name: 'keeps what was done of a batch that was handed back, and brings the rest again',
    async run(world) {
      const kafkaTopic = await freshTopic(world, 'handed-back', 1);
      const groupId = freshName('group');
      await send(world, numbered(kafkaTopic, 20));
      const collector = new Collector();
      const handle = async (batch: RecordBatch, control: BatchControl): Promise<void> => {
        for (const record of batch.records.slice(0, 3)) await collector.handle({ ...batch, records: [record] });
        await until(world, 'the consumer stops', () => control.isStale());
        throw new HandedBack(batch.records[2]?.offset);
      };
      const consumption = await world.transport.consume({
        ...reader(kafkaTopic, handle, groupId),
        discoverEveryMs: 200,
      });
      await until(world, 'a part is done', () => collector.seen.length === 3);
      await consumption.stop();
      await consuming(world, [reader(kafkaTopic, collector.handle, groupId)], async ([next]) => {
        await until(world, 'the rest is read', async () => (await totalLag(next!)) === 0n);
      });
      assert.deepEqual(
        collector.values(),
        numbered(kafkaTopic, 20).map(({ value }) => value),
      );
    },
  },
  {
    name: 'brings the rest of a batch that was handed back after a pause, from behind what was done, and others meanwhile',
    async run(world) {
      const [waiting, other] = [await freshTopic(world, 'waiting', 1), await freshTopic(world, 'other', 1)];
      await send(world, numbered(waiting, 5));
      const collector = new Collector();
      const firsts: string[] = [];
      let mayGoOn = false;
      const handle = async (batch: RecordBatch): Promise<void> => {
        if (batch.kafkaTopic === other || mayGoOn) return collector.handle(batch);
        firsts.push(textOf(batch.records[0]?.value ?? null));
        if (firsts.length > 1) throw new HandedBack(undefined, 20);
        await collector.handle({ ...batch, records: batch.records.slice(0, 2) });
        throw new HandedBack(batch.records[1]?.offset, 20);
      };
      const options = {
        ...reader(waiting, handle),
        matches: (name: string) => name === waiting || name === other,
        concurrency: 1,
      };
      await consuming(world, [options], async ([consumption]) => {
        await until(world, 'the rest comes again and again', () => firsts.length >= 3);
        await send(world, [text(other, 'k', 'meanwhile')]);
        await until(world, 'others still come', () => collector.values().includes('meanwhile'));
        mayGoOn = true;
        await until(world, 'nothing is left', async () => (await totalLag(consumption!)) === 0n);
      });
      assert.deepEqual(firsts.slice(0, 3), ['0', '2', '2']);
      assert.deepEqual(
        collector.values().filter((value) => value !== 'meanwhile'),
        ['0', '1', '2', '3', '4'],
      );
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
