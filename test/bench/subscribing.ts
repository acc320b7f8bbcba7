import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { catalogue } from '@tidings/catalogue';
import { EventSubscriber, OnEvent, type SubscribedEvent, TidingsSubscribingModule } from '@tidings/subscribing';
import { Kafka, logLevel } from 'kafkajs';
import { benchEvents, type BenchEvent } from './events.js';
import { type Figure, progress } from './figures.js';
import { recordOf } from './publish.js';
import type { BenchWorld } from './world.js';

const EVENTS = 100_000;
const PRELOAD_BATCH = 1_000;
const PREFIX = 'sub.';
/** All that the handler's pattern reads, and so does kafkajs beside it; the events are on one of them. */
const KAFKA_TOPICS = [
  ...new Set(
    catalogue
      .types()
      .filter(({ system }) => system === 'waldur')
      .map(({ kafkaTopic }) => PREFIX + kafkaTopic),
  ),
];
const ROUNDS = 3;
const AIM = 0.7;

/** What the handler below does with an event, and who waits for the last one. */
let look: (event: SubscribedEvent) => void = () => undefined;

@Injectable()
class IdleHandler {
  @OnEvent('com.waldur.*')
  async seen(event: SubscribedEvent): Promise<void> {
    look(event);
  }
}

/** Handlers without work, beside kafkajs handing out the same messages. */
export async function subscribingFigures(world: BenchWorld): Promise<readonly Figure[]> {
  await preload(world, benchEvents(EVENTS));
  const rates = { bare: 0, idle: 0, reading: 0 };
  // One after the other in each round, so that a machine that grows slower does so for all; the best round counts.
  for (let round = 1; round <= ROUNDS; round += 1) {
    progress(`consuming ${EVENTS} events, round ${round} of ${ROUNDS}`);
    rates.bare = Math.max(rates.bare, await bareRate(world, `bare-${round}`));
    rates.idle = Math.max(rates.idle, await handledRate(world, `idle-${round}`, () => undefined));
    rates.reading = Math.max(rates.reading, await handledRate(world, `reading-${round}`, ({ data }) => data));
  }
  const limit = { of: 'kafkajs, eachBatch without work', value: rates.bare };
  return [
    {
      name: 'subscribing, a handler without work',
      unit: 'events/s',
      value: rates.idle,
      limit,
      aim: { text: `≥ ${AIM} × kafkajs`, reached: rates.idle >= AIM * rates.bare },
    },
    { name: 'subscribing, a handler that reads the checked payload', unit: 'events/s', value: rates.reading, limit },
  ];
}

async function preload(world: BenchWorld, events: readonly BenchEvent[]): Promise<void> {
  progress(`loading ${events.length} events into Kafka`);
  const transport = await world.topics(PREFIX);
  const publisher = await transport.createPublisher();
  for (let at = 0; at < events.length; at += PRELOAD_BATCH) {
    const batch = events.slice(at, at + PRELOAD_BATCH);
    await publisher.publish(batch.map((event, index) => recordOf(event, at + index, PREFIX)));
  }
  await transport.close();
}

/** From the first message to the last: how fast it runs, not how long it takes to join. */
class Stopwatch {
  private seen = 0;
  private begin = 0;
  private finish: (rate: number) => void = () => undefined;
  readonly rate = new Promise<number>((resolve) => {
    this.finish = resolve;
  });

  count(messages: number): void {
    if (this.seen === 0) this.begin = performance.now();
    this.seen += messages;
    if (this.seen === EVENTS) this.finish((EVENTS / (performance.now() - this.begin)) * 1_000);
  }
}

async function bareRate(world: BenchWorld, group: string): Promise<number> {
  const kafka = new Kafka({ brokers: [...world.brokers], clientId: 'bare', logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: PREFIX + group, maxBytes: 8 * 1024 * 1024 });
  const watch = new Stopwatch();
  await consumer.connect();
  await consumer.subscribe({ topics: KAFKA_TOPICS, fromBeginning: true });
  await consumer.run({
    partitionsConsumedConcurrently: 3,
    eachBatch: ({ batch }) => {
      watch.count(batch.messages.length);
      return Promise.resolve();
    },
  });
  const rate = await watch.rate;
  await consumer.disconnect();
  return rate;
}

async function handledRate(
  world: BenchWorld,
  group: string,
  work: (event: SubscribedEvent) => unknown,
): Promise<number> {
  const watch = new Stopwatch();
  look = (event) => {
    work(event);
    watch.count(1);
  };
  @Module({
    imports: [TidingsSubscribingModule.forRoot({ group, brokers: world.brokers, prefix: PREFIX })],
    providers: [IdleHandler],
  })
  class Consumer {}
  const app = await NestFactory.createApplicationContext(Consumer, { logger: ['error', 'warn'] });
  const rate = await watch.rate;
  const failures = app.get(EventSubscriber).stats()?.handlers['IdleHandler.seen']?.failures;
  await app.close();
  if (failures !== 0) throw new Error(`the handler failed ${failures} times`);
  return rate;
}
