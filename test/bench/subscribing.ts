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
const BARE = 'kafkajs, eachBatch without work';

interface Speed {
  /** Events a second. */
  readonly rate: number;
  /** Processor time an event, of all threads of this process. */
  readonly micros: number;
}

const NOTHING: Speed = { rate: 0, micros: Number.POSITIVE_INFINITY };

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
  const best = { bare: NOTHING, idle: NOTHING, reading: NOTHING };
  // One after the other in each round, so that a machine that grows slower does so for all; the best round counts.
  for (let round = 1; round <= ROUNDS; round += 1) {
    progress(`consuming ${EVENTS} events, round ${round} of ${ROUNDS}`);
    best.bare = better(best.bare, await bareSpeed(world, `bare-${round}`));
    best.idle = better(best.idle, await handledSpeed(world, `idle-${round}`, () => undefined));
    best.reading = better(best.reading, await handledSpeed(world, `reading-${round}`, ({ data }) => data));
  }
  const { bare, idle, reading } = best;
  const limit = { of: BARE, value: bare.rate };
  return [
    {
      name: 'subscribing, a handler without work',
      unit: 'events/s',
      value: idle.rate,
      limit,
      aim: { text: `≥ ${AIM} × kafkajs`, reached: idle.rate >= AIM * bare.rate },
    },
    { name: 'subscribing, a handler that reads the checked payload', unit: 'events/s', value: reading.rate, limit },
    // Says the same where other work shares the machine.
    {
      name: 'subscribing, a handler without work, processor time an event',
      unit: 'µs',
      value: idle.micros,
      limit: { of: BARE, value: bare.micros },
    },
  ];
}

/** The better of two measurements, in both respects. */
function better(one: Speed, other: Speed): Speed {
  return { rate: Math.max(one.rate, other.rate), micros: Math.min(one.micros, other.micros) };
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
  private used: NodeJS.CpuUsage | undefined;
  private finish: (speed: Speed) => void = () => undefined;
  readonly speed = new Promise<Speed>((resolve) => {
    this.finish = resolve;
  });

  count(messages: number): void {
    if (this.seen === 0) {
      this.begin = performance.now();
      this.used = process.cpuUsage();
    }
    this.seen += messages;
    if (this.seen < EVENTS) return;
    const { user, system } = process.cpuUsage(this.used);
    const rate = (EVENTS / (performance.now() - this.begin)) * 1_000;
    this.finish({ rate, micros: (user + system) / EVENTS });
  }
}

async function bareSpeed(world: BenchWorld, group: string): Promise<Speed> {
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
  const speed = await watch.speed;
  await consumer.disconnect();
  return speed;
}

async function handledSpeed(
  world: BenchWorld,
  group: string,
  work: (event: SubscribedEvent) => unknown,
): Promise<Speed> {
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
  const speed = await watch.speed;
  const failures = app.get(EventSubscriber).stats()?.handlers['IdleHandler.seen']?.failures;
  await app.close();
  if (failures !== 0) throw new Error(`the handler failed ${failures} times`);
  return speed;
}
