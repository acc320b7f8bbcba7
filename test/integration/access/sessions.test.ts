import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { until } from '../../harness/until.js';
import { type Answer, ApiWorld } from '../api-world.js';

let world: ApiWorld;
beforeAll(async () => {
  world = await ApiWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
});
afterAll(async () => world.close());

interface Issued {
  readonly id: string;
  readonly token: string;
  readonly expires_at: string | null;
}

interface Options {
  readonly body?: unknown;
  readonly token?: string;
}

async function send(method: string, path: string, { body, token }: Options = {}): Promise<Answer> {
  const headers = {
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  return world.request(path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
}

async function issue(more: object = {}): Promise<Issued> {
  const body = { name: 'a reader', permissions: ['events:read'], scopes: ['lxd:rack1'], ...more };
  return (await send('POST', '/api/tokens/', { body })).json<Issued>();
}

async function codeOf(token?: string): Promise<string> {
  const answer = await send('POST', '/api/login-codes/', token === undefined ? {} : { token });
  expect(answer.status).toBe(201);
  expect(answer.headers['cache-control']).toBe('no-store');
  return answer.json<{ code: string }>().code;
}

const trade = async (code: string): Promise<Answer> => send('POST', '/api/sessions/', { body: { code } });
const opened = async (token?: string): Promise<Issued> => (await trade(await codeOf(token))).json<Issued>();
const statusWith = async (token: string, path = '/api/me/'): Promise<number> =>
  (await send('GET', path, { token })).status;
const refused = (token: string) => until(async () => (await statusWith(token)) === 401);

describe('who am I', () => {
  it('is answered to the administrator, and to any token with what it may do', async () => {
    expect((await send('GET', '/api/me/')).json()).toMatchObject({ id: 'admin', kind: 'admin', expires_at: null });
    const { id, token } = await issue({ permissions: ['notifications:admin'], scopes: ['*'] });
    expect((await send('GET', '/api/me/', { token })).json()).toEqual({
      id,
      name: 'a reader',
      kind: 'bearer',
      permissions: ['notifications:admin', 'notifications:read'],
      scopes: ['*'],
      sources: [],
      expires_at: null,
      server_version: '0.1.0',
    });
  });

  it('is not answered to strangers', async () => {
    expect(await statusWith('tdg_nobody')).toBe(401);
  });
});

describe('a sign-in code', () => {
  it('is traded once, for a session that may do what its maker may', async () => {
    const maker = await issue();
    const code = await codeOf(maker.token);
    const answer = await trade(code);
    expect(answer.status).toBe(201);
    expect(answer.headers['cache-control']).toBe('no-store');
    const session = answer.json<Issued>();
    expect(session).toMatchObject({
      kind: 'session',
      name: 'session of a reader',
      permissions: ['events:read'],
      scopes: ['lxd:rack1'],
      created_by: maker.id,
    });
    expect(Date.parse(session.expires_at ?? '')).toBeGreaterThan(Date.now() + 11 * 3_600_000);
    expect(await statusWith(session.token, '/api/events/')).toBe(200);
    expect(await statusWith(session.token, '/api/tokens/')).toBe(403);

    const again = await trade(code);
    expect(again.status).toBe(401);
    expect(again.json()).toMatchObject({ code: 'invalid_login_code' });
  });

  it('is good for one of those who show it at once', async () => {
    const code = await codeOf();
    const statuses = (await Promise.all([trade(code), trade(code), trade(code)])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([201, 401, 401]);
  });

  it('is over after ten minutes', async () => {
    const code = await codeOf();
    await world.pool.query(`UPDATE access.login_code SET expires_at = now() - interval '1 second'`);
    expect((await trade(code)).status).toBe(401);
  });

  it('is nowhere in the database, and its session stands in the audit log without a secret', async () => {
    const code = await codeOf();
    const { rows } = await world.pool.query<{ text: string }>('SELECT login_code::text AS text FROM access.login_code');
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter(({ text }) => text.includes(code))).toEqual([]);
    const { id, token } = (await trade(code)).json<Issued>();
    const { text } = await send('GET', '/api/audit/?action=session.create');
    expect(text).toContain(`token:${id}`);
    expect(text).not.toContain(token);
  });

  it('is of no use once its maker is revoked', async () => {
    const maker = await issue();
    const code = await codeOf(maker.token);
    await send('DELETE', `/api/tokens/${maker.id}/`);
    expect((await trade(code)).status).toBe(401);
  });

  it.each([[undefined], [{}], [{ code: 7 }], [{ code: '' }]])('is asked for where the body is %j', async (body) => {
    const answer = await send('POST', '/api/sessions/', { body: body ?? null });
    expect(answer.status).toBe(400);
  });

  it('cannot be guessed for long', async () => {
    const own = await ApiWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
    try {
      const guess = async (): Promise<Answer> =>
        own.request('/api/sessions/', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ code: 'tdc_guessed' }),
        });
      for (let count = 0; count < 20; count += 1) expect((await guess()).status).toBe(401);
      const answer = await guess();
      expect(answer.status).toBe(429);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    } finally {
      await own.close();
    }
  });
});

describe('a session', () => {
  it('ends with its maker, and so do those that were made with it', async () => {
    const maker = await issue();
    const first = await opened(maker.token);
    const second = await opened(first.token);
    expect(await statusWith(second.token)).toBe(200);
    await send('DELETE', `/api/tokens/${maker.id}/`);
    await Promise.all([refused(maker.token), refused(first.token), refused(second.token)]);
  });

  it('ends when its maker gets another secret', async () => {
    const maker = await issue();
    const session = await opened(maker.token);
    await send('POST', `/api/tokens/${maker.id}/rotate/`, { body: { grace_seconds: 600 } });
    await refused(session.token);
    expect(await statusWith(maker.token)).toBe(200);
  });

  it('never outlives the token that it was made with', async () => {
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    const session = await opened((await issue({ expires_at: soon })).token);
    expect(session.expires_at).toBe(soon);
  });

  it('can be ended by itself, and by nobody who is no session', async () => {
    const session = await opened();
    expect((await send('DELETE', '/api/sessions/current/', { token: session.token })).status).toBe(204);
    await refused(session.token);
    expect((await send('DELETE', '/api/sessions/current/')).status).toBe(409);
    expect((await send('DELETE', '/api/sessions/current/', { token: (await issue()).token })).status).toBe(409);
  });

  it('has no other secret, and is forgotten a month after its end', async () => {
    const session = await opened();
    expect((await send('POST', `/api/tokens/${session.id}/rotate/`)).status).toBe(409);
    await world.pool.query(`UPDATE access.token SET expires_at = now() - interval '31 days' WHERE id = $1`, [
      session.id,
    ]);
    await opened();
    expect((await send('GET', `/api/tokens/${session.id}/`)).status).toBe(404);
  });
});
