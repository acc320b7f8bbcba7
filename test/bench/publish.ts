import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { catalogue, type EventTypeName, type PayloadOf } from '@tidings/catalogue';
import { type EventToPublish, Publisher } from '@tidings/publishing';
import { encodeEvent, type OutgoingRecord } from '@tidings/transport';
import { type BenchEvent, benchEvents } from './events.js';
import { type Figure, progress } from './figures.js';
import type { BenchWorld } from './world.js';

const EVENTS = 100_000;
const BATCH = 500;
const ROUNDS = 3;
const SOURCE = '/waldur/bench';

/** The typed publisher beside kafkajs sending the same bytes. */
export async function publishFigures(world: BenchWorld): Promise<{ figures: readonly Figure[]; bareRate: number }> {
  const events = benchEvents(EVENTS);
  const transport = await world.topics('pub.');
  progress(`publishing ${EVENTS} events, once with kafkajs alone and once with the publisher`);
  const publisher = new Publisher({ publisher: await transport.createPublisher(), prefix: 'pub.' });
  const rates: { bare: number; typed: number }[] = [];
  // By turns, so that what else the machine does meets both. The first round warms them up; the best of each counts.
  for (let round = 0; round < ROUNDS; round += 1) {
    rates.push({ bare: await bareRate(world, events), typed: await typedRate(publisher, events) });
  }
  await transport.close();
  const bare = Math.max(...rates.map((one) => one.bare));
  const typed = Math.max(...rates.map((one) => one.typed));
  const ratio = typed / bare;
  return {
    bareRate: bare,
    figures: [
      {
        name: 'publish, typed and validated',
        unit: 'events/s',
        value: typed,
        limit: { of: 'kafkajs, the same bytes', value: bare },
        aim: { text: '≥ 0.8 × kafkajs', reached: ratio >= 0.8 },
      },
    ],
  };
}

async function typedRate(publisher: Publisher, events: readonly BenchEvent[]): Promise<number> {
  const typed = events.map(
    ({ type, time, data }) =>
      ({
        type: type.type,
        payload: data as unknown as PayloadOf<EventTypeName>,
        source: SOURCE,
        time,
      }) as EventToPublish,
  );
  return await rate(events.length, async () => {
    for (let at = 0; at < typed.length; at += BATCH) await publisher.publishBatch(typed.slice(at, at + BATCH));
  });
}

/** How many events a second kafkajs alone sends. @param prefix of the topics, which are there */
export async function bareRate(world: BenchWorld, events: readonly BenchEvent[], prefix = 'pub.'): Promise<number> {
  const kafka = new Kafka({ brokers: [...world.brokers], clientId: 'bare', logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const records = events.map((event, index) => recordOf(event, index, prefix));
  const measured = await rate(events.length, async () => {
    for (let at = 0; at < records.length; at += BATCH) {
      const messages = records.slice(at, at + BATCH).map(({ key, value, headers }) => ({
        key,
        value,
        headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, String(text)])),
      }));
      await producer.send({ topic: `${prefix}lifecycle.waldur.resources`, acks: -1, messages });
    }
  });
  await producer.disconnect();
  return measured;
}

/** The event as it lies on Kafka. */
export function recordOf({ type, time, data }: BenchEvent, index: number | string, prefix: string): OutgoingRecord {
  const subject = catalogue.type(type.type)?.subjectOf(data);
  const event = { id: `bench-${index}`, source: SOURCE, type: type.type, time, dataschema: type.dataschema };
  return encodeEvent(
    `${prefix}${type.kafkaTopic}`,
    { ...event, ...(subject !== undefined && { subject }) },
    JSON.stringify(data),
  );
}

/** @returns how many a second */
export async function rate(count: number, work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await work();
  return (count / (performance.now() - begin)) * 1000;
}
