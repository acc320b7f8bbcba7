import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { connect } from 'node:net';
import { Controller, Get, Module } from '@nestjs/common';
import { createHttpApplication, listen } from '@tidings/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AccessGuard } from './access-guard.js';
import { declaredRoutes } from './declared-access.js';
import type { Permission } from './permissions.js';
import type { Principal } from './principal.js';
import { Public } from './route-access.js';
import { digestToken, TokenStore } from './token-store.js';
import { UpgradeDispatcher } from './upgrade-dispatcher.js';
import { UpgradeModule } from './upgrade-module.js';

const principal = (id: string, permissions: readonly Permission[]): Principal => ({
  id,
  name: id,
  permissions: new Set(permissions),
  scopes: ['*'],
  sources: [],
});

const TOKENS = new Map([
  ['reads', principal('reads', ['events:read'])],
  ['publishes', principal('publishes', ['events:publish'])],
]);

const store: TokenStore = {
  find: (digest) => Promise.resolve([...TOKENS].find(([token]) => digestToken(token).equals(digest))?.[1]),
  findCertificate: () => Promise.resolve(undefined),
  whenEnded: () => () => undefined,
};

@Controller('plain')
@Public()
class PlainController {
  @Get()
  hello(): string {
    return 'hello';
  }
}

@Module({
  imports: [UpgradeModule],
  controllers: [PlainController],
  providers: [AccessGuard, { provide: TokenStore, useValue: store }],
})
class UpgradingModule {}

const QUIET = { log: () => undefined, warn: () => undefined, error: () => undefined };

let app: Awaited<ReturnType<typeof createHttpApplication>>;
let dispatcher: UpgradeDispatcher;
let url: URL;
let further: Server | undefined;

beforeEach(async () => {
  app = await createHttpApplication(UpgradingModule, QUIET);
  dispatcher = app.get(UpgradeDispatcher);
  dispatcher.register({
    path: '/v1/stream',
    access: 'events:read',
    accept: ({ socket, principal: caller, query }) => {
      socket.end(
        `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n${caller?.id} ${String(query['q'])}`,
      );
    },
  });
  dispatcher.register({
    path: '/broken',
    access: 'public',
    accept: () => {
      throw new Error('on purpose');
    },
    answer: () => ({ status: 418, headers: { 'x-own': 'yes' }, body: { own: true }, unexpected: false }),
  });
  url = new URL(await listen(app, { host: '127.0.0.1', port: 0 }));
});

afterEach(async () => {
  await app.close();
  further?.close();
  further = undefined;
});

interface Met {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

function upgrade(path: string, headers: Record<string, string> = {}, method = 'GET', port = url.port): Promise<Met> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      hostname: url.hostname,
      port,
      path,
      method,
      headers: { connection: 'Upgrade', upgrade: 'websocket', authorization: 'Bearer reads', ...headers },
    });
    const read = (message: IncomingMessage, stream: NodeJS.ReadableStream): void => {
      let text = '';
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
      stream.on('end', () => resolve({ status: message.statusCode, headers: message.headers, text }));
    };
    request.on('response', (response) => read(response, response));
    request.on('upgrade', (response, socket, head) => {
      socket.unshift(head);
      read(response, socket);
    });
    request.on('error', reject);
    request.end();
  });
}

describe('the upgrade dispatcher', () => {
  it('hands an upgrade to the route of its path, with its caller and its parameters', async () => {
    expect(await upgrade('/v1/stream?q=x')).toMatchObject({ status: 101, text: 'reads x' });
    expect(await upgrade('/v1/stream/?q=y')).toMatchObject({ status: 101, text: 'reads y' });
  });

  it.each([
    ['/v1/stream', { authorization: '' }, 'GET', 401, 'not_authenticated'],
    ['/v1/stream', { authorization: 'Bearer nonsense' }, 'GET', 401, 'invalid_token'],
    ['/v1/stream', { authorization: 'Bearer publishes' }, 'GET', 403, 'permission_denied'],
    ['/v1/stream', { origin: 'https://elsewhere.example' }, 'GET', 403, 'permission_denied'],
    ['/v1/stream', { origin: 'null' }, 'GET', 403, 'permission_denied'],
    ['/v1/stream', {}, 'POST', 405, 'method_not_allowed'],
    ['/nowhere', {}, 'GET', 404, 'not_found'],
  ])('refuses %s with %j by %s: %i', async (path, headers, method, status, code) => {
    const met = await upgrade(path, headers, method);
    expect(met.status).toBe(status);
    expect(JSON.parse(met.text)).toMatchObject({ code });
  });

  it('lets pages of our own origin in', async () => {
    expect((await upgrade('/v1/stream', { origin: url.origin })).status).toBe(101);
  });

  it('says errors the way the route wants', async () => {
    const met = await upgrade('/broken');
    expect([met.status, met.headers['x-own'], met.text]).toEqual([418, 'yes', '{"own":true}']);
  });

  it('answers requests that offer another protocol as if they did not', async () => {
    const headers = {
      upgrade: 'h2c',
      connection: 'Upgrade, HTTP2-Settings',
      'http2-settings': 'AAMAAABkAAQCAAAAAAIAAAAA',
    };
    expect(await upgrade('/plain', headers)).toMatchObject({ status: 200, text: 'hello' });
  });

  it('serves further servers', async () => {
    further = createServer((_request, response) => response.end('further'));
    dispatcher.attach(further);
    await new Promise<void>((resolve) => further?.listen(0, '127.0.0.1', resolve));
    const address = further.address();
    const port = String(typeof address === 'object' ? address?.port : '');
    expect(await upgrade('/v1/stream?q=z', {}, 'GET', port)).toMatchObject({ status: 101, text: 'reads z' });
    expect(await upgrade('/v1/stream', { upgrade: 'h2c' }, 'GET', port)).toMatchObject({
      status: 200,
      text: 'further',
    });
  });

  it('survives clients that leave while they are looked at', async () => {
    for (let round = 0; round < 5; round += 1) {
      await new Promise<void>((resolve) => {
        const socket = connect(Number(url.port), url.hostname, () => {
          socket.write('GET /v1/stream HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
          socket.resetAndDestroy();
          resolve();
        });
      });
    }
    expect((await upgrade('/v1/stream')).status).toBe(101);
  });

  it('lists its routes with those of the controllers', () => {
    expect(declaredRoutes(app)).toEqual([
      { method: 'WEBSOCKET', path: '/broken', access: 'public' },
      { method: 'GET', path: '/plain', access: 'public' },
      { method: 'WEBSOCKET', path: '/v1/stream', access: 'events:read' },
    ]);
  });

  it('takes each path once', () => {
    expect(() => dispatcher.register({ path: '/broken', access: 'public', accept: () => undefined })).toThrow(
      '/broken',
    );
  });
});
