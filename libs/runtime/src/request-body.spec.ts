import { connect, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import {
  Body,
  type CanActivate,
  Controller,
  Injectable,
  type LoggerService,
  Module,
  Post,
  UseGuards,
} from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { DomainError } from './errors.js';
import { createHttpApplication, listen } from './http-application.js';
import { StreamedBody } from './request-body.js';

@Injectable()
class Closed implements CanActivate {
  canActivate(): boolean {
    throw new DomainError('not_authenticated');
  }
}

@Controller('things')
class ThingsController {
  @Post()
  create(@Body() body: unknown) {
    return { body: body ?? 'none' };
  }

  @Post('closed')
  @UseGuards(Closed)
  closed(@Body() body: unknown) {
    return { body };
  }

  @Post('closed/stream')
  @UseGuards(Closed)
  @StreamedBody()
  closedStream(@Body() body: Readable) {
    return { readable: body.readable };
  }

  @Post('unread')
  @StreamedBody()
  unread() {
    return { unread: true };
  }

  @Post('stream')
  @StreamedBody()
  async count(@Body() body: Readable | undefined) {
    let bytes = 0;
    for await (const chunk of (body ?? []) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      // Stops in the middle, as a route does that has seen enough.
      if (bytes > 1_000_000) throw new DomainError('event_too_large', { limit: 1_000_000 });
    }
    return { bytes };
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

const errors: unknown[] = [];
const log: LoggerService = { log: () => undefined, warn: () => undefined, error: (error) => errors.push(error) };
let app: NestFastifyApplication;
let url = '';
/** The connections that the server has seen closing. */
const handled: Socket[] = [];
/** How many requests have arrived. */
let arrivals = 0;

beforeAll(async () => {
  app = await createHttpApplication(ThingsModule, log);
  app.getHttpServer().on('connection', (socket: Socket) => socket.once('close', () => handled.push(socket)));
  app.getHttpServer().on('request', () => (arrivals += 1));
  url = await listen(app, { host: '127.0.0.1', port: 0 });
});

afterAll(() => app.close());
afterEach(() => vi.useRealTimers());

async function ask(path: string, init?: RequestInit) {
  const answer = await fetch(url + path, init);
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    body: text === '' ? undefined : (JSON.parse(text) as unknown),
  };
}

const json = (body: string) => ({ method: 'POST', body, headers: { 'content-type': 'application/json' } });

describe('JSON bodies', () => {
  test('are parsed', async () => {
    expect(await ask('/things', json('{"a":["ä"]}'))).toMatchObject({ status: 201, body: { body: { a: ['ä'] } } });
  });

  test('may be empty, whatever the content type says', async () => {
    expect(await ask('/things', json(''))).toMatchObject({ status: 201, body: { body: 'none' } });
    expect(await ask('/things', { method: 'POST' })).toMatchObject({ status: 201, body: { body: 'none' } });
  });

  test.each(['{"a":', 'nonsense', '{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{}}}'])(
    '%s is 400',
    async (body) => {
      expect(await ask('/things', json(body))).toMatchObject({ status: 400, body: { code: 'malformed_json' } });
    },
  );

  test('are taken up to the depth that is documented', async () => {
    const levels = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    expect(await ask('/things', json(levels(512)))).toMatchObject({ status: 201 });
    const answer = await ask('/things', json(levels(513)));
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'malformed_json', errors: [{ problem: 'is nested more than 512 levels deep; flatten it' }] },
    });
  });

  test('are UTF-8: two texts that are not must not become one', async () => {
    const body = Buffer.from([0x22, 0xff, 0x22]);
    const answer = await ask('/things', { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'malformed_json', errors: [{ problem: 'is not valid UTF-8; JSON is sent as UTF-8' }] },
    });
  });

  test('are taken up to the size that is documented', async () => {
    const sized = (bytes: number) => json(`"${'x'.repeat(bytes - 2)}"`);
    expect(await ask('/things', sized(1_048_576))).toMatchObject({ status: 201 });
    expect(await ask('/things', sized(1_048_577))).toMatchObject({ status: 413 });
  });

  test('of another type are 415', async () => {
    const answer = await ask('/things', { method: 'POST', body: 'a=1', headers: { 'content-type': 'text/csv' } });
    expect(answer).toMatchObject({ status: 415, body: { detail: 'Unsupported media type "text/csv" in request.' } });
  });

  test('beyond the limit are 413, and the client gets to read it', async () => {
    const answer = await ask('/things', json(`"${'x'.repeat(8_000_000)}"`));
    expect(answer).toMatchObject({ status: 413, body: { detail: 'The body is larger than 1048576 bytes.' } });
  });
});

describe('a streamed body', () => {
  const stream = (body: string, type?: string) =>
    ask('/things/stream', {
      method: 'POST',
      body: Buffer.from(body),
      headers: type !== undefined ? { 'content-type': type } : {},
    });

  const TYPES = [
    'application/json',
    'application/x-ndjson',
    'no/such-type',
    '*/*',
    '',
    'json',
    ' ; charset=x',
    undefined,
  ];
  test.each(TYPES)('of type %s comes as it is', async (type) => {
    expect(await stream('{"a":', type)).toMatchObject({ status: 201, body: { bytes: 5 } });
  });

  test('that is not there comes as undefined', async () => {
    expect(await ask('/things/stream', { method: 'POST' })).toMatchObject({ status: 201, body: { bytes: 0 } });
  });

  test('may be given up in the middle, and the client still gets its answer', async () => {
    const answer = await stream('x'.repeat(20_000_000), 'application/x-ndjson');
    expect(answer).toMatchObject({ status: 413, body: { code: 'event_too_large' } });
  });

  test('that breaks off does no harm', async () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('POST /things/stream HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf');
    await vi.waitFor(() => expect(socket.bytesWritten).toBeGreaterThan(0));
    socket.destroy();
    expect((await stream('whole')).body).toEqual({ bytes: 5 });
  });
});

describe('a streamed body that comes too slowly', () => {
  test('is given up, and its sender is told', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const asked = arrivals;
    let answer = '';
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.write('POST /things/stream HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\nhalf');
    await vi.waitFor(() => expect(arrivals).toBeGreaterThan(asked));
    await vi.waitFor(() => expect(vi.getTimerCount()).toBeGreaterThan(0));
    vi.advanceTimersByTime(60_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(answer).toBe('');
    vi.advanceTimersByTime(2_000);
    await vi.waitFor(() => expect(answer).toMatch(/^HTTP\/1.1 408/));
    socket.destroy();
  });
});

describe('a body that the route does not read', () => {
  const HEAD = 'host: x\r\ncontent-type: application/json\r\n';

  /** Sends half a body, reads the answer, hangs up, and waits until the server has seen it. */
  async function hangUp(path: string): Promise<string> {
    let answer = '';
    const before = handled.length;
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.on('data', (chunk) => (answer += chunk.toString())).on('error', () => undefined);
    socket.write(`POST ${path} HTTP/1.1\r\n${HEAD}content-length: 1000000\r\n\r\n{"a":`);
    await vi.waitFor(() => expect(answer).toMatch(/^HTTP\/1.1 \d+/));
    socket.destroy();
    await vi.waitFor(() => expect(handled.length).toBeGreaterThan(before));
    return answer;
  }

  test.each(['/things/closed', '/things/closed/stream', '/things/unread', '/nothing'])(
    'of %s harms nothing when its sender hangs up behind the answer',
    async (path) => {
      const uncaught = vi.fn();
      process.on('uncaughtException', uncaught).on('unhandledRejection', uncaught);
      try {
        expect(await hangUp(path)).toMatch(/^HTTP\/1.1 (?:401|404|201)/);
        await new Promise((resolve) => setImmediate(resolve));
      } finally {
        process.off('uncaughtException', uncaught).off('unhandledRejection', uncaught);
      }
      expect(uncaught).not.toHaveBeenCalled();
    },
  );

  test('is not waited for before the caller is known', async () => {
    const answer = await hangUp('/things/closed');
    expect(answer).toMatch(/^HTTP\/1.1 401/);
  });

  test('is no error in the log when it breaks off while it is read', async () => {
    errors.length = 0;
    for (const path of ['/things', '/things/stream']) {
      const before = handled.length;
      const asked = arrivals;
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      socket.write(`POST ${path} HTTP/1.1\r\n${HEAD}content-length: 100\r\n\r\n{"a":`);
      await vi.waitFor(() => expect(arrivals).toBeGreaterThan(asked));
      socket.destroy();
      await vi.waitFor(() => expect(handled.length).toBeGreaterThan(before));
    }
    expect(errors).toEqual([]);
  });
});
