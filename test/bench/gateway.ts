import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'node:http';
import { benchEvents, nativeOf } from './events.js';
import { type Figure, percentile, progress } from './figures.js';
import { rate, recordOf } from './publish.js';
import { AUTHORIZATION, type BenchWorld } from './world.js';

const STREAMED = 200_000;
const STREAMS = 4;
const SINGLES = 3_000;
const SINGLES_PER_SECOND = 200;

/** The gateway as a process of its own: long NDJSON streams, and one event a request. */
export async function gatewayFigures(world: BenchWorld, bareRate: number): Promise<readonly Figure[]> {
  const transport = await world.topics('gate.');
  const lines = benchEvents(STREAMED).map((event) => `${JSON.stringify(nativeOf(event))}\n`);
  const size = Math.ceil(lines.length / STREAMS);
  const bodies = Array.from({ length: STREAMS }, (_, n) => Buffer.from(lines.slice(n * size, (n + 1) * size).join('')));
  const publisher = await transport.createPublisher();
  const figures = await world.withApp('gateway', 'gateway', { TIDINGS_PREFIX: 'gate.' }, async ({ url }) => {
    progress(`posting ${STREAMED} events as NDJSON in ${STREAMS} requests`);
    const streamed = await rate(STREAMED, async () => {
      for (const body of bodies) await postStream(url, body);
    });
    progress(`posting ${SINGLES} events one by one, ${SINGLES_PER_SECOND} a second`);
    const singles = benchEvents(SINGLES).map((event) => JSON.stringify(nativeOf(event)));
    const agent = new Agent({ keepAlive: true, maxSockets: 50 });
    const gateway = await latencies(singles, (body) => postOne(agent, url, body));
    agent.destroy();
    const records = benchEvents(SINGLES).map((event, index) => recordOf(event, index, 'gate.'));
    const bare = await latencies(records, (record) => publisher.publish([record]));
    const p99 = percentile(gateway, 0.99);
    return [
      {
        name: 'gateway, NDJSON streams',
        unit: 'events/s',
        value: streamed,
        limit: { of: 'kafkajs, the same bytes, no HTTP', value: bareRate },
        aim: { text: '≥ 10,000 events/s', reached: streamed >= 10_000 },
      },
      {
        name: `gateway, single events at ${SINGLES_PER_SECOND}/s, p99`,
        unit: 'ms',
        value: p99,
        limit: { of: 'Kafka alone, the same rate', value: percentile(bare, 0.99) },
        aim: { text: '< 25 ms', reached: p99 < 25 },
      },
      {
        name: `gateway, single events at ${SINGLES_PER_SECOND}/s, p50`,
        unit: 'ms',
        value: percentile(gateway, 0.5),
        limit: { of: 'Kafka alone, the same rate', value: percentile(bare, 0.5) },
      },
    ];
  });
  await transport.close();
  return figures;
}

async function postStream(url: string, body: Buffer): Promise<void> {
  const response = await fetch(`${url}/v1/ingest/waldur`, {
    method: 'POST',
    headers: { ...AUTHORIZATION, 'content-type': 'application/x-ndjson' },
    body,
  });
  if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`);
  await response.text();
}

function postOne(agent: Agent, url: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { ...AUTHORIZATION, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request(`${url}/v1/ingest/waldur`, { method: 'POST', agent, headers }, (response) => {
      response.resume().on('end', () => {
        if (response.statusCode === 202) resolve();
        else reject(new Error(`The gateway answered ${response.statusCode}`));
      });
    });
    sent.on('error', reject).end(body);
  });
}

/** Starts one call every so often, whether the former have ended or not, and measures each. @returns milliseconds */
async function latencies<T>(inputs: readonly T[], call: (input: T) => Promise<unknown>): Promise<readonly number[]> {
  const begin = performance.now();
  const measured: number[] = [];
  const calls: Promise<unknown>[] = [];
  for (const [index, input] of inputs.entries()) {
    const due = begin + (index * 1000) / SINGLES_PER_SECOND;
    const wait = due - performance.now();
    if (wait > 0) await delay(wait);
    calls.push(call(input).then(() => void measured.push(performance.now() - due)));
  }
  await Promise.all(calls);
  // The first second warms up.
  return measured.slice(SINGLES_PER_SECOND);
}
