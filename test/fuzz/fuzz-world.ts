import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import fc from 'fast-check';
import { Kafka, logLevel, Partitioners, type Message, type Producer } from 'kafkajs';
import { expect, inject } from 'vitest';
import { freshPrefix } from '../harness/fresh-names.js';
import { type OwnStandalone, startOwnStandalone } from '../harness/own-standalone.js';
import { until } from '../harness/until.js';
import { PAYLOAD } from './hostile-values.js';

const inflatable = promisify(gzip);

export interface FuzzRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Compress the body. */
  readonly gzip?: boolean;
}

/** All apps in one process with the heap of the image, and whatever reaches it from outside. */
export class FuzzWorld {
  private sentinels = 0;

  private constructor(
    readonly own: OwnStandalone,
    readonly prefix: string,
    private readonly producer: Producer,
  ) {}

  static async start(): Promise<FuzzWorld> {
    const prefix = freshPrefix();
    const own = await startOwnStandalone({ TIDINGS_PREFIX: prefix, TIDINGS_WATCHDOG_SECONDS: '30' });
    const kafka = new Kafka({ brokers: inject('brokers').split(','), logLevel: logLevel.NOTHING });
    const producer = kafka.producer({
      createPartitioner: Partitioners.DefaultPartitioner,
      allowAutoTopicCreation: false,
    });
    await producer.connect();
    return new FuzzWorld(own, prefix, producer);
  }

  async stop(): Promise<void> {
    await this.producer.disconnect();
    await this.own.stop();
  }

  /**
   * Makes a request over a connection of its own and demands a decent answer: none that says that we failed.
   * @returns the status; undefined when the connection was closed on a request that is none
   */
  async ask({ method, path, headers = {}, body, gzip: isCompressed = false }: FuzzRequest): Promise<number> {
    const sent = isCompressed && body !== undefined ? await inflatable(body) : body;
    const { hostname, port } = new URL(this.own.app.url);
    const status = await new Promise<number>((resolve, reject) => {
      const request = httpRequest({
        ...{ hostname, port, path, method, agent: false, timeout: 30_000 },
        headers: {
          authorization: `Bearer ${this.own.token}`,
          ...headers,
          ...(isCompressed && { 'content-encoding': 'gzip' }),
        },
      });
      request.on('response', (response) => {
        const { statusCode = 0, headers: answered } = response;
        if (answered['content-type']?.startsWith('text/event-stream') === true) {
          request.destroy();
          resolve(statusCode);
          return;
        }
        response
          .resume()
          .on('end', () => resolve(statusCode))
          .on('error', reject);
        // A 503 is an answer where something is full for the moment, when it says so.
        if (statusCode === 503) expect(answered).toHaveProperty('retry-after');
      });
      request.on('timeout', () => request.destroy(new Error('no answer within 30 s')));
      request.on('error', reject);
      request.end(sent);
    });
    if (status !== 503) expect(status, `${method} ${path.slice(0, 300)}`).toBeLessThan(500);
    return status;
  }

  /** Sends bytes over a bare connection and closes it, whatever comes back. */
  async talk(bytes: Buffer): Promise<void> {
    await new Promise<void>((resolve) => {
      const socket = connect(Number(new URL(this.own.app.url).port), '127.0.0.1', () => socket.end(bytes));
      socket.setTimeout(2_000, () => socket.destroy());
      socket.on('error', () => undefined).on('close', () => resolve());
      socket.resume();
    });
  }

  /** Writes messages to one partition, and a good event behind them; waits until that one is stored. */
  async produce(kafkaTopic: string, partition: number, messages: readonly Message[], isGzip: boolean): Promise<void> {
    this.sentinels += 1;
    const id = `sentinel-${this.sentinels}`;
    const sentinel: Message = {
      headers: {
        ...{ ce_specversion: '1.0', ce_id: id, ce_source: '/cds/main', ce_type: 'com.ovh.cds.ProjectCreated' },
        ...{ ce_time: new Date().toISOString(), ce_subject: id, 'content-type': 'application/json' },
      },
      value: PAYLOAD,
    };
    const topic = `${this.prefix}${kafkaTopic}`;
    const compression = isGzip ? 1 : 0;
    const sent = [...messages, sentinel].map((message) => ({ ...message, partition }));
    await this.producer.send({ topic, messages: sent, compression });
    const query = `/api/events/count/?source=${encodeURIComponent('/cds/main')}&subject=${id}`;
    await until(async () => (await this.count(query)) === 1, {
      what: `${id} behind poison in ${topic}`,
      timeout: 90_000,
    });
  }

  /** The process lives, answers, and is ready: nothing that it was sent is in its way. */
  async demandHealth(): Promise<void> {
    const isReady = async (): Promise<boolean> => (await this.get('/health/ready')).ok;
    try {
      await until(isReady, { what: 'the process to be ready', timeout: 60_000 });
    } catch (error) {
      throw new Error(`It is not ready any more. It printed:\n${this.own.app.output.slice(-5_000)}`, { cause: error });
    }
  }

  /** @returns a figure of /metrics, summed over its labels */
  async metric(name: string): Promise<number> {
    const text = await (await this.get('/metrics')).text();
    const lines = text.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
    return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  }

  private async count(path: string): Promise<number> {
    return ((await (await this.get(path)).json()) as { count: number }).count;
  }

  private async get(path: string): Promise<Response> {
    const headers = { authorization: `Bearer ${this.own.token}` };
    return fetch(this.own.app.url + path, { headers, signal: AbortSignal.timeout(20_000) });
  }
}

/** The seconds that all parts together take; `TIDINGS_FUZZ_SECONDS=600 npm test -- fuzz` tries longer. */
const SECONDS = Number(process.env['TIDINGS_FUZZ_SECONDS'] ?? 60);

/**
 * Tries inputs until a share of the time is over.
 * @param share of all the time
 */
export async function fuzz<Input>(
  share: number,
  inputs: fc.Arbitrary<Input>,
  attempt: (input: Input) => Promise<unknown>,
): Promise<void> {
  let tried = 0;
  const property = fc.asyncProperty(inputs, async (input) => {
    tried += 1;
    await attempt(input);
  });
  const limits = { numRuns: 1_000_000, interruptAfterTimeLimit: SECONDS * share * 1_000, maxSkipsPerRun: 0 };
  await fc.assert(property, { ...limits, markInterruptAsFailure: false, endOnFailure: true });
  process.stdout.write(`${tried} inputs: ${expect.getState().currentTestName ?? ''}\n`);
  expect(tried).toBeGreaterThan(3);
}
