import { connect } from 'node:net';
import { Body, Controller, Get, Injectable, Module, type OnModuleDestroy, Post, Query, Res } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { DomainError, invalidQuery } from './errors.js';
import { createHttpApplication, listen } from './http-application.js';
import { createLog } from './process-log.js';
import { StreamedBody } from './request-body.js';
import { StartError } from '@tidings/settings';

const closed = vi.fn();
let onSlow = (): void => undefined;
let onStream: (reply: FastifyReply) => void = () => undefined;

@Controller('things')
class ThingsController {
  @Get()
  list(@Query() query: Record<string, unknown>) {
    if (query['page'] === 'x') throw invalidQuery({ page: ['A valid integer is required.'] });
    if (query['break'] !== undefined) throw new Error('the password is hunter2');
    return query;
  }

  @Get(':id')
  one() {
    throw new DomainError('not_found');
  }

  @Post()
  create(@Body() body: unknown) {
    return { body: body ?? 'none' };
  }

  @Post('stream')
  @StreamedBody()
  stream() {
    return {};
  }

  @Get('files/*')
  file() {
    return {};
  }

  @Get('endless/answer')
  endless(@Res() reply: FastifyReply): void {
    reply.hijack();
    onStream(reply);
  }

  @Get('slow/answer')
  async slow() {
    onSlow();
    await new Promise((resolve) => setTimeout(resolve, 100));
    return { slow: true };
  }
}

@Injectable()
class Resource implements OnModuleDestroy {
  onModuleDestroy(): void {
    closed();
  }
}

@Module({ controllers: [ThingsController], providers: [Resource] })
class ThingsModule {}

const log = createLog('test', 'fatal');
let app: NestFastifyApplication;
let url = '';

beforeAll(async () => {
  app = await createHttpApplication(ThingsModule, log);
  url = await listen(app, { host: '127.0.0.1', port: 0 });
});

afterAll(() => app.close());

async function ask(path: string, init?: RequestInit) {
  const answer = await fetch(url + path, init);
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    body: text === '' ? undefined : (JSON.parse(text) as unknown),
  };
}

/** Writes to a bare connection and reads until the server closes it. */
function talk(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text))
      .on('data', (chunk) => (answer += chunk.toString()))
      .on('close', () => resolve(answer))
      .on('error', reject);
  });
}

describe('paths and methods', () => {
  test.each(['/things', '/things/', '/things?a=1', '/things/?a=1'])('%s is answered', async (path) => {
    expect((await ask(path)).status).toBe(200);
  });

  test('HEAD is answered like GET, without a body', async () => {
    const answer = await ask('/things', { method: 'HEAD' });
    expect(answer).toMatchObject({ status: 200, body: undefined });
    expect(answer.headers.get('content-length')).toBe('2');
  });

  test('an unknown path is 404', async () => {
    expect(await ask('/nothing')).toMatchObject({ status: 404, body: { detail: 'Not found.' } });
  });

  test.each([
    ['/things', 'DELETE', 'GET, HEAD, POST'],
    ['/things/', 'PUT', 'GET, HEAD, POST'],
    ['/things/7', 'POST', 'GET, HEAD'],
    ['/things/stream', 'DELETE', 'POST'],
    ['/things/files/a/b', 'DELETE', 'GET, HEAD'],
    ['/things', 'OPTIONS', 'GET, HEAD, POST'],
    ['/things/7', 'QUERY', 'GET, HEAD'],
    ['/things/?page=x', 'PROPFIND', 'GET, HEAD, POST'],
  ])('%s with %s is 405 and names what is allowed', async (path, method, allow) => {
    const answer = await ask(path, { method });
    expect(answer).toMatchObject({ status: 405, body: { detail: `Method "${method}" not allowed.` } });
    expect(answer.headers.get('allow')).toBe(allow);
  });

  test.each(['TRACE', 'NOBODYKNOWS'])('%s, which programs rarely send, is 405, too', async (method) => {
    const answer = await talk(`${method} /things/7?a=b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 405 Method Not Allowed\r\n/);
    expect(answer).toMatch(/\r\nallow: GET, HEAD\r\n/i);
    expect(answer).toContain(`{"detail":"Method \\"${method}\\" not allowed.","code":"method_not_allowed"}`);
  });

  test('an unknown method of an unknown path is 404', async () => {
    const answer = await talk('NOBODYKNOWS /nothing HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1.1 404 Not Found\r\n/);
  });

  test('a malformed URL is 400', async () => {
    expect(await ask('/things/%E0%A4%A')).toMatchObject({ status: 400, body: { code: 'malformed_url' } });
  });

  test('every answer says that its type is to be believed', async () => {
    for (const path of ['/things', '/things?break=1', '/nothing', '/things/%E0%A4%A']) {
      expect((await ask(path)).headers.get('x-content-type-options'), path).toBe('nosniff');
    }
    expect(await talk('NONSENSE\r\n\r\n')).toContain('\r\nx-content-type-options: nosniff\r\n');
  });

  test('nobody says what the server is made of', async () => {
    const { headers } = await ask('/things');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('server')).toBeNull();
  });
});

test('every answer of a connection is closed with it, also those that wait behind another', async () => {
  const answers: FastifyReply['raw'][] = [];
  const closes: number[] = [];
  const socket = connect(Number(new URL(url).port), '127.0.0.1', () =>
    socket.write('GET /things/endless/answer HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(3)),
  );
  await new Promise<void>((resolve) => {
    onStream = ({ raw }) => {
      const number = answers.push(raw.once('close', () => void closes.push(number)));
      raw.write('begun');
      if (number === 3) resolve();
    };
  });
  socket.destroy();
  await vi.waitFor(() => expect(closes.sort()).toEqual([1, 2, 3]));
  expect(answers.every(({ destroyed }) => destroyed)).toBe(true);
});

describe('query strings', () => {
  test('repeated parameters come as arrays', async () => {
    expect((await ask('/things?a=1&a=2&b=3')).body).toEqual({ a: ['1', '2'], b: '3' });
  });

  test('names of object internals are names like any other', async () => {
    const { status, body } = await ask('/things?__proto__=1&constructor=2&hasOwnProperty=3');
    expect(status).toBe(200);
    expect(JSON.stringify(body)).toBe('{"__proto__":"1","constructor":"2","hasOwnProperty":"3"}');
    expect(({} as Record<string, unknown>)['1']).toBeUndefined();
  });
});

describe('errors', () => {
  test('of a query are told by parameter', async () => {
    expect(await ask('/things?page=x')).toMatchObject({
      status: 400,
      body: { page: ['A valid integer is required.'] },
    });
  });

  test('that nobody foresaw are 500 without their message', async () => {
    const answer = await ask('/things?break=1');
    expect(answer).toMatchObject({ status: 500, body: { detail: 'Internal server error.', code: 'internal_error' } });
  });

  test('of the protocol have the same shape', async () => {
    const answer = await talk('NONSENSE\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('{"detail":"The request is malformed.","code":"malformed_request"}');
  });

  test('of headers that are too large, too', async () => {
    const answer = await talk(`GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(answer).toContain('"code":"headers_too_large"');
  });
});

describe('starting and closing', () => {
  test('a port in use is told in one line', async () => {
    const second = await createHttpApplication(ThingsModule, log);
    const port = Number(new URL(url).port);
    await expect(listen(second, { host: '127.0.0.1', port })).rejects.toThrow(StartError);
    closed.mockClear();
    const third = await createHttpApplication(ThingsModule, log);
    await expect(listen(third, { host: '127.0.0.1', port })).rejects.toThrow(
      `Cannot listen on 127.0.0.1:${port}: the port is in use. Stop what uses it, or set PORT to another one`,
    );
    expect(closed).toHaveBeenCalledOnce();
  });

  test('a module that cannot start leaves nothing open', async () => {
    @Injectable()
    class Failing {
      onApplicationBootstrap(): void {
        throw new StartError('Kafka cannot be reached.');
      }
    }
    @Module({ imports: [ThingsModule], providers: [Failing] })
    class FailingModule {}
    closed.mockClear();
    await expect(createHttpApplication(FailingModule, log)).rejects.toThrow('Kafka cannot be reached.');
    expect(closed).toHaveBeenCalledOnce();
  });

  test('requests in hand are answered before it is closed', async () => {
    const arrived = new Promise<void>((resolve) => (onSlow = resolve));
    const other = await createHttpApplication(ThingsModule, log);
    const address = await listen(other, { host: '127.0.0.1', port: 0 });
    const answer = fetch(`${address}/things/slow/answer`).then((response) => response.json());
    await arrived;
    await other.close();
    expect(await answer).toEqual({ slow: true });
    await expect(fetch(`${address}/things`)).rejects.toThrow();
  });
});
