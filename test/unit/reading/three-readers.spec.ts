import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { catalogue } from '@tidings/catalogue';
import { RecordReader } from '@tidings/events';
import { BatchMatcher, MatchableEventReader, MatchingState } from '@tidings/notifications';
import { EventSubscriber, OnEvent, TidingsSubscribingModule, type SubscribedEvent } from '@tidings/subscribing';
import { MemoryTransport, type BatchControl, type IncomingRecord } from '@tidings/transport';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CASES, KAFKA_TOPICS, MAX_EVENT_BYTES } from './messages.js';

const OPTIONS = { prefix: '', maxEventBytes: MAX_EVENT_BYTES };
const CONTROL: BatchControl = { heartbeat: () => Promise.resolve(), isStale: () => false };

const handled = new Set<string>();

@Injectable()
class Everything {
  /** Decides by the attributes alone, so that nothing but the subscription looks at the data. */
  @OnEvent('*')
  on({ id }: SubscribedEvent): void {
    handled.add(id);
  }
}

@Module({
  imports: [
    TidingsSubscribingModule.forRootAsync({
      useFactory: () => ({ group: 'everything', transport, ...OPTIONS, members: 1, replicationFactor: 1 }),
    }),
  ],
  providers: [Everything],
})
class Consumer {}

type Matcher = ReturnType<ConstructorParameters<typeof BatchMatcher>[1]>;

/** Rules that take every event for one subscription, without a look at its data. */
const takesAll = {
  version: 1n,
  match(_: unknown, listener: Parameters<Matcher['match']>[1]): Iterator<void> {
    const plan = { instance: { id: 'i' }, source: { id: 's' } } as Parameters<typeof listener.onSubscription>[0];
    const topic = { topic: { id: 't' } } as Parameters<typeof listener.onSubscription>[1];
    listener.onSubscription(plan, topic, { id: 's', destinationId: 'd' } as never);
    return [].values();
  },
} as unknown as Matcher;

const transport = new MemoryTransport();
const places = new Map<string, { readonly record: IncomingRecord; readonly kafkaTopic: string }>();
let app: Awaited<ReturnType<typeof NestFactory.createApplicationContext>>;

beforeAll(async () => {
  await transport.ensureTopics(KAFKA_TOPICS.map((kafkaTopic) => ({ kafkaTopic, partitions: 1, replicationFactor: 1 })));
  app = await NestFactory.createApplicationContext(Consumer, { logger: false });
  const publisher = await transport.createPublisher();
  await publisher.publish(CASES.map(({ record }) => record));
  const cases = new Map(KAFKA_TOPICS.map((name) => [name, CASES.filter(({ record }) => record.kafkaTopic === name)]));
  for (const kafkaTopic of KAFKA_TOPICS) {
    for (const [place, record] of transport.records(kafkaTopic).entries()) {
      places.set(cases.get(kafkaTopic)?.[place]?.name ?? '', { record, kafkaTopic });
    }
  }
  const judged = (): number => {
    const { unread = 0, unreadable = 0, handlers } = app.get(EventSubscriber).stats() ?? {};
    const { handled: taken = 0, deadLetters = 0 } = handlers?.['Everything.on'] ?? {};
    return unread + unreadable + taken + deadLetters;
  };
  await vi.waitFor(() => expect(judged()).toBe(CASES.length), { timeout: 30_000 });
});
afterAll(async () => {
  await app.close();
  await transport.close();
});

/** Why the ingest puts it aside. */
function refusedByIngest(name: string): string | undefined {
  const { record, kafkaTopic } = places.get(name) ?? expect.fail();
  const reading = new RecordReader(catalogue, OPTIONS).read(record, { kafkaTopic, partition: 0 });
  return 'letter' in reading ? reading.letter.reason : undefined;
}

async function takenByMatcher(name: string): Promise<boolean> {
  const { record, kafkaTopic } = places.get(name) ?? expect.fail();
  const state = new MatchingState(expect.fail);
  const store = { store: () => Promise.resolve(1) };
  const matcher = new BatchMatcher(
    new MatchableEventReader(catalogue, OPTIONS),
    () => takesAll,
    store,
    state,
    expect.fail,
  );
  await matcher.handle({ kafkaTopic, partition: 0, records: [record] }, CONTROL);
  const { taken, skipped } = state.counts;
  expect(taken + skipped).toBe(1);
  return taken === 1;
}

describe('ingest, matcher and subscribers', () => {
  it.each(CASES.filter(({ refused }) => refused !== undefined))('refuse $name', async ({ name, refused }) => {
    expect(refusedByIngest(name)).toBe(refused);
    expect(await takenByMatcher(name)).toBe(false);
    expect(handled).not.toContain(name);
  });

  it.each(CASES.filter(({ refused }) => refused === undefined))('take $name', async ({ name, isUntyped }) => {
    expect(refusedByIngest(name)).toBeUndefined();
    expect(await takenByMatcher(name)).toBe(true);
    expect(handled.has(name)).toBe(isUntyped === undefined);
  });

  it('see whose a native event is, whatever its type says', () => {
    const { record, kafkaTopic } = places.get('a native event with the type of another system') ?? expect.fail();
    const reading = new RecordReader(catalogue, OPTIONS).read(record, { kafkaTopic, partition: 0 });
    expect(reading).toMatchObject({ row: { isDeclared: false, type: { system: 'ibm' } } });
    expect(new MatchableEventReader(catalogue, OPTIONS).read(record, kafkaTopic)?.reader.system).toBe('ibm');
  });

  it('count what they refuse; subscribers keep what is refused for its data', () => {
    const letters = transport.records('dead-letter.everything');
    const counts = app.get(EventSubscriber).stats()?.handlers['Everything.on'];
    expect(counts).toMatchObject({ handled: handled.size, deadLetters: letters.length });
    const named = letters.map(({ headers }) => String(headers['ce_id']));
    expect(named).toEqual(expect.arrayContaining(['a payload that does not fit', 'data that is too large']));
  });
});
