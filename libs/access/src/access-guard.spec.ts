import { Controller, Get, Module, Post } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { createHttpApplication, createLog, EnvironmentModule, parseEnvironment, StartError } from '@tidings/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AccessGuard } from './access-guard.js';
import { AccessModule } from './access-module.js';
import { declaredRoutes } from './declared-access.js';
import { OperationsModule } from './operations-module.js';
import type { Principal } from './principal.js';
import { Public, Requires } from './route-access.js';
import { digestToken, TokenStore } from './token-store.js';

@Controller('things')
@Requires('events:read')
class ThingsController {
  @Get()
  list() {
    return 'list';
  }

  @Post()
  @Requires('events:publish')
  create() {
    return 'create';
  }

  @Get('about')
  @Public()
  about() {
    return 'about';
  }
}

@Controller('forgotten')
class ForgottenController {
  @Get()
  read() {
    return 'read';
  }
}

const log = createLog('test', 'fatal');
const TOKEN = 'correct-horse-battery-staple-of-the-admin';
const environmentOf = (token: string) => EnvironmentModule.forRoot(parseEnvironment({ TIDINGS_ADMIN_TOKEN: token }));

describe('with the admin token', () => {
  let app: Awaited<ReturnType<typeof createHttpApplication>>;

  beforeAll(async () => {
    @Module({
      imports: [environmentOf(TOKEN), AccessModule, OperationsModule],
      controllers: [ThingsController, ForgottenController],
    })
    class RootModule {}
    app = await createHttpApplication(RootModule, log);
  });

  afterAll(() => app.close());

  const get = async (url: string, authorization?: string) => {
    const answer = await app.inject({ url, headers: authorization === undefined ? {} : { authorization } });
    return { status: answer.statusCode, headers: answer.headers, body: answer.body };
  };

  test.each([`Bearer ${TOKEN}`, `Token ${TOKEN}`, `Bearer Token ${TOKEN}`, `bearer ${TOKEN}`])(
    '%s opens every declared route',
    async (authorization) => {
      expect(await get('/things', authorization)).toMatchObject({ status: 200, body: 'list' });
      expect((await get('/metrics', authorization)).status).toBe(200);
    },
  );

  test.each([undefined, '', 'Basic YWRtaW46YWRtaW4='])('%s is no credential', async (authorization) => {
    const answer = await get('/things', authorization);
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(JSON.parse(answer.body)).toMatchObject({ detail: 'Authentication credentials were not provided.' });
  });

  test.each([
    'Bearer wrong',
    'Bearer',
    `Bearer ${TOKEN.slice(0, -1)}`,
    `Bearer ${TOKEN}x`,
    `Bearer ${TOKEN.toUpperCase()}`,
    `Bearer ${TOKEN} ${TOKEN}`,
    `Bearer ${digestToken(TOKEN).toString('hex')}`,
  ])('%s is a wrong token', async (authorization) => {
    const answer = await get('/things', authorization);
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.body)).toMatchObject({ detail: 'Invalid token.' });
  });

  test('a public route needs none, and does not mind a wrong one', async () => {
    expect((await get('/things/about')).body).toBe('about');
    expect((await get('/things/about', 'Bearer wrong')).body).toBe('about');
    expect((await get('/health/live')).status).toBe(200);
  });

  test('a route that declares nothing is closed to everybody', async () => {
    expect((await get('/forgotten')).status).toBe(401);
    expect((await get('/forgotten', `Bearer ${TOKEN}`)).status).toBe(403);
  });

  test('every route can be listed with what it demands', () => {
    expect(declaredRoutes(app)).toEqual([
      { method: 'GET', path: '/forgotten', access: undefined },
      { method: 'GET', path: '/health/live', access: 'public' },
      { method: 'GET', path: '/health/ready', access: 'public' },
      { method: 'GET', path: '/metrics', access: 'admin' },
      { method: 'GET', path: '/things', access: 'events:read' },
      { method: 'POST', path: '/things', access: 'events:publish' },
      { method: 'GET', path: '/things/about', access: 'public' },
    ]);
  });
});

test('a token opens only what it is allowed', async () => {
  class ReaderStore extends TokenStore {
    find(digest: Buffer): Promise<Principal | undefined> {
      const reader: Principal = {
        id: '1',
        name: 'reader',
        permissions: new Set(['events:read']),
        scopes: [],
        sources: [],
      };
      return Promise.resolve(digest.equals(digestToken('reader')) ? reader : undefined);
    }
    findCertificate(): Promise<undefined> {
      return Promise.resolve(undefined);
    }
    whenEnded(): () => void {
      return () => undefined;
    }
  }
  @Module({
    controllers: [ThingsController],
    providers: [
      { provide: TokenStore, useClass: ReaderStore },
      { provide: APP_GUARD, useClass: AccessGuard },
    ],
  })
  class RootModule {}
  const app = await createHttpApplication(RootModule, log);
  const headers = { authorization: 'Bearer reader' };
  expect((await app.inject({ url: '/things', headers })).statusCode).toBe(200);
  const answer = await app.inject({ method: 'POST', url: '/things', headers });
  expect(answer.statusCode).toBe(403);
  expect(answer.json()).toMatchObject({ detail: 'You do not have permission to perform this action.' });
  await app.close();
});

test('without an admin token nothing starts', async () => {
  @Module({ imports: [environmentOf(''), AccessModule] })
  class RootModule {}
  await expect(createHttpApplication(RootModule, log)).rejects.toThrow(StartError);
});
