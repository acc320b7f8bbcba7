import { TokenService } from '@tidings/access';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../harness/fresh-database.js';
import { MemoryGateway, type TestAnswer } from '../../unit/gateway/memory-gateway.js';

let database: FreshDatabase;
let gateway: MemoryGateway;
let token: string;

beforeAll(async () => {
  database = await freshDatabase(inject('databaseUrl'));
  gateway = await MemoryGateway.start({ DATABASE_URL: database.url });
  const draft = {
    name: 'a publisher',
    permissions: ['events:publish'],
    scopes: [],
    sources: ['/cds/rack1', '/cds/lab-*'],
    expiresAt: undefined,
    fingerprint: undefined,
  } as const;
  const issued = await gateway.app.get(TokenService, { strict: false }).create(draft, { id: 'admin', name: 'admin' });
  token = issued.secret ?? '';
});
afterAll(async () => {
  await gateway.stop();
  await database.drop();
});

const post = (path: string, type: string, body: unknown): Promise<TestAnswer> =>
  gateway.post(path, {
    headers: { authorization: `Bearer ${token}`, 'content-type': type },
    body: JSON.stringify(body),
  });

const cloudEvent = (id: string, source: string) => ({
  specversion: '1.0',
  id,
  source,
  type: 'com.ovh.cds.ProjectCreated',
  time: '2026-11-02T12:00:00Z',
  data: { project_key: 'DEMO', username: 'aino' },
});
const native = { id: 'n', type: 'ProjectCreated', project_key: 'X', payload: {}, timestamp: '2026-11-02T10:43:54Z' };

describe('a token that is bound to sources', () => {
  it.each(['/cds/rack1', '/cds/lab-7'])('publishes as %s', async (source) => {
    const answer = await post('/v1/events', 'application/cloudevents+json', cloudEvent('1', source));
    expect(answer.status).toBe(202);
  });

  it.each(['/cds/main', '/cds/rack10', '/CDS/rack1', '/cds/rack1/'])('does not publish as %s', async (source) => {
    const before = gateway.written().length;
    const answer = await post('/v1/events', 'application/cloudevents+json', cloudEvent('2', source));
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({
      code: 'source_not_allowed',
      detail: expect.stringContaining(`"${source}"`) as string,
      errors: [{ field: 'source' }],
    });
    expect(gateway.written()).toHaveLength(before);
  });

  it('has the others of a batch taken', async () => {
    const batch = [cloudEvent('3', '/cds/main'), cloudEvent('4', '/cds/rack1')];
    const answer = await post('/v1/events', 'application/cloudevents-batch+json', batch);
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({
      accepted: 1,
      rejected: 1,
      events: [{ status: 'rejected', code: 'source_not_allowed', source: '/cds/main' }, { status: 'accepted' }],
    });
  });

  it('sends native events from its sites only', async () => {
    expect((await post('/v1/ingest/cds?site=rack1', 'application/json', native)).status).toBe(202);
    const answer = await post('/v1/ingest/cds', 'application/json', native);
    expect(answer.status).toBe(403);
    expect(answer.body.detail).toContain('"/cds/main"');
    expect((await post('/v1/ingest/ibm?site=rack1', 'application/json', native)).status).toBe(403);
  });
});
