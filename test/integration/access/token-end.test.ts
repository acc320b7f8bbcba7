import type { INestApplication } from '@nestjs/common';
import { AccessModule, digestToken, type Principal, type TokenEnd, TokenService, TokenStore } from '@tidings/access';
import { createHttpApplication, createLog, EnvironmentModule, parseEnvironment } from '@tidings/runtime';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../harness/fresh-database.js';
import { until } from '../../harness/until.js';

/** Two processes over one database: what one revokes, the other has to learn. */
let database: FreshDatabase;
let here: INestApplication;
let there: INestApplication;

const ADMIN = { id: 'admin', name: 'admin' };
const DRAFT = {
  name: 'a reader',
  permissions: ['events:read'],
  scopes: ['*'],
  sources: [],
  expiresAt: undefined,
  fingerprint: undefined,
} as const;

async function start(): Promise<INestApplication> {
  const environment = parseEnvironment({
    TIDINGS_ADMIN_TOKEN: 'the-admin-token-that-is-long-enough',
    DATABASE_URL: database.url,
  });
  const root = { module: class Root {}, imports: [EnvironmentModule.forRoot(environment), AccessModule] };
  return createHttpApplication(root, createLog('test', 'fatal'));
}

beforeAll(async () => {
  database = await freshDatabase(inject('databaseUrl'));
  [here, there] = await Promise.all([start(), start()]);
});
afterAll(async () => {
  await Promise.all([here.close(), there.close()]);
  await database.drop();
});

const service = () => here.get(TokenService, { strict: false });
const store = () => there.get(TokenStore, { strict: false });

async function opened(secret: string | undefined): Promise<Principal> {
  const principal = await store().find(digestToken(secret ?? ''));
  if (principal === undefined) throw new Error('The token is unknown');
  return principal;
}

function endsOf(principal: Principal): TokenEnd[] {
  const ends: TokenEnd[] = [];
  store().whenEnded(principal, (end) => ends.push(end));
  return ends;
}

describe('what a token opened in another process', () => {
  it('hears that it was revoked, and only then', async () => {
    const [kept, revoked] = [await service().create(DRAFT, ADMIN), await service().create(DRAFT, ADMIN)];
    const keptEnds = endsOf(await opened(kept.secret));
    const ends = endsOf(await opened(revoked.secret));
    await service().revoke(revoked.token.id, ADMIN);
    await until(() => ends.length > 0, { timeout: 30_000 });
    expect(ends).toEqual(['revoked']);
    expect(keptEnds).toEqual([]);
  });

  it('hears that it expired', async () => {
    const issued = await service().create({ ...DRAFT, expiresAt: new Date(Date.now() + 1_500) }, ADMIN);
    const ends = endsOf(await opened(issued.secret));
    await until(() => ends.length > 0, { timeout: 30_000 });
    expect(ends).toEqual(['expired']);
  });

  it('hears that its secret was replaced, when that has ended', async () => {
    const issued = await service().create(DRAFT, ADMIN);
    const ends = endsOf(await opened(issued.secret));
    const rotation = { graceSeconds: 0, expiresAt: undefined, fingerprint: undefined };
    const { secret } = await service().rotate(issued.token.id, rotation, ADMIN);
    const newEnds = endsOf(await opened(secret));
    await until(() => ends.length > 0, { timeout: 30_000 });
    expect(newEnds).toEqual([]);
  });

  it('is found by the certificate of its caller', async () => {
    const fingerprint = '0f'.repeat(32);
    const { token } = await service().create({ ...DRAFT, fingerprint }, ADMIN);
    const principal = await store().findCertificate(fingerprint);
    expect(principal?.id).toBe(token.id);
    expect(await store().find(Buffer.from(fingerprint, 'hex'))).toBeUndefined();
    expect(await store().findCertificate('00'.repeat(32))).toBeUndefined();
  });
});
