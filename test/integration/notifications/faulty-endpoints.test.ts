import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { OutboundGuard } from '@tidings/outbound';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { until } from '../../harness/until.js';
import { DeliveryWorld } from './delivery-world.js';
import { answering, type Behaviour, hanging, WebhookSink } from './webhook-sink.js';

/** The deadline of an attempt: longer than any of these answers but those that never end. */
const ATTEMPT_MS = 1_500;
/** Far below the gigabyte that some of them send. */
const MOST_MEMORY_BYTES = 256 * 1_048_576;
const GIGABYTE = 1_073_741_824;

/** What became of a delivery after its first attempt. */
interface Result {
  readonly outcome: string;
  readonly status: string;
  readonly state: string;
  /** Seconds until the next attempt is due. */
  readonly pause: number;
  readonly problem: string | null;
  readonly head: string | null;
}

let world: DeliveryWorld;
const sinks: WebhookSink[] = [];

beforeAll(async () => {
  world = await DeliveryWorld.create(inject('databaseUrl'));
});
afterAll(() => world.close());
afterEach(async () => {
  await Promise.all(sinks.splice(0).map((one) => one.close()));
});

async function sink(behaviour: Behaviour): Promise<WebhookSink> {
  const opened = await WebhookSink.open(behaviour);
  sinks.push(opened);
  return opened;
}

/** Delivers one event there, once. */
async function attempt(url: string, outbound = new OutboundGuard(['127.0.0.0/8'])): Promise<Result> {
  const recipient = await world.recipient({ url, schedule: [0, 3_600] });
  const delivery = world.start({ attemptMs: ATTEMPT_MS, outbound });
  try {
    const [id = ''] = await world.queue([recipient], 1);
    await until(async () => (await world.delivery(id)).last_status !== null);
    const { rows } = await world.pool.query<{
      outcome: string;
      status: string;
      problem: string;
      response_head: string;
    }>('SELECT outcome, status, problem, response_head FROM notifications.attempt WHERE delivery_id = $1', [id]);
    const [row] = rows;
    const { state, pause } = await world.delivery(id);
    return {
      outcome: row?.outcome ?? '',
      status: row?.status ?? '',
      problem: row?.problem ?? null,
      head: row?.response_head ?? null,
      state,
      pause,
    };
  } finally {
    await world.stop(delivery);
  }
}

/** Writes until nobody listens any more, or so many bytes are out. */
function pour(response: ServerResponse, bytes: number): void {
  let sent = 0;
  const chunk = Buffer.alloc(1_048_576, 'x');
  const write = (): void => {
    while (sent < bytes && !response.destroyed) {
      sent += chunk.length;
      if (!response.write(chunk)) return;
    }
    response.end();
  };
  response.on('drain', write);
  write();
}

const hangs: Behaviour = hanging;
const drips: Behaviour = (response) => {
  response.writeHead(200);
  const timer = setInterval(() => response.write('.'), 50);
  response.on('close', () => clearInterval(timer));
};
const neverEnds: Behaviour = (response) => pour(response.writeHead(200), Number.POSITIVE_INFINITY);
const sendsGigabyte: Behaviour = (response) =>
  pour(response.writeHead(200, { 'content-length': String(GIGABYTE) }), GIGABYTE);
const sendsBomb: Behaviour = (response) =>
  void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(64 * 1_048_576)));
const endlessHeaders: Behaviour = (response) => {
  response.socket?.write('HTTP/1.1 200 OK\r\n');
  const timer = setInterval(() => response.socket?.write(`x-${Math.random()}: ${'y'.repeat(4_096)}\r\n`), 5);
  response.on('close', () => clearInterval(timer));
};
const speaksNoHttp: Behaviour = (response) => void response.socket?.end('220 mail.example ESMTP\r\n');
const hangsUp: Behaviour = (response) => void response.socket?.destroy();

describe('an endpoint that', () => {
  it.each<[string, Behaviour, Partial<Result>]>([
    ['hangs', hangs, { outcome: 'failed', status: 'timeout', state: 'waiting' }],
    ['drips a byte now and then', drips, { outcome: 'delivered', status: '200', state: 'delivered' }],
    ['never ends its answer', neverEnds, { outcome: 'delivered', status: '200', state: 'delivered' }],
    ['sends a gigabyte', sendsGigabyte, { outcome: 'delivered', status: '200', state: 'delivered' }],
    ['sends a gzip bomb', sendsBomb, { outcome: 'delivered', status: '200', state: 'delivered' }],
    ['never ends its headers', endlessHeaders, { outcome: 'failed', state: 'waiting' }],
    ['speaks no HTTP', speaksNoHttp, { outcome: 'failed', state: 'waiting' }],
    ['hangs up', hangsUp, { outcome: 'failed', state: 'waiting' }],
    ['answers 500', answering(500, {}, 'oops'), { outcome: 'failed', status: '500', state: 'waiting', head: 'oops' }],
    ['answers 400', answering(400), { outcome: 'refused', status: '400', state: 'failed' }],
  ])('%s', async (_what, behaviour, expected) => {
    const before = process.memoryUsage().rss;
    const result = await attempt((await sink(behaviour)).url);
    expect(result).toMatchObject(expected);
    expect(Buffer.byteLength(result.head ?? '')).toBeLessThanOrEqual(4_096);
    expect(process.memoryUsage().rss - before).toBeLessThan(MOST_MEMORY_BYTES);
  });

  // The schedule says an hour with ±20 %; a receiver may make it later, up to a bound, and never sooner.
  it.each([
    ['7200', [7_100, 7_300]],
    ['99999999999999999999', [3_000, 90_000]],
    ['-5', [2_800, 4_400]],
    ['0', [2_800, 4_400]],
    ['soon', [2_800, 4_400]],
    ['Thu, 01 Jan 1970 00:00:00 GMT', [2_800, 4_400]],
    ['', [2_800, 4_400]],
  ] as const)('answers 429 with Retry-After "%s" is called again within bounds', async (header, [least, most]) => {
    const result = await attempt((await sink(answering(429, { 'retry-after': header }))).url);
    expect(result).toMatchObject({ outcome: 'failed', status: '429', state: 'waiting' });
    expect(result.pause).toBeGreaterThan(least);
    expect(result.pause).toBeLessThan(most);
  });

  it('answers 410 is not called again, and is disabled', async () => {
    const disabled = world.disabled.length;
    const receiver = await sink(answering(410));
    expect(await attempt(receiver.url)).toMatchObject({ outcome: 'gone', status: '410' });
    await until(() => world.disabled.length === disabled + 1);
    expect(receiver.received).toHaveLength(1);
  });

  it('redirects to where cloud machines get their credentials leads nowhere', async () => {
    const location = 'http://169.254.169.254/latest/meta-data/';
    const result = await attempt((await sink(answering(302, { location }))).url);
    expect(result).toMatchObject({ outcome: 'refused', status: '302', state: 'failed' });
  });

  it('redirects to another of ours is not followed', async () => {
    const secret = await sink(answering(200));
    const result = await attempt((await sink(answering(307, { location: secret.url }))).url);
    expect(result).toMatchObject({ outcome: 'refused', status: '307' });
    expect(secret.received).toEqual([]);
  });
});

describe('an address that must not be called', () => {
  it.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f.1',
    '0x7f000001',
    '017700000001',
    '0',
    '0.0.0.0',
    'localhost',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '169.254.169.254',
    '[fd00:ec2::254]',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.0.1',
    '100.64.0.1',
    '192.0.0.1',
    '192.0.2.1',
    '192.88.99.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '[fe80::1]',
    '[fc00::1]',
    '[ff02::1]',
    '[2001:db8::1]',
    '[3fff::1]',
    '[100::1]',
    '[5f00::1]',
    '[64:ff9b:1::1]',
  ])('%s: nothing is sent, and the log of attempts says why', async (host) => {
    const receiver = await sink(answering(200));
    const result = await attempt(`http://${host}:${new URL(receiver.url).port}/hook`, new OutboundGuard());
    expect(result).toMatchObject({ outcome: 'refused', status: 'blocked', state: 'failed' });
    expect(result.problem).toContain('may not be called');
    expect(receiver.received).toEqual([]);
  });

  it('a name that leads elsewhere the second time it is asked for is judged by the answer that is dialled', async () => {
    const receiver = await sink(answering(200));
    let asked = 0;
    const rebinding = new OutboundGuard([], (_name, _options, callback) => {
      asked += 1;
      callback(null, [{ address: asked === 1 ? '93.184.215.14' : '127.0.0.1', family: 4 }]);
    });
    await new Promise<void>((resolve) => rebinding.lookup('rebind.test', { all: true }, () => resolve()));
    const result = await attempt(`http://rebind.test:${new URL(receiver.url).port}/hook`, rebinding);
    expect(result).toMatchObject({ outcome: 'refused', status: 'blocked' });
    expect(receiver.received).toEqual([]);
  });
});
