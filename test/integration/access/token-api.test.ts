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
}

const READER = { name: 'a reader', permissions: ['events:read'], scopes: ['lxd:rack1'] };
const DAY_MS = 86_400_000;

async function post(path: string, body?: unknown, token?: string): Promise<Answer> {
  return world.request(path, {
    method: 'POST',
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

async function create(body: object = READER): Promise<Issued> {
  const answer = await post('/api/tokens/', body);
  expect(answer.status).toBe(201);
  return answer.json<Issued>();
}

const statusWith = async (token: string, path = '/api/events/'): Promise<number> =>
  (await world.request(path, { headers: { authorization: `Bearer ${token}` } })).status;

const refused = (token: string) => until(async () => (await statusWith(token)) === 401);

describe('a token', () => {
  it('is shown once, opens what it is for, and nothing more', async () => {
    const answer = await post('/api/tokens/', READER);
    expect(answer.status).toBe(201);
    expect(answer.headers['cache-control']).toBe('no-store');
    const { token, ...shown } = answer.json<Issued>();
    expect(token).toMatch(/^tdg_[\w-]{43}$/);
    expect(shown).toMatchObject({ ...READER, kind: 'bearer', sources: [], created_by: 'admin', expires_at: null });

    expect(await statusWith(token)).toBe(200);
    expect(await statusWith(token, '/api/tokens/')).toBe(403);
    expect(await statusWith(token, '/api/audit/')).toBe(403);
    expect(await statusWith(token, '/api/dead-letters/')).toBe(403);
    expect((await world.request(`/api/tokens/${shown.id}/`)).json()).toEqual(shown);
  });

  it('is nowhere in the database, nor in an answer or in the audit log', async () => {
    const { id, token } = await create();
    const digest = (
      await world.pool.query<{ digest: string }>(
        "SELECT encode(digest, 'hex') AS digest FROM access.secret WHERE token_id = $1",
        [id],
      )
    ).rows[0]?.digest;
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    const { rows } = await world.pool.query<{ text: string }>(
      `SELECT token::text AS text FROM access.token UNION ALL SELECT secret::text FROM access.secret
      UNION ALL SELECT audit::text FROM access.audit`,
    );
    expect(rows.filter(({ text }) => text.includes(token))).toEqual([]);
    for (const path of ['/api/tokens/', `/api/tokens/${id}/`, '/api/audit/']) {
      const { text } = await world.request(path);
      expect(text).toContain(id);
      expect(text).not.toContain(token);
      expect(text).not.toContain(digest);
    }
  });

  it('ends when it is revoked, and stays in the list', async () => {
    const { id, token } = await create();
    expect(await statusWith(token)).toBe(200);
    expect((await world.request(`/api/tokens/${id}/`, { method: 'DELETE' })).status).toBe(204);
    expect((await world.request(`/api/tokens/${id}/`, { method: 'DELETE' })).status).toBe(204);
    await refused(token);
    expect((await world.request(`/api/tokens/${id}/`)).status).toBe(404);
    expect((await world.request('/api/tokens/?active=true&page_size=300')).text).not.toContain(id);
    const ended = (await world.request('/api/tokens/?active=false')).json<{ id: string; revoked_at: string }[]>();
    expect(ended.find((one) => one.id === id)?.revoked_at).toMatch(/Z$/);
    expect((await post(`/api/tokens/${id}/rotate/`)).status).toBe(409);
  });

  it('ends when it expires', async () => {
    const { token } = await create({ ...READER, expires_at: new Date(Date.now() + 2_000).toISOString() });
    await refused(token);
  });

  it('gets a new secret by rotation: the old one ends', async () => {
    const { id, token } = await create();
    const answer = await post(`/api/tokens/${id}/rotate/`);
    expect(answer.status).toBe(200);
    const rotated = answer.json<Issued>();
    expect(rotated.id).toBe(id);
    expect(rotated.token).not.toBe(token);
    expect(await statusWith(rotated.token)).toBe(200);
    await refused(token);
  });

  it('may keep its old secret for a while', async () => {
    const { id, token } = await create();
    const expiresAt = new Date(Date.now() + DAY_MS).toISOString();
    const answer = await post(`/api/tokens/${id}/rotate/`, { grace_seconds: 2, expires_at: expiresAt });
    const { expires_at, grace_ends_at } = answer.json<{ expires_at: string; grace_ends_at: string }>();
    expect(expires_at).toBe(expiresAt);
    expect(grace_ends_at).toMatch(/Z$/);
    await refused(token);
    expect(await statusWith(answer.json<Issued>().token)).toBe(200);
  });

  it('that administers is known by its name in the audit log', async () => {
    const { id: admin, token } = await create({ name: 'the second admin', permissions: ['admin'] });
    const { id } = (await post('/api/tokens/', READER, token)).json<Issued>();
    const { text } = await world.request(`/api/audit/?subject=token:${id}`);
    expect(JSON.parse(text)).toMatchObject([
      { actor: { id: admin, name: 'the second admin' }, action: 'token.create' },
    ]);
  });
});

describe('a client certificate', () => {
  const FINGERPRINT = 'ab'.repeat(32);

  it('is registered once, and free again when it is revoked', async () => {
    const body = { ...READER, certificate: FINGERPRINT.toUpperCase().replaceAll(/..(?=.)/g, '$&:') };
    const first = await post('/api/tokens/', body);
    expect(first.status).toBe(201);
    expect(first.json()).toMatchObject({ kind: 'certificate', fingerprint: FINGERPRINT, token: null });
    const second = await post('/api/tokens/', body);
    expect(second.status).toBe(409);
    expect(second.json()).toMatchObject({ errors: [{ field: 'certificate' }] });
    const { id } = first.json<Issued>();
    const unnamed = await post(`/api/tokens/${id}/rotate/`);
    expect(unnamed.status).toBe(409);
    expect(unnamed.json()).toMatchObject({ errors: [{ field: 'certificate' }] });
    expect((await post(`/api/tokens/${id}/rotate/`, { certificate: 'cd'.repeat(32) })).status).toBe(200);
    await world.request(`/api/tokens/${id}/`, { method: 'DELETE' });
    expect((await post('/api/tokens/', { ...READER, certificate: 'cd'.repeat(32) })).status).toBe(201);
  });
});

describe('a refusal', () => {
  it('names field, problem and fix', async () => {
    const answer = await post('/api/tokens/', {
      nmae: 'x',
      permissions: ['event:read', 'events:publish'],
      scopes: ['lxd:rack1:projct:a', 'nonsense'],
      sources: ['/lxd/*/x'],
      expires_at: '2020-01-01T00:00:00Z',
    });
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({
      nmae: [expect.stringContaining('did you mean name?')],
      name: [expect.stringContaining('is required')],
      permissions: [expect.stringContaining('did you mean events:read?')],
      scopes: [expect.stringMatching(/did you mean project\?.*; Invalid scope "nonsense"; write \*/)],
      sources: [expect.stringContaining('* at the end')],
      expires_at: ['must be in the future'],
    });
  });

  it.each([[[]], ['text'], [null], [{}], [{ ['__proto__']: {} }]])('%j is no token', async (body) => {
    expect((await post('/api/tokens/', body)).status).toBe(400);
  });

  it.each(['admin', '0', '00000000-0000-4000-8000-000000000000', '%00'])('there is no token %s', async (id) => {
    for (const method of ['GET', 'DELETE']) {
      expect([400, 404]).toContain((await world.request(`/api/tokens/${id}/`, { method })).status);
    }
  });
});

describe('the audit log', () => {
  it('tells what was and what is, newest first, in pages', async () => {
    const { id } = await create();
    await world.request(`/api/tokens/${id}/`, { method: 'DELETE' });
    const answer = await world.request(`/api/audit/?subject=token:${id}&page_size=1`);
    expect(answer.headers['x-result-count']).toBe('2');
    expect(answer.headers.link).toContain('rel="next"');
    expect(answer.json()).toMatchObject([
      {
        actor: { id: 'admin', name: 'admin' },
        action: 'token.revoke',
        before: { revoked_at: null },
        after: { revoked_at: expect.any(String) as string },
      },
    ]);
    expect((await world.request('/api/audit/?action=token.nothing')).json()).toEqual([]);
  });

  it.each(['UPDATE access.audit SET actor_id = $$x$$', 'DELETE FROM access.audit', 'TRUNCATE access.audit'])(
    '%s is refused',
    async (statement) => {
      await expect(world.pool.query(statement)).rejects.toThrow('append-only');
    },
  );

  it('is written with the change, or neither is', async () => {
    const { id, token } = await create();
    await world.pool.query(
      `CREATE FUNCTION public.no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$`,
    );
    await world.pool.query('CREATE TRIGGER no BEFORE INSERT ON access.audit FOR EACH ROW EXECUTE FUNCTION public.no()');
    try {
      expect((await world.request(`/api/tokens/${id}/`, { method: 'DELETE' })).status).toBe(500);
    } finally {
      await world.pool.query('DROP TRIGGER no ON access.audit');
    }
    expect((await world.request(`/api/tokens/${id}/`)).json()).toMatchObject({ revoked_at: null });
    expect(await statusWith(token)).toBe(200);
  });
});
