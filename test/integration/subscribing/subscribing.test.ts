import { Controller, Injectable, Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, KafkaContext, Payload, Transport as NestTransport } from '@nestjs/microservices';
import { catalogue } from '@tidings/catalogue';
import {
  EventSubscriber,
  OnEvent,
  OnEvents,
  TidingsSubscribingModule,
  type EventOf,
  type SubscribingOptions,
} from '@tidings/subscribing';
import { encodeEvent, KafkaTransport, type RecordPublisher } from '@tidings/transport';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { freshName, freshPrefix } from '../../harness/fresh-names.js';
import { until } from '../../harness/until.js';

const TYPE = 'com.waldur.customer_creation_succeeded';
const DECLARED = catalogue.type(TYPE)!;

const prefix = freshPrefix();
const kafkaTopic = prefix + DECLARED.kafkaTopic;
const brokers = inject('brokers');

/** Ids, by the handler that saw them. */
const seen: Record<'one' | 'many' | 'plain', string[]> = { one: [], many: [], plain: [] };
let fails: (id: string) => boolean = () => false;

@Injectable()
class Billing {
  @OnEvent('com.waldur.customer_creation_*')
  async created(event: EventOf<'com.waldur.customer_creation_*'>): Promise<void> {
    await Promise.resolve();
    if (fails(event.id)) throw new Error('not this one');
    seen.one.push(event.id);
  }

  @OnEvents(TYPE, { size: 10 })
  many(events: readonly EventOf<typeof TYPE>[]): void {
    seen.many.push(...events.map(({ id }) => id));
  }
}

@Controller()
class PlainController {
  @EventPattern<string>(kafkaTopic)
  created(@Payload() payload: { context: object }, @Ctx() context: KafkaContext): void {
    const { headers } = context.getMessage();
    if (Object.keys(payload.context).length > 0)
      seen.plain.push(`${String(headers?.['ce_type'])} ${String(headers?.['ce_id'])}`);
  }
}

const running: INestApplicationContext[] = [];

async function start(group: string, options: Partial<SubscribingOptions> = {}): Promise<EventSubscriber> {
  @Module({
    imports: [
      TidingsSubscribingModule.forRootAsync({
        useFactory: () => ({
          ...{ group, brokers, prefix, replicationFactor: 1, retryAfterMs: [10], discoverEveryMs: 500 },
          ...options,
        }),
      }),
    ],
    providers: [Billing],
  })
  class Consumer {}
  const app = await NestFactory.createApplicationContext(Consumer, { logger: false });
  running.push(app);
  const subscriber = app.get(EventSubscriber);
  await until(() => subscriber.isReady(), { what: 'the group to be joined' });
  return subscriber;
}

async function stopAll(): Promise<void> {
  await Promise.all(running.splice(0).map((app) => app.close()));
}

describe('a Nest service that consumes', () => {
  let transport: KafkaTransport;
  let publisher: RecordPublisher;
  let sent = 0;

  beforeAll(async () => {
    transport = new KafkaTransport({ brokers: [brokers], clientId: 'test' });
    await transport.ensureTopics([{ kafkaTopic, partitions: 2, replicationFactor: 1 }]);
    publisher = await transport.createPublisher();
  });
  afterEach(stopAll);
  afterAll(() => transport.close());

  /** @returns their ids */
  async function send(count: number): Promise<string[]> {
    const ids = Array.from({ length: count }, () => String((sent += 1)));
    await publisher.publish(
      ids.map((id) => {
        const attributes = { id, type: TYPE, source: '/waldur/main', subject: `k${Number(id) % 5}` };
        const event = { ...attributes, time: '2026-11-02T08:01:53Z' };
        return encodeEvent(kafkaTopic, event, JSON.stringify(DECLARED.example));
      }),
    );
    return ids;
  }

  it('sees every event, one by one and by the handful, in the order of each entity', async () => {
    const subscriber = await start(freshName());
    const ids = await send(500);
    await until(() => seen.one.length >= 500 && seen.many.length >= 500, { what: 'all events' });
    for (const list of [seen.one, seen.many]) {
      for (const key of [0, 1, 2, 3, 4]) {
        const own = (all: readonly string[]): string[] => all.filter((id) => Number(id) % 5 === key);
        expect(own(list)).toEqual(own(ids));
      }
    }
    await until(async () => (await subscriber.lag()).every(({ lag }) => lag === 0n), {
      what: 'the position to follow',
    });
    expect(subscriber.stats()).toMatchObject({ state: 'consuming', read: 500, unread: 0, unreadable: 0 });
  });

  it('goes on behind what was done, through a pause and a new process', async () => {
    const group = freshName();
    const subscriber = await start(group);
    await until(async () => (await subscriber.lag()).every(({ lag }) => lag === 0n), { what: 'the events of before' });
    await subscriber.pause();
    seen.one = [];
    const first = await send(10);
    await subscriber.resume();
    await until(() => seen.one.length >= 10, { what: 'the events of the pause' });
    await stopAll();
    const second = await send(10);
    await start(group);
    await until(() => seen.one.length >= 20, { what: 'the events of between' });
    expect([...seen.one].sort()).toEqual([...first, ...second].sort());
  });

  it('puts aside what fails, hands it over again when it is asked to, and bothers no other group', async () => {
    const [group, other] = [freshName(), freshName()];
    const subscriber = await start(group);
    await until(async () => (await subscriber.lag()).every(({ lag }) => lag === 0n), { what: 'the events of before' });
    const bad = String(sent + 3);
    fails = (id) => id === bad;
    seen.one = [];
    const ids = await send(6);
    const counts = () => subscriber.stats()?.handlers['Billing.created'];
    await until(() => counts()?.deadLetters === 1 && seen.one.length === 5, { what: 'the dead letter' });
    expect([...seen.one, bad].sort()).toEqual([...ids].sort());
    const letters = await subscriber.deadLetters!.list();
    expect(letters).toHaveLength(1);
    expect(letters[0]).toMatchObject({ event: { id: bad }, kafkaTopic, attempts: 2, handler: 'Billing.created' });
    fails = () => false;
    const second = await start(other);
    await until(async () => (await second.lag()).every(({ lag }) => lag === 0n), { what: 'the other group' });
    seen.one = [];
    expect(await subscriber.deadLetters!.handleAgain()).toBe(1);
    expect(seen.one).toEqual([bad]);
    expect(await subscriber.deadLetters!.list()).toEqual([]);
  });

  it('goes on with every other partition while an event waits for its next attempt', async () => {
    const subscriber = await start(freshName(), { members: 1, retryAfterMs: [3_600_000] });
    await until(async () => (await subscriber.lag()).every(({ lag }) => lag === 0n), { what: 'the events of before' });
    const bad = String(sent + 1);
    fails = (id) => id === bad;
    seen.one = [];
    await send(1);
    await until(() => subscriber.stats()?.waiting, { what: 'the event to wait' });
    const ids = await send(20);
    const withIt = ids.filter((id) => Number(id) % 5 === Number(bad) % 5);
    const others = ids.filter((id) => !withIt.includes(id));
    await until(() => seen.one.length >= others.length, { what: 'the events of other entities, in both partitions' });
    expect([...seen.one].sort()).toEqual(others.sort());
    await until(async () => (await subscriber.lag()).filter(({ lag }) => lag === 0n).length === 1, {
      what: 'the position of the other partition to follow',
    });
    expect(subscriber.stats()).toMatchObject({ waiting: true, handlers: { 'Billing.created': { deadLetters: 0 } } });
    fails = () => false;
  });

  it('can as well be a plain Nest microservice with @EventPattern', async () => {
    @Module({ controllers: [PlainController] })
    class Plain {}
    const app = await NestFactory.createMicroservice(Plain, {
      transport: NestTransport.KAFKA,
      logger: false,
      options: {
        client: { brokers: [brokers], logLevel: 0 },
        consumer: { groupId: freshName() },
        subscribe: { fromBeginning: true },
      },
    });
    running.push(app);
    await app.listen();
    const [id] = await send(1);
    await until(() => seen.plain.includes(`${TYPE} ${id}`), { what: 'the event' });
  });
});
