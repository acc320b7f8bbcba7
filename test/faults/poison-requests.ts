import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { cloudEvent } from './sent-events.js';

const MEGABYTE = 1_048_576;
const NDJSON = 'application/x-ndjson';
const BATCH = 'application/cloudevents-batch+json';

/** What the gateway said that it took. */
export interface Taken {
  /** Of the native ones, which no system sends twice. */
  readonly accepted: number;
  readonly deadLettered: number;
}

interface PoisonRequest {
  readonly path: string;
  readonly type: string;
  readonly body: Buffer | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends to a gateway what no sender should. */
export class PoisonSender {
  private readonly bombs = [
    gzipSync(Buffer.alloc(300 * MEGABYTE, '\n')),
    gzipSync(Buffer.alloc(64 * MEGABYTE, '[')),
    gzipSync('null\n'.repeat(2_000)),
  ];

  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  /** Everything once. @param isHeavy the bombs, too */
  async send(round: number, isHeavy: boolean): Promise<Taken> {
    let accepted = 0;
    let deadLettered = 0;
    for (const request of [...oddRequests(round), ...(isHeavy ? this.bombRequests() : [])]) {
      const taken = await this.ask(request);
      if (request.type !== BATCH) accepted += taken.accepted;
      deadLettered += taken.deadLettered;
    }
    await this.breakOff(round);
    return { accepted, deadLettered };
  }

  private bombRequests(): readonly PoisonRequest[] {
    const headers = { 'content-encoding': 'gzip' };
    return this.bombs.map((body) => ({ path: '/v1/ingest/waldur', type: NDJSON, body, headers }));
  }

  private async ask({ path, type, body, headers }: PoisonRequest): Promise<Taken> {
    const response = await fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.token}`, 'content-type': type, ...headers },
      body: typeof body === 'string' ? body : new Uint8Array(body),
    });
    const text = await response.text();
    if (response.status >= 500) throw new Error(`${path} answered ${response.status}: ${text.slice(0, 500)}`);
    const answer = JSON.parse(text) as { accepted?: number; dead_lettered?: number };
    return { accepted: answer.accepted ?? 0, deadLettered: answer.dead_lettered ?? 0 };
  }

  /** A body that ends before its end: the event in it was sent before, so that it makes no difference whether it counts. */
  private async breakOff(round: number): Promise<void> {
    const event = JSON.stringify(cloudEvent(round));
    await new Promise<void>((resolve) => {
      const socket = connect(Number(new URL(this.url).port), '127.0.0.1', () => {
        const head = `POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${this.token}`;
        const what = `Content-Type: ${BATCH}\r\nContent-Length: 100000`;
        socket.write(`${head}\r\n${what}\r\n\r\n[${event},{"specversion":`, () =>
          setTimeout(() => socket.destroy(), 20),
        );
      });
      socket.on('error', () => undefined).on('close', () => resolve());
    });
  }
}

/** Bad natives of every system and bad CloudEvents, some of them beside good lines. */
function oddRequests(round: number): readonly PoisonRequest[] {
  // Was sent before, so that it makes no difference where it is taken.
  const event = cloudEvent(round);
  const deep = '{"a":'.repeat(600) + '1' + '}'.repeat(600);
  const natives = [
    '[]',
    'null',
    '7',
    '{}',
    'no JSON',
    `{"event_type":7,"n":${round}}`,
    '{"event_type":"x"',
    deep,
    '"\\ud800"',
  ];
  const extensions = Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`x${n}`, 'y']));
  const batches = [
    [event, { ...event, specversion: '2' }, 7],
    [{ ...event, source: '/cds/\ud800' }],
    [{ ...event, ...extensions }],
    [{ ...event, type: 'nobody.declared.this' }],
    [{ ...event, data: { a: 'x'.repeat(MEGABYTE) } }],
  ];
  return [
    ...['waldur', 'lxd?site=odd', 'cds', 'ibm'].map((system) => ({
      path: `/v1/ingest/${system}`,
      type: NDJSON,
      body: natives.join('\n'),
    })),
    { path: '/v1/ingest/waldur', type: 'application/x-www-form-urlencoded', body: 'context=%7B%7D&message=%ff&x' },
    { path: '/v1/events', type: 'application/cloudevents+json', body: deep },
    { path: '/v1/events', type: BATCH, body: `[${JSON.stringify(event)},{]` },
    { path: '/v1/events', type: 'text/plain', body: 'hello' },
    { path: '/v1/events', type: BATCH, body: 'no gzip', headers: { 'content-encoding': 'gzip' } },
    ...batches.map((batch) => ({ path: '/v1/events', type: BATCH, body: JSON.stringify(batch) })),
  ];
}
