import { Injectable, Module, Scope, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { catalogue, type EventTypeName } from '@tidings/catalogue';
import {
  encodeEvent,
  MemoryTransport,
  SkipRecord,
  TransportError,
  type OutgoingRecord,
  type RecordPublisher,
} from '@tidings/transport';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { marksOfDeadLetter } from './dead-letter.js';
import { EventSubscriber } from './event-subscriber.js';
import { OnEvent, OnEvents } from './handler-decorators.js';
import type { HandlingContext } from './handling-context.js';
import { NotNow } from './handling-verdict.js';
import type { EventOf } from './subscribed-event.js';
import type { SubscribingOptions } from './subscribing-options.js';
import { TidingsSubscribingModule } from './subscribing.module.js';

const CREATED = 'com.waldur.customer_creation_succeeded';
const UPDATED = 'com.waldur.customer_update_succeeded';
const OTHER = 'com.waldur.project_creation_succeeded';
const DECLARED = catalogue.type(CREATED)!;
const TOPIC = `team.${DECLARED.kafkaTopic}`;
const DEAD_LETTERS = 'team.dead-letter.billing';
/** What one record may take on its way; a dead letter says more than its message did. */
const LARGEST_RECORD = 16 * 1024 * 1024;
const PATIENCE = { timeout: 10_000, interval: 10 };

/** What the handlers below do and see; anew for each test. */
interface Behaviour {
  seen: string[];
  handfuls: string[][];
  one: (event: { id: string; subject?: string; data: unknown }, context: HandlingContext) => unknown;
  many: (ids: readonly string[]) => unknown;
}
let behaviour: Behaviour;

@Injectable()
class Billing {
  @OnEvent('com.waldur.customer_creation_*')
  async created(event: EventOf<'com.waldur.customer_creation_*'>, context: HandlingContext): Promise<void> {
    await behaviour.one(event, context);
    behaviour.seen.push(event.id);
  }
}

@Injectable()
class Projects {
  @OnEvent(OTHER)
  created(event: EventOf<typeof OTHER>): void {
    behaviour.seen.push(event.id);
  }
}

@Injectable()
class Accounting {
  @OnEvents(UPDATED, { size: 4 })
  async updated(events: readonly EventOf<typeof UPDATED>[]): Promise<void> {
    const ids = events.map(({ id }) => id);
    await behaviour.many(ids);
    behaviour.handfuls.push(ids);
  }
}

let transport: MemoryTransport;
let publisher: RecordPublisher;
const running: INestApplicationContext[] = [];

async function start(options: Partial<SubscribingOptions> = {}): Promise<EventSubscriber> {
  @Module({
    imports: [
      TidingsSubscribingModule.forRoot({
        group: 'billing',
        prefix: 'team.',
        transport,
        replicationFactor: 1,
        retryAfterMs: [1, 1],
        ...options,
      }),
    ],
    providers: [Billing, Projects, Accounting],
  })
  class Consumer {}
  const app = await NestFactory.createApplicationContext(Consumer, { logger: false });
  running.push(app);
  return app.get(EventSubscriber);
}

function record(
  id: string,
  subject: string | undefined,
  type: EventTypeName = CREATED,
  data?: unknown,
): OutgoingRecord {
  const text = JSON.stringify(data ?? catalogue.type(type)?.example);
  const attributes = { id, type, source: '/waldur/main', time: '2026-11-02T08:01:53Z' };
  return encodeEvent(TOPIC, { ...attributes, ...(subject !== undefined && { subject }) }, text);
}

async function send(...records: readonly OutgoingRecord[]): Promise<void> {
  await publisher.publish(records);
}

function fail(error: Error): never {
  throw error;
}

function failAt(id: string, errorOf: () => Error): Behaviour['one'] {
  return (event) => event.id === id && fail(errorOf());
}

/** A kafkaTopic of another domain that the handlers read as well. @returns its name */
async function otherTopic(config: Readonly<Record<string, string>> = {}): Promise<string> {
  const kafkaTopic = `team.${catalogue.type(OTHER)!.kafkaTopic}`;
  await transport.ensureTopics([{ kafkaTopic, partitions: 1, replicationFactor: 1, config }]);
  return kafkaTopic;
}

beforeEach(async () => {
  behaviour = { seen: [], handfuls: [], one: () => undefined, many: () => undefined };
  transport = new MemoryTransport();
  await transport.ensureTopics([{ kafkaTopic: TOPIC, partitions: 1, replicationFactor: 1 }]);
  publisher = await transport.createPublisher();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((app) => app.close()));
  await transport.close();
});

describe('a subscription', () => {
  it('brings each event to the handlers whose patterns it fits, and counts the rest', async () => {
    const subscriber = await start();
    await send(
      record('a', 'k'),
      record('b', 'k', UPDATED),
      record('c', 'k', 'com.waldur.customer_deletion_succeeded'),
      { kafkaTopic: TOPIC, key: null, value: 'no event', headers: {} },
    );
    await vi.waitFor(() => expect(subscriber.stats()).toMatchObject({ read: 4, unread: 1, unreadable: 1 }), PATIENCE);
    expect(behaviour).toMatchObject({ seen: ['a'], handfuls: [['b']] });
    expect(subscriber.stats()?.handlers).toEqual({
      'Billing.created': { handled: 1, skipped: 0, failures: 0, deadLetters: 0 },
      'Projects.created': { handled: 0, skipped: 0, failures: 0, deadLetters: 0 },
      'Accounting.updated': { handled: 1, skipped: 0, failures: 0, deadLetters: 0 },
    });
    expect(subscriber.isReady()).toBe(true);
  });

  it('gives the event and where it came from', async () => {
    const given: unknown[] = [];
    behaviour.one = (event, { kafkaTopic, partition, offset, attempt }) =>
      given.push([JSON.parse(JSON.stringify(event)), { kafkaTopic, partition, offset, attempt }]);
    await start();
    await send(record('a', 'somebody'));
    await vi.waitFor(() => expect(given).toHaveLength(1), PATIENCE);
    expect(given[0]).toEqual([
      {
        specversion: '1.0',
        id: 'a',
        source: '/waldur/main',
        type: CREATED,
        time: '2026-11-02T08:01:53Z',
        subject: 'somebody',
        datacontenttype: 'application/json',
        data: DECLARED.example,
      },
      { kafkaTopic: TOPIC, partition: 0, offset: '0', attempt: 1 },
    ]);
  });

  it('keeps the order of an entity through failures, and lets other entities pass', async () => {
    behaviour.one = ({ id }, { attempt }) => {
      if (id === 'a1' && attempt < 3) throw new Error('not yet');
    };
    await start({ retryAfterMs: [50, 50] });
    await send(record('a1', 'a'), record('a2', 'a'), record('b1', 'b'), record('a3', 'a'), record('b2', 'b'));
    await vi.waitFor(() => expect(behaviour.seen).toHaveLength(5), PATIENCE);
    expect(behaviour.seen).toEqual(['b1', 'b2', 'a1', 'a2', 'a3']);
  });

  it('puts an event aside when its schedule is used up, with where and why, and goes on', async () => {
    let attempts = 0;
    behaviour.one = ({ id }) => {
      if (id !== 'bad') return;
      attempts += 1;
      throw new Error(`failed ${attempts} times`);
    };
    const subscriber = await start();
    await send(record('good', 'k'), record('bad', 'k'), record('next', 'k'));
    await vi.waitFor(() => expect(behaviour.seen).toEqual(['good', 'next']), PATIENCE);
    expect(attempts).toBe(3);
    expect(await subscriber.deadLetters?.list()).toEqual([
      {
        reason: 'Error: failed 3 times',
        handler: 'Billing.created',
        kafkaTopic: TOPIC,
        partition: 0,
        offset: '1',
        attempts: 3,
        time: expect.any(String) as string,
        event: expect.objectContaining({ id: 'bad', type: CREATED, subject: 'k' }) as object,
        data: JSON.stringify(DECLARED.example),
      },
    ]);
    expect(subscriber.stats()?.handlers['Billing.created']).toEqual({
      handled: 2,
      skipped: 0,
      failures: 3,
      deadLetters: 1,
    });
  });

  it('puts data that does not fit its type aside at once, with the field', async () => {
    const subscriber = await start();
    await send(record('a', 'k', CREATED, { context: {} }));
    await vi.waitFor(() => expect(transport.records(DEAD_LETTERS)).toHaveLength(1), PATIENCE);
    const [letter] = (await subscriber.deadLetters?.list()) ?? [];
    expect(letter).toMatchObject({ attempts: 1 });
    expect(letter?.reason).toContain('context.customer_uuid');
    expect(behaviour.seen).toEqual([]);
  });

  it('puts what is larger than it may be aside at once, and takes the rest', async () => {
    const data = JSON.stringify(DECLARED.example);
    const larger = { ...record('larger', 'k'), value: `${data} ` };
    await start({ maxEventBytes: Buffer.byteLength(data) });
    await send(larger, record('fits', 'k'));
    await vi.waitFor(() => expect(behaviour.seen).toEqual(['fits']), PATIENCE);
    expect(transport.records(DEAD_LETTERS).map(({ headers }) => String(headers['ce_id']))).toEqual(['larger']);
  });

  it('takes data that does not fit its type where it is told not to check', async () => {
    await start({ checkPayloads: false });
    await send(record('a', 'k', CREATED, { context: {} }));
    await vi.waitFor(() => expect(behaviour.seen).toEqual(['a']), PATIENCE);
  });

  it('takes SkipRecord as done', async () => {
    behaviour.one = () => {
      throw new SkipRecord('none of mine');
    };
    const subscriber = await start();
    await send(record('a', 'k'));
    const counts = () => subscriber.stats()?.handlers['Billing.created'];
    await vi.waitFor(() => expect(counts()).toMatchObject({ skipped: 1, failures: 0, deadLetters: 0 }), PATIENCE);
  });

  it('waits for a handler that cannot work now, longer than the schedule', async () => {
    let left = 1;
    behaviour.one = () => {
      if (left-- > 0) throw new NotNow('the database is away');
    };
    const subscriber = await start({ retryAfterMs: [] });
    await send(record('a', 'k'));
    await vi.waitFor(() => expect(subscriber.stats()?.waiting).toBe(true), PATIENCE);
    await vi.waitFor(() => expect(behaviour.seen).toEqual(['a']), PATIENCE);
    expect(transport.records(DEAD_LETTERS)).toHaveLength(0);
  });

  it.each<[string, Partial<Behaviour>, EventTypeName]>([
    ['fails', { one: failAt('bad', () => new Error('not yet')) }, CREATED],
    ['cannot work now', { one: failAt('bad', () => new NotNow('the database is away')) }, CREATED],
    ['fails at a handful', { many: (ids) => ids.includes('bad') && fail(new Error('not yet')) }, UPDATED],
    ['cannot work now at a handful', { many: (ids) => ids.includes('bad') && fail(new NotNow('away')) }, UPDATED],
  ])('lets other partitions pass while a handler that %s waits', async (_, behaves, type) => {
    Object.assign(behaviour, behaves);
    const others = await otherTopic();
    const subscriber = await start({ members: 1, partitionsAtOnce: 1, retryAfterMs: [60_000] });
    await send(record('bad', 'k', type));
    await vi.waitFor(() => expect(subscriber.stats()?.waiting).toBe(true), PATIENCE);
    await send({ ...record('a', 'k', OTHER), kafkaTopic: others });
    await vi.waitFor(() => expect(behaviour.seen).toEqual(['a']), PATIENCE);
    // And other entities of the same partition.
    await send(record('b', 'another'));
    await vi.waitFor(() => expect(behaviour.seen).toEqual(['a', 'b']), PATIENCE);
    expect(subscriber.stats()).toMatchObject({ waiting: true, read: 3 });
    expect(transport.records(DEAD_LETTERS)).toHaveLength(0);
  });

  it('hands over once what is done, and counts attempts on, when the batch comes again', async () => {
    const attempts: number[] = [];
    behaviour.one = ({ id }, { attempt }) => {
      if (id !== 'bad') return;
      attempts.push(attempt);
      throw new Error('never');
    };
    const subscriber = await start({ retryAfterMs: [300, 300] });
    await send(record('a', 'x'), record('bad', 'k'), record('behind', 'k'), record('b', 'x'), record('c', undefined));
    await send(record('d', 'x'), record('e', 'k'));
    await vi.waitFor(() => expect(behaviour.seen).toContain('e'), PATIENCE);
    expect(behaviour.seen.filter((id) => 'abd'.includes(id))).toEqual(['a', 'b', 'd']);
    expect([...behaviour.seen].sort()).toEqual(['a', 'b', 'behind', 'c', 'd', 'e']);
    expect(behaviour.seen.slice(-2)).toEqual(['behind', 'e']);
    expect(attempts).toEqual([1, 2, 3]);
    expect(transport.records(DEAD_LETTERS)).toHaveLength(1);
    expect(subscriber.stats()).toMatchObject({ read: 7, unread: 0, waiting: false });
  });

  it('does not begin the schedule of a handful anew when its batch comes again', async () => {
    let calls = 0;
    behaviour.many = (ids) => {
      if (!ids.includes('2')) return;
      calls += 1;
      throw new Error('two');
    };
    await start({ retryAfterMs: [300] });
    await send(...Array.from({ length: 6 }, (_, n) => record(String(n), 'k', UPDATED)));
    await vi.waitFor(() => expect(behaviour.handfuls.flat()).toHaveLength(5), PATIENCE);
    expect(behaviour.handfuls).toEqual([['0', '1'], ['3'], ['4', '5']]);
    expect(calls).toBe(4);
    expect(transport.records(DEAD_LETTERS)).toHaveLength(1);
  });

  it('writes a dead letter without its message where the broker refuses it as it is', async () => {
    behaviour.one = failAt('large', () => new TypeError('broken'));
    await start({ checkPayloads: false, maxEventBytes: LARGEST_RECORD });
    const kafkaTopic = await otherTopic({ 'max.message.bytes': String(LARGEST_RECORD) });
    const large = { ...record('large', 'k'), kafkaTopic, value: Buffer.alloc(LARGEST_RECORD - 500, 32) };
    await send(large, { ...record('next', 'k'), kafkaTopic });
    await vi.waitFor(() => expect(behaviour.seen).toEqual(['next']), PATIENCE);
    const [letter] = transport.records(DEAD_LETTERS);
    expect(letter?.value === null).toBe(true);
    expect(marksOfDeadLetter(letter!)).toMatchObject({ kafkaTopic, offset: '0', reason: 'TypeError: broken' });
    expect(String(letter?.headers['ce_id'])).toBe('large');
    expect(String(letter?.headers['tidings-dead-letter-left-out'])).toContain('refuses records of this size');
  });

  it('waits with the entity alone while a dead letter cannot be written, and calls its handler no more', async () => {
    let isRefused = true;
    const ensure = transport.ensureTopics.bind(transport);
    const createPublisher = transport.createPublisher.bind(transport);
    vi.spyOn(transport, 'createPublisher').mockImplementation(async () => {
      const own = await createPublisher();
      const publish: RecordPublisher['publish'] = (records, options) =>
        isRefused ? Promise.reject(new TransportError('UNKNOWN_TOPIC')) : own.publish(records, options);
      return { publish, close: () => own.close() };
    });
    const ensured = vi.spyOn(transport, 'ensureTopics').mockImplementation(ensure);
    let calls = 0;
    behaviour.one = ({ id }) => {
      if (id !== 'bad') return;
      calls += 1;
      throw new TypeError('broken');
    };
    const subscriber = await start({ members: 1, partitionsAtOnce: 1 });
    await send(record('bad', 'k'), record('behind', 'k'));
    await vi.waitFor(() => expect(subscriber.stats()?.waiting).toBe(true), PATIENCE);
    await send({ ...record('a', 'k', OTHER), kafkaTopic: await otherTopic() });
    await vi.waitFor(() => expect(behaviour.seen).toEqual(['a']), PATIENCE);
    isRefused = false;
    await vi.waitFor(() => expect(behaviour.seen).toEqual(['a', 'behind']), PATIENCE);
    expect(calls).toBe(1);
    expect(ensured.mock.calls.length).toBeGreaterThan(1);
    expect(transport.records(DEAD_LETTERS)).toHaveLength(1);
  });

  it('does not take the marks of a dead letter from a message that is none', async () => {
    behaviour.one = failAt('bad', () => new TypeError('broken'));
    const subscriber = await start();
    const forged = { 'tidings-dead-letter-handler': 'x', 'tidings-dead-letter-offset': '99' };
    const { headers, ...rest } = record('bad', 'k');
    await send({ ...rest, headers: { ...headers, ...forged } });
    await vi.waitFor(() => expect(transport.records(DEAD_LETTERS)).toHaveLength(1), PATIENCE);
    expect(await subscriber.deadLetters?.list()).toMatchObject([
      { handler: 'Billing.created', offset: '0', attempts: 1 },
    ]);
  });

  it('hands events over by the handful, and finds the one to blame', async () => {
    behaviour.many = (ids) => {
      if (ids.includes('6')) throw new TypeError('six');
    };
    await start();
    await send(...Array.from({ length: 10 }, (_, n) => record(String(n), 'k', UPDATED)));
    await vi.waitFor(() => expect(behaviour.handfuls.flat()).toHaveLength(9), PATIENCE);
    expect(behaviour.handfuls).toEqual([['0', '1', '2', '3'], ['4', '5'], ['7'], ['8', '9']]);
    expect(transport.records(DEAD_LETTERS).map(({ headers }) => String(headers['ce_id']))).toEqual(['6']);
  });

  it('hands dead letters over again, to the handler that failed, and keeps those that fail again', async () => {
    let isMended = false;
    behaviour.one = ({ id }) => {
      if (id !== 'good' && (!isMended || id === 'hopeless')) throw new TypeError('broken');
    };
    const subscriber = await start();
    await send(record('a', 'k'), record('hopeless', 'k'), record('b', 'k'), record('good', 'k'));
    await vi.waitFor(() => expect(transport.records(DEAD_LETTERS)).toHaveLength(3), PATIENCE);
    isMended = true;
    expect(await subscriber.deadLetters?.handleAgain()).toBe(3);
    expect(behaviour.seen).toEqual(['good', 'a', 'b']);
    const letters = await subscriber.deadLetters?.list();
    expect(letters?.map(({ event, attempts, offset }) => [event?.id, attempts, offset])).toEqual([
      ['hopeless', 2, '1'],
    ]);
    expect(await subscriber.deadLetters?.handleAgain()).toBe(1);
  });

  it('keeps dead letters that nobody can take when the others are handed over again', async () => {
    const subscriber = await start();
    const letter = (id: string, handler: string, value: string | Buffer | null = record(id, 'k').value) => {
      const marks = { 'tidings-dead-letter-handler': handler, 'tidings-dead-letter-offset': '7' };
      return { kafkaTopic: DEAD_LETTERS, key: 'k', value, headers: { ...record(id, 'k').headers, ...marks } };
    };
    // Its handler was renamed; its message was left out; and one that can be taken.
    await send(letter('a', 'Billing.former'), letter('b', 'Billing.created', null), letter('c', 'Billing.created'));
    expect(await subscriber.deadLetters?.handleAgain()).toBe(1);
    expect(behaviour.seen).toEqual(['c']);
    expect(await subscriber.deadLetters?.list()).toMatchObject([
      { handler: 'Billing.former', offset: '7', event: { id: 'a' } },
      { handler: 'Billing.created', offset: '7', event: undefined },
    ]);
  });

  it('says that there are no dead letters where there are none', async () => {
    const subscriber = await start();
    expect(await subscriber.deadLetters?.list()).toEqual([]);
    expect(await subscriber.deadLetters?.handleAgain()).toBe(0);
  });

  it('pauses, and goes on where it was', async () => {
    const subscriber = await start();
    await send(record('a', 'k'));
    await vi.waitFor(() => expect(behaviour.seen).toEqual(['a']), PATIENCE);
    await subscriber.pause();
    await send(record('b', 'k'));
    expect(subscriber.stats()?.state).toBe('paused');
    expect((await subscriber.lag()).map(({ lag }) => lag)).toEqual([1n]);
    expect(behaviour.seen).toEqual(['a']);
    await subscriber.resume();
    await vi.waitFor(() => expect(behaviour.seen).toEqual(['a', 'b']), PATIENCE);
    expect(subscriber.stats()?.state).toBe('consuming');
  });

  it('finishes what is in hand when it stops, and begins behind it the next time', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    let inHand: HandlingContext | undefined;
    behaviour.one = ({ id }, context) => {
      if (id !== '2') return undefined;
      inHand = context;
      return gate;
    };
    await start();
    await send(...Array.from({ length: 6 }, (_, n) => record(String(n), 'k')));
    await vi.waitFor(() => expect(inHand).toBeDefined(), PATIENCE);
    const closed = running.splice(0)[0]!.close();
    await vi.waitFor(() => expect(inHand?.isStale()).toBe(true), PATIENCE);
    release();
    await closed;
    expect(behaviour.seen).toEqual(['0', '1', '2']);
    await start();
    await vi.waitFor(() => expect(behaviour.seen).toEqual(['0', '1', '2', '3', '4', '5']), PATIENCE);
  });

  it('works on no more entities at once than it may', async () => {
    let underWay = 0;
    let most = 0;
    behaviour.one = async () => {
      most = Math.max(most, (underWay += 1));
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
    };
    await start({ entitiesAtOnce: 3 });
    await send(...Array.from({ length: 30 }, (_, n) => record(String(n), n % 2 === 0 ? undefined : `k${n}`)));
    await vi.waitFor(() => expect(behaviour.seen).toHaveLength(30), PATIENCE);
    expect(most).toBe(3);
  });

  it('shows lag, counts and durations to Prometheus', async () => {
    const registry = new Registry();
    await start({ registry });
    await send(record('a', 'k'));
    await vi.waitFor(() => expect(behaviour.seen).toEqual(['a']), PATIENCE);
    await vi.waitFor(async () => {
      const text = await registry.metrics();
      expect(text).toContain(`tidings_subscribing_lag{group="billing",kafka_topic="${TOPIC}"} 0`);
      expect(text).toContain('tidings_subscribing_messages{group="billing",result="read"} 1');
      expect(text).toContain(
        'tidings_subscribing_events{group="billing",handler="Billing.created",result="handled"} 1',
      );
      expect(text).toContain('tidings_subscribing_handler_seconds_count{group="billing",handler="Billing.created"} 1');
    }, PATIENCE);
  });

  it.each([
    [{ group: 'no/slash' }, 'group must be'],
    [{ retryAfterMs: [1, -1] }, 'retryAfterMs must be'],
    [{ entitiesAtOnce: 0 }, 'entitiesAtOnce must be'],
    [{ transport: undefined, brokers: 'nowhere' }, 'brokers must be host:port'],
  ])('refuses %j when it starts', async (options, message) => {
    await expect(start(options)).rejects.toThrow(message);
  });

  it('refuses a handler that is made anew for each request', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class PerRequest {
      @OnEvent(CREATED)
      created(): void {
        // Never called.
      }
    }
    @Module({
      imports: [TidingsSubscribingModule.forRootAsync({ useFactory: () => ({ group: 'g', transport }) })],
      providers: [PerRequest],
    })
    class Consumer {}
    const made = NestFactory.createApplicationContext(Consumer, { logger: false, abortOnError: false });
    await expect(made).rejects.toMatchObject({ code: 'UNUSABLE_HANDLER' });
  });
});
