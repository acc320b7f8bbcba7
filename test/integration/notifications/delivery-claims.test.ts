import { randomUUID } from 'node:crypto';
import { claimPool, completionPool, DeliveryStore } from '@tidings/notifications';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { DeliveryWorld } from './delivery-world.js';

const PLENTY = 1_073_741_824;

let world: DeliveryWorld;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  world = await DeliveryWorld.create(inject('databaseUrl'));
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
afterAll(() => world.close());

/** The queue as one process sees it. */
function queue(): DeliveryStore {
  const pools = [claimPool(world.pool), completionPool(world.pool)] as const;
  closing.push(...pools.map((pool) => () => pool.end()));
  return new DeliveryStore(...pools, world.pool);
}

interface Waiting {
  readonly orderKey?: number;
  readonly place?: number;
  readonly bytes?: number;
  readonly destinationId: string;
}

/** Puts deliveries there, each of an event of its own. @returns their ids */
async function put(...deliveries: readonly Waiting[]): Promise<string[]> {
  const ids: string[] = [];
  for (const { orderKey, place, bytes = 10, destinationId } of deliveries) {
    const id = randomUUID();
    ids.push(id);
    await world.pool.query(
      `WITH event AS (
        INSERT INTO notifications.event (key, id, type, source, time, body)
        VALUES ($1, gen_random_uuid(), 'test', '/test/main', now(), repeat('x', $2))
      )
      INSERT INTO notifications.delivery (id, instance_id, event_key, subscription_id, destination_id, topic_id,
        notification_id, configuration_version, order_key, place)
      VALUES ($1, gen_random_uuid(), $1, gen_random_uuid(), $3, gen_random_uuid(), gen_random_uuid(), 1, $4, $5)`,
      [id, bytes, destinationId, orderKey ?? null, place ?? null],
    );
  }
  return ids;
}

async function claim(
  store: DeliveryStore,
  destinationId: string,
  { room = 100, bytes = PLENTY, isOrdered = true }: { room?: number; bytes?: number; isOrdered?: boolean } = {},
): Promise<{ ids: string[]; token: string }> {
  const claimed = await store.claim([{ destinationId, room, bytes, isOrdered }], { rows: 1_000, bytes: PLENTY });
  return { ids: claimed.map(({ id }) => id), token: claimed[0]?.token ?? '' };
}

const complete = (
  store: DeliveryStore,
  id: string,
  token: string,
  state: 'waiting' | 'delivered' | 'failed',
  pauseSeconds = 0,
): Promise<number> => store.complete([{ id, token, state, pauseSeconds, destinationId: randomUUID() }]);

describe('of what keeps the order of each entity, a claim takes', () => {
  it('the oldest of each first, and nothing of one that is under way elsewhere', async () => {
    const destinationId = randomUUID();
    const [one, two, three] = [queue(), queue(), queue()] as const;
    const [a1, a2, b1, a3] = await put(
      { destinationId, orderKey: 1, place: 10 },
      { destinationId, orderKey: 1, place: 11 },
      { destinationId, orderKey: 2, place: 12 },
      { destinationId, orderKey: 1, place: 13 },
    );
    const first = await claim(one, destinationId, { room: 1 });
    expect(first.ids).toHaveLength(1);
    const second = await claim(two, destinationId);
    // Whichever entity the first one took, the other is free, and only that one.
    expect(second.ids).toEqual(first.ids[0] === a1 ? [b1] : [a1, a2, a3]);
    expect((await claim(three, destinationId)).ids).toEqual([]);
  });

  it('nothing behind one that is tried again later, and all of it once that one has failed for good', async () => {
    const destinationId = randomUUID();
    const store = queue();
    const [a1 = '', a2, b1] = await put(
      { destinationId, orderKey: 0, place: 1 },
      { destinationId, orderKey: 0, place: 2 },
      { destinationId, orderKey: 9, place: 3 },
    );
    const { ids, token } = await claim(store, destinationId);
    expect(new Set(ids)).toEqual(new Set([a1, b1, a2]));
    await complete(store, a1, token, 'waiting', 3_600);
    await complete(store, a2 ?? '', token, 'waiting');
    const [later] = await put({ destinationId, orderKey: 0, place: 4 });
    expect((await claim(store, destinationId)).ids).toEqual([]);
    await world.pool.query('UPDATE notifications.delivery SET next_attempt_at = now() WHERE id = $1', [a1]);
    const again = await claim(store, destinationId, { room: 1 });
    expect(again.ids).toEqual([a1]);
    await complete(store, a1, again.token, 'failed');
    expect((await claim(store, destinationId)).ids).toEqual([a2, later]);
  });

  it('each once and in order, however many claim at once', async () => {
    const destinationId = randomUUID();
    const stores = [queue(), queue(), queue()];
    const ids = await put(...Array.from({ length: 60 }, (_, n) => ({ destinationId, orderKey: n % 2, place: n })));
    const taken: string[] = [];
    while (taken.length < ids.length) {
      await Promise.all(
        stores.map(async (store) => {
          const { ids: own, token } = await claim(store, destinationId, { room: 7 });
          for (const id of own) {
            taken.push(id);
            await complete(store, id, token, 'delivered');
          }
        }),
      );
    }
    for (const parity of [0, 1]) {
      const own = ids.filter((_, n) => n % 2 === parity);
      expect(taken.filter((id) => own.includes(id))).toEqual(own);
    }
    expect(new Set(taken).size).toBe(ids.length);
  });

  it('what has no place as well: it was put there by a release before', async () => {
    const destinationId = randomUUID();
    const [old, placed] = await put({ destinationId }, { destinationId, orderKey: 3, place: 1 });
    expect(new Set((await claim(queue(), destinationId)).ids)).toEqual(new Set([old, placed]));
  });
});

describe('a claim takes', () => {
  it.each([false, true])(
    'no more bytes than it may, but for the event that begins within them (in order: %s)',
    async (isOrdered) => {
      const destinationId = randomUUID();
      const place = (n: number): Partial<Waiting> => (isOrdered ? { orderKey: 5, place: n } : {});
      const ids = await put(...[1, 2, 3, 4].map((n) => ({ destinationId, bytes: 1_000, ...place(n) })));
      const store = queue();
      expect((await claim(store, destinationId, { bytes: 1_999, isOrdered })).ids).toHaveLength(2);
      if (isOrdered) return;
      expect((await claim(store, destinationId, { bytes: 1, isOrdered })).ids).toHaveLength(1);
      expect((await claim(store, destinationId, { isOrdered })).ids).toHaveLength(ids.length - 3);
    },
  );

  it('one text of an event for all who get it', async () => {
    const [key = ''] = await put({ destinationId: randomUUID(), bytes: 1_000 });
    const destinations = [randomUUID(), randomUUID(), randomUUID()];
    for (const destinationId of destinations) {
      await world.pool.query(
        `INSERT INTO notifications.delivery (id, instance_id, event_key, subscription_id, destination_id, topic_id,
          notification_id, configuration_version)
        VALUES (gen_random_uuid(), gen_random_uuid(), $1, gen_random_uuid(), $2, gen_random_uuid(), gen_random_uuid(), 1)`,
        [key, destinationId],
      );
    }
    const rooms = destinations.map((destinationId) => ({ destinationId, room: 5, bytes: PLENTY, isOrdered: false }));
    // As many bytes as one of them has.
    const claimed = await queue().claim(rooms, { rows: 10, bytes: 1_001 });
    expect(claimed.map(({ eventText }) => eventText?.length)).toEqual([1_000, 1_000, 1_000]);
  });
});
