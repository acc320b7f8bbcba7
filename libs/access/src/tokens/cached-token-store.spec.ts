import { isDomainError } from '@tidings/runtime';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Principal } from '../principal.js';
import { AdminTokenStore, digestToken, type TokenEnd } from '../token-store.js';
import { CachedTokenStore } from './cached-token-store.js';
import { RecentMap } from './recent-map.js';
import { SecretWatch } from './secret-watch.js';
import type { SecretSource, StoredSecret } from './stored-secret.js';

const READER = digestToken('reader');
const MINUTE = 60_000;

/** A database that can be away. */
class FakeSecrets implements SecretSource {
  readonly stored = new Map<string, { principal: Principal; endsInMs: number | undefined }>();
  asked = 0;
  isAway = false;
  /** What it says where it answers too late. */
  slowness: string | undefined;

  find(digest: Buffer, kind: string): Promise<StoredSecret | undefined> {
    this.asked += 1;
    const found = kind === 'bearer' ? this.stored.get(digest.toString('hex')) : undefined;
    return this.answer(found && { ...found, principal: { ...found.principal } });
  }

  remaining(digests: readonly string[]): Promise<ReadonlyMap<string, number | undefined>> {
    this.asked += 1;
    const there = digests.filter((digest) => this.stored.has(digest));
    return this.answer(new Map(there.map((digest) => [digest, this.stored.get(digest)?.endsInMs])));
  }

  private answer<T>(value: T): Promise<T> {
    if (this.slowness !== undefined) return Promise.reject(new Error(this.slowness));
    if (!this.isAway) return Promise.resolve(value);
    return Promise.reject(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }));
  }
}

let secrets: FakeSecrets;
let now: number;
let store: CachedTokenStore;

beforeEach(() => {
  secrets = new FakeSecrets();
  now = 0;
  store = new CachedTokenStore(new AdminTokenStore('the-admin-token'), secrets, () => now);
  const principal: Principal = { id: '1', name: 'r', permissions: new Set(), scopes: [], sources: [] };
  secrets.stored.set(READER.toString('hex'), { principal, endsInMs: undefined });
});

async function codeOf(asking: Promise<unknown>): Promise<string | undefined> {
  const error: unknown = await asking.catch((thrown: unknown) => thrown);
  return isDomainError(error) ? error.code : undefined;
}

describe('a look-up', () => {
  test('of the admin token never asks the database', async () => {
    secrets.isAway = true;
    expect((await store.find(digestToken('the-admin-token')))?.id).toBe('admin');
    expect(secrets.asked).toBe(0);
  });

  test('happens once a second, for known and unknown ones alike', async () => {
    for (const digest of [READER, digestToken('guess')]) {
      secrets.asked = 0;
      await Promise.all([store.find(digest), store.find(digest)]);
      now += 999;
      await store.find(digest);
      expect(secrets.asked).toBe(1);
      now += 1;
      await store.find(digest);
      expect(secrets.asked).toBe(2);
    }
  });

  test('a second later knows of a revocation', async () => {
    expect(await store.find(READER)).toBeDefined();
    secrets.stored.clear();
    now += 1_000;
    expect(await store.find(READER)).toBeUndefined();
  });

  test('knows of the end before the database is asked again', async () => {
    const known = secrets.stored.get(READER.toString('hex'));
    if (known !== undefined) known.endsInMs = 500;
    expect(await store.find(READER)).toBeDefined();
    now += 500;
    expect(await store.find(READER)).toBeUndefined();
  });
});

describe('while the database is away', () => {
  test('a token that it confirmed is good for five minutes, an unknown one is a 503', async () => {
    await store.find(READER);
    secrets.isAway = true;
    now += 4 * MINUTE;
    expect(await store.find(READER)).toBeDefined();
    expect(await codeOf(store.find(digestToken('unknown')))).toBe('database_unavailable');
    now += MINUTE;
    expect(await codeOf(store.find(READER))).toBe('database_unavailable');
    secrets.isAway = false;
    now += 1_000;
    expect(await store.find(READER)).toBeDefined();
  });

  test('it is asked once a second at most', async () => {
    secrets.isAway = true;
    for (const guess of ['a', 'b', 'c']) await codeOf(store.find(digestToken(guess)));
    expect(secrets.asked).toBe(1);
  });
});

test('a flood of guesses is turned away before it fills the memory', async () => {
  const guesses = Array.from({ length: 300 }, (_, index) => codeOf(store.find(digestToken(String(index)))));
  const codes = await Promise.all(guesses);
  expect(codes.filter((code) => code === 'overloaded')).toHaveLength(300 - 32);
});

test('a flood of guesses takes no place from a token that is known', async () => {
  await store.find(READER);
  now += 1_000;
  const guesses = Array.from({ length: 300 }, (_, index) => codeOf(store.find(digestToken(String(index)))));
  expect(await store.find(READER)).toBeDefined();
  await Promise.all(guesses);
});

test.each(['Query read timeout', 'timeout exceeded when trying to connect'])(
  'a database that answers too late (%s) is overloaded, and keeps no token alive',
  async (message) => {
    await store.find(READER);
    now += 1_000;
    secrets.slowness = message;
    expect(await codeOf(store.find(digestToken('guess')))).toBe('overloaded');
    expect(await codeOf(store.find(READER))).toBe('overloaded');
    secrets.slowness = undefined;
    secrets.stored.clear();
    expect(await store.find(READER)).toBeUndefined();
  },
);

describe('a watch', () => {
  const watching = () => new SecretWatch(secrets, () => now);
  const digest = READER.toString('hex');

  test('asks once for all of them, and not without listeners', async () => {
    const watch = watching();
    await watch.check();
    expect(secrets.asked).toBe(0);
    const stops = [watch.add(digest, undefined, vi.fn()), watch.add(digest, undefined, vi.fn())];
    watch.add('00', undefined, vi.fn());
    await watch.check();
    expect(secrets.asked).toBe(1);
    for (const stop of stops) stop();
    watch.close();
  });

  test('tells every listener of a revoked one, once, though one of them fails', async () => {
    const watch = watching();
    const ends: TokenEnd[] = [];
    watch.add(digest, undefined, () => {
      throw new Error('no');
    });
    watch.add(digest, undefined, (end) => ends.push(end));
    watch.add(digest, undefined, (end) => ends.push(end))();
    secrets.stored.clear();
    await watch.check();
    await watch.check();
    expect(ends).toEqual(['revoked']);
  });

  test('tells of an end while the database is away, and does not take that for a revocation', async () => {
    const watch = watching();
    const ends: TokenEnd[] = [];
    watch.add(digest, 1_000, (end) => ends.push(end));
    secrets.isAway = true;
    await watch.check();
    expect(ends).toEqual([]);
    now = 1_000;
    await watch.check();
    expect(ends).toEqual(['expired']);
  });
});

test('a map of recent entries forgets the oldest', () => {
  const map = new RecentMap<number>(2);
  map.set('a', 1);
  map.set('b', 2);
  map.set('a', 3);
  map.set('c', 4);
  expect([map.get('a'), map.get('b'), map.get('c'), map.size]).toEqual([3, undefined, 4, 2]);
});
