import type { Principal, TokenStore } from '@tidings/access';
import { catalogue } from '@tidings/catalogue';
import { Metrics } from '@tidings/runtime';
import { expect, it } from 'vitest';
import type { TypeDictionaryRepository } from '../query/type-dictionary.repository.js';
import type { LiveListener } from './live-events.js';
import type { LiveRowStore } from './live-row.store.js';
import { StoreLiveEvents } from './store-live-events.js';
import type { StoreTail } from './store-tail.js';
import { StreamMetrics } from './stream-metrics.js';

const MOST = 3;

const LISTENER: LiveListener = { take: () => true, end: () => undefined };

const tokenNamed = (id: string): Principal => ({
  id,
  name: id,
  permissions: new Set(['events:read']),
  scopes: ['*'],
  sources: [],
});

/** Over a store in which nothing ever happens. */
function quietEvents() {
  let followers = 0;
  const tail = {
    position: { transaction: 1n, sequence: 1n },
    acquire: () => void (followers += 1),
    release: () => void (followers -= 1),
    settled: () => Promise.resolve(),
  };
  const tokens = { whenEnded: () => () => undefined };
  const live = new StoreLiveEvents(
    tail as unknown as StoreTail,
    {} as LiveRowStore,
    {} as TypeDictionaryRepository,
    tokens as unknown as TokenStore,
    new StreamMetrics(new Metrics()),
    { quotas: { streamsPerToken: MOST, queriesPerToken: 1, exportsPerToken: 1 } },
    catalogue,
  );
  return { live, followers: () => followers };
}

it('opens as many streams for a token as are configured and no more, while another token has its own', async () => {
  const { live, followers } = quietEvents();
  const follow = (id: string) => live.follow({ filter: {}, principal: tokenNamed(id) }, LISTENER);
  const stops = await Promise.all(Array.from({ length: MOST }, () => follow('one')));
  await expect(follow('one')).rejects.toMatchObject({ code: 'too_many_requests' });
  const other = await follow('other');
  expect(followers()).toBe(MOST + 1);
  stops[0]?.();
  // Twice is once.
  stops[0]?.();
  stops[0] = await follow('one');
  await expect(follow('one')).rejects.toMatchObject({ code: 'too_many_requests' });
  for (const stop of [...stops, other]) stop();
  expect(followers()).toBe(0);
});

it('opens none while the process closes, and ends those that are open', async () => {
  const { live, followers } = quietEvents();
  const ends: string[] = [];
  await live.follow(
    { filter: {}, principal: tokenNamed('one') },
    { ...LISTENER, end: (reason) => void ends.push(reason) },
  );
  live.beforeApplicationShutdown();
  expect([ends, followers()]).toEqual([['shutting-down'], 0]);
  await expect(live.follow({ filter: {}, principal: tokenNamed('one') }, LISTENER)).rejects.toMatchObject({
    code: 'overloaded',
  });
});
