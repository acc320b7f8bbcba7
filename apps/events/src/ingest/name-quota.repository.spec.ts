import { catalogue, STORE_LIMITS } from '@tidings/catalogue';
import type { Pool } from 'pg';
import { expect, it } from 'vitest';
import { NameQuotaRepository } from './name-quota.repository.js';

/** Which of the sources are refused where the store has these many already. */
async function refused(stored: Readonly<Record<string, number>>, ...sources: readonly string[]): Promise<string[]> {
  const rows = Object.entries(stored).map(([source, count]) => ({ source, count }));
  const pool = { query: () => Promise.resolve({ rows }) } as unknown as Pool;
  return [...(await new NameQuotaRepository(catalogue).refusedSources(pool, sources)).keys()];
}

const OF_SYSTEM = STORE_LIMITS.sourcesOfSystem.value;
const OF_SITE = STORE_LIMITS.sourcesOfSite.value;

it('a system has so many sources, over all of its sites, and no more', async () => {
  const sites = Object.fromEntries(
    Array.from({ length: OF_SYSTEM / OF_SITE }, (_, n) => [`/waldur/site${n}`, OF_SITE]),
  );
  const oneLess = { ...sites, '/waldur/site0': OF_SITE - 1 };
  expect(await refused(oneLess, '/waldur/a', '/waldur/b')).toEqual(['/waldur/b']);
  expect(await refused(sites, '/waldur/a', '/lxd/a')).toEqual(['/waldur/a']);
});

it('a site has so many sources and no more, whatever room its system has', async () => {
  const stored = { '/waldur/main': OF_SITE - 1 };
  expect(await refused(stored, '/waldur/main/a', '/waldur/main/b', '/waldur/rack1/a')).toEqual(['/waldur/main/b']);
});

it('sources that name no known system have the room of one system', async () => {
  const stored = { '': OF_SYSTEM - 3, '/team/a': 2 };
  expect(await refused(stored, 'urn:a', '/team/a/b', '/waldur/main')).toEqual(['/team/a/b']);
});
